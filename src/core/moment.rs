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

/// Reads what [`rfc3339`] writes, with or without milliseconds; `None` for any other zone, and before 1970.
///
/// Source of the algorithm: Howard Hinnant, `chrono`-compatible low-level date algorithms, `days_from_civil`.
pub fn of_rfc3339(text: &str) -> Option<u64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let numbers = |text: &str, sign: char| -> Option<Vec<u64>> {
        let is_number = |part: &str| (1..=4).contains(&part.len());
        let mut parts = text.split(sign).filter(|part| is_number(part));
        parts.by_ref().map(|part| part.parse().ok()).collect()
    };
    let (time, milli) = time.split_once('.').unwrap_or((time, "0"));
    let (date, time) = (numbers(date, '-')?, numbers(time, ':')?);
    let ([year, month, day], [hour, minute, second]) = (date.as_slice(), time.as_slice()) else {
        return None;
    };
    let is_date =
        (1970..=9999).contains(year) && (1..=12).contains(month) && (1..=31).contains(day);
    if !is_date || *hour > 23 || *minute > 59 || *second > 60 {
        return None;
    }
    let milli: u64 = format!("{milli:0<3}").get(..3)?.parse().ok()?;
    let year = year - u64::from(*month <= 2);
    let (era, year_of_era) = (year / 400, year % 400);
    let shifted = if *month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * shifted + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let days = (era * 146_097 + day_of_era).checked_sub(719_468)?;
    Some(((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + milli)
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

    #[test]
    fn what_is_written_is_read_back() {
        for ms in [
            0,
            951_782_399_999,
            951_782_400_000,
            1_767_225_600_123,
            4_102_444_799_999,
        ] {
            assert_eq!(of_rfc3339(&rfc3339(ms)), Some(ms));
        }
        assert_eq!(of_rfc3339("1970-01-01T00:00:01Z"), Some(1000));
        assert_eq!(of_rfc3339("1970-01-01T00:00:00.5Z"), Some(500));
        for wrong in [
            "",
            "1970-01-01",
            "1970-01-01T00:00:00+01:00",
            "1969-12-31T23:59:59Z",
            "2020-13-01T00:00:00Z",
            "2020-01-01T24:00:00Z",
            "2020-01-01T00:00Z",
            "2020-01-01T00:00:00.é0Z",
        ] {
            assert_eq!(of_rfc3339(wrong), None, "{wrong}");
        }
    }
}
