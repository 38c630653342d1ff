//! Work in the background: one slot per kind of work, in which the latest request wins.
//!
//! A new request replaces the one that waits and asks the one that runs to stop; the result of work that was asked to
//! stop is dropped. Each slot has one thread, started when it is first needed. A panic in the work becomes an error.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::panics;

/// Tells work that nobody waits for its result any more.
#[derive(Debug, Clone, Default)]
pub struct Cancelled(Arc<AtomicBool>);

impl Cancelled {
    /// Whether to stop. Cheap enough to be asked in every round of a loop.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// The flag itself, for code that takes no other types than those of the standard library.
    pub fn flag(&self) -> &AtomicBool {
        &self.0
    }

    fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A finished piece of work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished<K, R> {
    /// The slot.
    pub kind: K,
    /// The signature that the request carried: what the result is about.
    pub signature: u64,
    /// The result; `Err` is the message of a panic, or says that no thread could be started.
    pub result: Result<R, String>,
}

type Work<R> = Box<dyn FnOnce(&Cancelled) -> R + Send>;
type Deliver<K, R> = Arc<dyn Fn(Finished<K, R>) + Send + Sync>;

struct Request<R> {
    signature: u64,
    work: Work<R>,
    cancelled: Cancelled,
}

struct Places<R> {
    waiting: Option<Request<R>>,
    running: Option<Cancelled>,
    closed: bool,
}

struct Slot<R> {
    places: Mutex<Places<R>>,
    changed: Condvar,
}

impl<R> Slot<R> {
    fn lock(&self) -> MutexGuard<'_, Places<R>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Default)]
struct Busy {
    count: AtomicUsize,
    lock: Mutex<()>,
    idle: Condvar,
}

impl Busy {
    fn less(&self) {
        let _lock = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        self.count.fetch_sub(1, Ordering::SeqCst);
        self.idle.notify_all();
    }
}

/// The slots. `K` names the kinds of work, `R` is what they give.
pub struct Jobs<K, R> {
    slots: BTreeMap<K, Arc<Slot<R>>>,
    deliver: Deliver<K, R>,
    busy: Arc<Busy>,
}

impl<K: Copy + Ord + Send + 'static, R: Send + 'static> Jobs<K, R> {
    /// Slots whose results go to `deliver`, which is called on the thread of the slot.
    pub fn new(deliver: impl Fn(Finished<K, R>) + Send + Sync + 'static) -> Self {
        Self {
            slots: BTreeMap::new(),
            deliver: Arc::new(deliver),
            busy: Arc::default(),
        }
    }

    /// Asks for `work` in the slot `kind`, in the place of whatever waits or runs there.
    pub fn request(
        &mut self,
        kind: K,
        signature: u64,
        work: impl FnOnce(&Cancelled) -> R + Send + 'static,
    ) {
        let slot = match self.slot(kind) {
            Ok(slot) => slot,
            Err(reason) => {
                (self.deliver)(Finished {
                    kind,
                    signature,
                    result: Err(reason),
                });
                return;
            }
        };
        self.busy.count.fetch_add(1, Ordering::SeqCst);
        let replaced = {
            let mut places = slot.lock();
            if let Some(running) = &places.running {
                running.cancel();
            }
            places.waiting.replace(Request {
                signature,
                work: Box::new(work),
                cancelled: Cancelled::default(),
            })
        };
        slot.changed.notify_all();
        if replaced.is_some() {
            self.busy.less();
        }
    }

    /// Drops what waits in the slot and asks what runs there to stop. No result of either arrives, unless it was being
    /// delivered already.
    pub fn cancel(&self, kind: K) {
        let Some(slot) = self.slots.get(&kind) else {
            return;
        };
        let dropped = {
            let mut places = slot.lock();
            if let Some(running) = &places.running {
                running.cancel();
            }
            places.waiting.take()
        };
        if dropped.is_some() {
            self.busy.less();
        }
    }

    /// How many requests wait or run; 0 only after the last result has been delivered.
    pub fn busy(&self) -> usize {
        self.busy.count.load(Ordering::SeqCst)
    }

    /// Waits until nothing waits or runs, at most `limit`; returns whether that came about.
    pub fn wait_until_idle(&self, limit: Duration) -> bool {
        let lock = self
            .busy
            .lock
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let (_lock, wait) = self
            .busy
            .idle
            .wait_timeout_while(lock, limit, |()| self.busy() > 0)
            .unwrap_or_else(PoisonError::into_inner);
        !wait.timed_out()
    }

    fn slot(&mut self, kind: K) -> Result<Arc<Slot<R>>, String> {
        if let Some(slot) = self.slots.get(&kind) {
            return Ok(Arc::clone(slot));
        }
        let slot = Arc::new(Slot {
            places: Mutex::new(Places {
                waiting: None,
                running: None,
                closed: false,
            }),
            changed: Condvar::new(),
        });
        let worker = Arc::clone(&slot);
        let deliver = Arc::clone(&self.deliver);
        let busy = Arc::clone(&self.busy);
        thread::Builder::new()
            .name("worker".to_owned())
            .spawn(move || serve(kind, &worker, &deliver, &busy))
            .map_err(|error| format!("cannot start a thread: {error}"))?;
        self.slots.insert(kind, Arc::clone(&slot));
        Ok(slot)
    }
}

impl<K, R> Drop for Jobs<K, R> {
    fn drop(&mut self) {
        for slot in self.slots.values() {
            let mut places = slot.lock();
            places.closed = true;
            places.waiting = None;
            if let Some(running) = &places.running {
                running.cancel();
            }
            drop(places);
            slot.changed.notify_all();
        }
    }
}

fn serve<K: Copy, R>(kind: K, slot: &Slot<R>, deliver: &Deliver<K, R>, busy: &Busy) {
    while let Some(request) = next(slot) {
        let Request {
            signature,
            work,
            cancelled,
        } = request;
        let result = panics::catching(|| work(&cancelled));
        slot.lock().running = None;
        if !cancelled.is_cancelled() {
            let finished = Finished {
                kind,
                signature,
                result,
            };
            // A receiver that panics must not take the slot with it.
            let _ = panics::catching(|| deliver(finished));
        }
        busy.less();
    }
}

fn next<R>(slot: &Slot<R>) -> Option<Request<R>> {
    let mut places = slot
        .changed
        .wait_while(slot.lock(), |places| {
            places.waiting.is_none() && !places.closed
        })
        .unwrap_or_else(PoisonError::into_inner);
    if places.closed {
        return None;
    }
    let request = places.waiting.take()?;
    places.running = Some(request.cancelled.clone());
    Some(request)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Receiver, channel};

