//! Moments in milliseconds since 1970, written for people and scripts. All in UTC.

/// Milliseconds of a day.
const DAY_MS: u64 = 86_400_000;

/// Year, month and day of a moment.
///
/// Source of the algorithm: Howard Hinnant, `chrono`-compatible low-level date algorithms, `civil_from_days`.
pub fn civil(ms: u64) -> (u64, u64, u64) {
    let days = ms / DAY_MS + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    (year, month, day)
}

/// RFC 3339 to the millisecond: `2026-11-24T17:33:10.000Z`.
pub fn rfc3339(ms: u64) -> String {
    let (year, month, day) = civil(ms);
    let rest = ms % DAY_MS;
    let (hour, minute, second) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60);
    let milli = rest % 1000;
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

/// To the minute: `2026-11-24 17:33`.
pub fn to_the_minute(ms: u64) -> String {
    let (year, month, day) = civil(ms);
    let minutes = ms % DAY_MS / 60_000;
    format!(
        "{year:04}-{month:02}-{day:02} {:02}:{:02}",
        minutes / 60,
        minutes % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_utc() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(rfc3339(951_782_399_999), "2000-02-28T23:59:59.999Z");
        assert_eq!(rfc3339(951_782_400_000), "2000-02-29T00:00:00.000Z");
        assert_eq!(to_the_minute(1_767_225_600_000), "2026-01-01 00:00");
    }
}
