//! Logical time: an order of all operations that no wrong clock can turn around.

use std::sync::Arc;

/// Latest time a line may carry, in ms: the end of the year 9999. A line beyond it is damage, and believing it would
/// push every later time there.
pub(super) const MAX_MS: u64 = 253_402_300_799_999;

/// A point of logical time (Lamport's clock, advanced by the wall clock).
///
/// Source: Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System", CACM 21(7), 1978; with the
/// physical part as in Kulkarni et al., "Logical Physical Clocks", OPODIS 2014.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct LogicalTime {
    /// Milliseconds since 1970, of the clock of the writer or of the furthest one it has seen.
    pub ms: u64,
    /// Distinguishes operations of the same millisecond.
    pub counter: u32,
}

impl LogicalTime {
    fn next(self) -> LogicalTime {
        match self.counter.checked_add(1) {
            Some(counter) => LogicalTime { counter, ..self },
            None => LogicalTime {
                ms: self.ms + 1,
                counter: 0,
            },
        }
    }
}

/// The identity of an operation and its place in the order of all operations.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    /// Decides first.
    pub time: LogicalTime,
    /// Decides between equal times.
    pub writer: Arc<str>,
    /// Number in the writer's journal; decides last.
    pub number: u64,
}

/// The clock of one writer: every time it gives is above all it has given or seen.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock {
    latest: LogicalTime,
}

impl Clock {
    /// Notes a time found in a journal.
    pub fn see(&mut self, time: LogicalTime) {
        self.latest = self.latest.max(time);
    }

    /// The time of a new operation: `max(now, latest seen + 1)`.
    pub fn tick(&mut self, now_ms: u64) -> LogicalTime {
        let now = LogicalTime {
            ms: now_ms.min(MAX_MS),
            counter: 0,
        };
        self.latest = now.max(self.latest.next());
        self.latest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_never_goes_back_when_the_clock_does() {
        let mut clock = Clock::default();
        let first = clock.tick(5_000);
        let second = clock.tick(1_000);
        let third = clock.tick(5_000);
        assert!(first < second && second < third);
        assert_eq!(
            third,
            LogicalTime {
                ms: 5_000,
                counter: 2
            }
        );
    }

    #[test]
    fn a_time_seen_elsewhere_is_passed() {
        let mut clock = Clock::default();
        let seen = LogicalTime {
            ms: 9_000,
            counter: u32::MAX,
        };
        clock.see(seen);
        assert!(clock.tick(10) > seen);
    }
}