    const LIMIT: Duration = Duration::from_secs(20);

    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    enum Kind {
        Search,
        Similar,
    }

    fn jobs() -> (Jobs<Kind, u32>, Receiver<Finished<Kind, u32>>) {
        let (sender, receiver) = channel();
        let jobs = Jobs::new(move |finished| {
            let _ = sender.send(finished);
        });
        (jobs, receiver)
    }

    #[test]
    fn a_result_carries_its_kind_and_signature() {
        let (mut jobs, results) = jobs();
        jobs.request(Kind::Similar, 42, |_| 7);
        let finished = results.recv_timeout(LIMIT).unwrap();
        assert_eq!(
            finished,
            Finished {
                kind: Kind::Similar,
                signature: 42,
                result: Ok(7)
            }
        );
        assert!(jobs.wait_until_idle(LIMIT));
        assert_eq!(jobs.busy(), 0);
    }

    #[test]
    fn the_latest_request_wins_and_the_running_one_is_told_to_stop() {
        let (mut jobs, results) = jobs();
        let (started, has_started) = channel();
        jobs.request(Kind::Search, 1, move |cancelled| {
            started.send(()).unwrap();
            while !cancelled.is_cancelled() {
                thread::yield_now();
            }
            1
        });
        has_started.recv_timeout(LIMIT).unwrap();
        jobs.request(Kind::Search, 2, |_| 2);
        jobs.request(Kind::Search, 3, |_| 3);
        let finished = results.recv_timeout(LIMIT).unwrap();
        assert!(jobs.wait_until_idle(LIMIT));
        // The second may have run before the third was asked for; its result then comes first.
        let last = results.try_iter().last().unwrap_or(finished);
        assert_eq!((last.signature, last.result), (3, Ok(3)));
    }

    #[test]
    fn what_waits_is_replaced() {
        let (mut jobs, results) = jobs();
        let (release, released) = channel::<()>();
        let (started, has_started) = channel();
        jobs.request(Kind::Search, 1, move |_| {
            started.send(()).unwrap();
            released.recv().unwrap();
            1
        });
        has_started.recv_timeout(LIMIT).unwrap();
        jobs.request(Kind::Search, 2, |_| 2);
        jobs.request(Kind::Search, 3, |_| 3);
        assert_eq!(jobs.busy(), 2);
        release.send(()).unwrap();
        assert!(jobs.wait_until_idle(LIMIT));
        let signatures: Vec<u64> = results.try_iter().map(|f| f.signature).collect();
        assert_eq!(signatures, [3]);
    }

    #[test]
    fn slots_do_not_wait_for_each_other() {
        let (mut jobs, results) = jobs();
        let (release, released) = channel::<()>();
        jobs.request(Kind::Search, 1, move |_| {
            released.recv().unwrap();
            1
        });
        jobs.request(Kind::Similar, 2, |_| 2);
        assert_eq!(results.recv_timeout(LIMIT).unwrap().kind, Kind::Similar);
        release.send(()).unwrap();
        assert_eq!(results.recv_timeout(LIMIT).unwrap().kind, Kind::Search);
    }

    #[test]
    fn a_panic_is_an_error_and_the_slot_lives_on() {
        let (mut jobs, results) = jobs();
        jobs.request(Kind::Search, 1, |_| panic!("bad page"));
        let error = results.recv_timeout(LIMIT).unwrap().result.unwrap_err();
        assert!(error.starts_with("bad page"), "{error}");
        jobs.request(Kind::Search, 2, |_| 2);
        assert_eq!(results.recv_timeout(LIMIT).unwrap().result, Ok(2));
    }

    #[test]
    fn cancelled_work_gives_no_result() {
        let (mut jobs, results) = jobs();
        let (started, has_started) = channel();
        jobs.request(Kind::Search, 1, move |cancelled| {
            started.send(()).unwrap();
            while !cancelled.is_cancelled() {
                thread::yield_now();
            }
            1
        });
        has_started.recv_timeout(LIMIT).unwrap();
        jobs.request(Kind::Similar, 2, |_| 2);
        jobs.cancel(Kind::Search);
        assert!(jobs.wait_until_idle(LIMIT));
        let kinds: Vec<Kind> = results.try_iter().map(|f| f.kind).collect();
        assert_eq!(kinds, [Kind::Similar]);
    }

    #[test]
    fn dropping_the_slots_stops_what_runs() {
        let (mut jobs, results) = jobs();
        jobs.request(Kind::Search, 1, |cancelled| {
            while !cancelled.is_cancelled() {
                thread::yield_now();
            }
            1
        });
        drop(jobs);
        // The last sender goes with the worker: the channel closes without a result.
        assert!(results.recv_timeout(LIMIT).is_err());
    }
}
