//! How long to wait before another attempt.

use std::time::Duration;

/// Milliseconds of a day.
const DAY_MS: u64 = 86_400_000;

/// The wait that a `Retry-After` asks for: seconds, or a date (RFC 9110, 10.2.3 and 5.6.7). `now` is in ms since 1970.
pub(super) fn retry_after(value: &str, now: u64) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds.min(1 << 32)));
    }
    let at = http_date(value)?;
    Some(Duration::from_millis(at.saturating_sub(now)))
}

/// `Wed, 21 Oct 2015 07:28:00 GMT` in ms since 1970.
fn http_date(text: &str) -> Option<u64> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let (_, rest) = text.split_once(", ")?;
    let mut words = rest.split(' ');
    let day: u64 = words.next()?.parse().ok()?;
    let month = words.next()?;
    let month = MONTHS.iter().position(|name| *name == month)? as u64 + 1;
    let year: u64 = words.next()?.parse().ok()?;
    let mut clock = words.next()?.split(':').map(str::parse::<u64>);
    let mut part = || clock.next()?.ok();
    let (hour, minute, second) = (part()?, part()?, part()?);
    if !(1970..3000).contains(&year) || !(1..=31).contains(&day) {
        return None;
    }
    // Howard Hinnant, `days_from_civil`, for years after 1970.
    let (shifted_year, shifted_month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let (era, of_era) = (shifted_year / 400, shifted_year % 400);
    let of_year = (153 * shifted_month + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    let days = days.checked_sub(719_468)?;
    Some(days * DAY_MS + hour * 3_600_000 + minute * 60_000 + second * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::moment::rfc3339;

    #[test]
    fn a_wait_is_seconds_or_a_date() {
        assert_eq!(retry_after("3", 0), Some(Duration::from_secs(3)));
        let at = http_date("Wed, 21 Oct 2015 07:28:00 GMT").unwrap();
        assert_eq!(rfc3339(at), "2015-10-21T07:28:00.000Z");
        let text = "Wed, 21 Oct 2015 07:28:00 GMT";
        assert_eq!(retry_after(text, at - 2000), Some(Duration::from_secs(2)));
        assert_eq!(retry_after(text, at + 2000), Some(Duration::ZERO));
        for wrong in ["", "soon", "-3", "Wed, 99 Foo 2015 07:28:00 GMT", "x, 1"] {
            assert_eq!(retry_after(wrong, 0), None, "{wrong}");
        }
    }
}
