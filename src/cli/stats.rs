//! `offprint stats`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use unicode_width::UnicodeWidthStr;

use super::failure::Failure;
use super::library::Session;
use super::output::{Field, Out, terminal_width};
use crate::core::journal::Status;
use crate::core::page::thousands;
use crate::core::statistics::Statistics;
use crate::core::text::scrub;

/// Tags printed; `--json` has all.
const TAGS: usize = 20;
/// Months printed; `--json` has all.
const MONTHS: usize = 24;
/// With more years than this they are put together by decades.
const YEARS: usize = 24;

pub(super) fn run(session: &Session, out: &mut Out) -> Result<(), Failure> {
    let counted = Statistics::of(&session.catalogue.library, session.catalogue.notes.state());
    if out.is_json() {
        return out.json(&to_json(&counted));
    }
    let papers = thousands(counted.papers);
    let head = format!(
        "{papers} papers · {} starred · {} in the queue · {} comments",
        thousands(counted.starred),
        thousands(counted.queued),
        thousands(counted.comments)
    );
    out.line(&head)?;
    let status: Vec<_> = Status::ALL
        .iter()
        .zip(counted.by_status)
        .filter(|(_, count)| *count > 0)
        .map(|(status, count)| (status.name().to_owned(), count))
        .collect();
    plot("By status", &status, out)?;
    let months: Vec<_> = counted
        .read_by_month
        .iter()
        .map(|((year, month), count)| (format!("{year}-{month:02}"), *count))
        .collect();
    let last = months.len().saturating_sub(MONTHS);
    plot(
        "Read per month",
        months.get(last..).unwrap_or_default(),
        out,
    )?;
    let ratings: Vec<_> = (counted.by_rating.iter().enumerate().rev())
        .filter(|(_, count)| **count > 0)
        .map(|(at, count)| ("★".repeat(at + 1), *count))
        .collect();
    plot("By rating", &ratings, out)?;
    let tags: Vec<_> = counted
        .by_tag
        .iter()
        .take(TAGS)
        .map(|(tag, count)| (scrub(tag, false), *count))
        .collect();
    plot("By tag", &tags, out)?;
    plot("By year of publication", &years(&counted), out)
}

/// The years, or the decades where there are many.
fn years(counted: &Statistics) -> Vec<(String, usize)> {
    if counted.by_year.len() <= YEARS {
        let years = counted.by_year.iter();
        return years
            .map(|(year, (count, _))| (year.to_string(), *count))
            .collect();
    }
    let mut decades: BTreeMap<i32, usize> = BTreeMap::new();
    for (year, (count, _)) in &counted.by_year {
        *decades.entry(year.div_euclid(10) * 10).or_default() += count;
    }
    decades
        .into_iter()
        .map(|(decade, count)| (format!("{decade}s"), count))
        .collect()
}

/// A row a value: its name, its number, and a bar as long as the width allows.
fn plot(title: &str, rows: &[(String, usize)], out: &mut Out) -> Result<(), Failure> {
    if rows.is_empty() {
        return Ok(());
    }
    out.line("")?;
    out.row(&[Field::Head(title)])?;
    let width = terminal_width();
    let most = rows.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let names = rows.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
    let names = names.min(width / 3);
    let numbers = thousands(most).len();
    let room = width.saturating_sub(names + numbers + 4).clamp(1, 60);
    for (name, count) in rows {
        let name = shorten(name, names);
        let blank = " ".repeat(names.saturating_sub(name.width()));
        let number = thousands(*count);
        let bar = bar(*count, most, room);
        out.line(format!("{name}{blank}  {number:>numbers$}  {bar}").trim_end())?;
    }
    Ok(())
}

fn shorten(name: &str, width: usize) -> String {
    if name.width() <= width {
        return name.to_owned();
    }
    let mut short = String::new();
    for c in name.chars() {
        let mut longer = short.clone();
        longer.push(c);
        if longer.width() + 1 > width {
            break;
        }
        short = longer;
    }
    short + "…"
}

/// A bar of eighths of a cell; something for every number above 0.
fn bar(count: usize, most: usize, room: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (count * room * 8).checked_div(most).unwrap_or(0);
    let eighths = if count > 0 { eighths.max(1) } else { 0 };
    let rest = EIGHTHS.get(eighths % 8).copied().unwrap_or_default();
    "█".repeat(eighths / 8) + rest
}

fn to_json(counted: &Statistics) -> Value {
    let status: Map<String, Value> = Status::ALL
        .iter()
        .zip(counted.by_status)
        .map(|(status, count)| (status.name().to_owned(), count.into()))
        .collect();
    let months = counted.read_by_month.iter();
    let ratings = counted.by_rating.iter().enumerate();
    json!({
        "papers": counted.papers,
        "starred": counted.starred,
        "queued": counted.queued,
        "comments": counted.comments,
        "by_status": status,
        "read_by_month": months
            .map(|((year, month), count)| json!({"month": format!("{year}-{month:02}"), "read": count}))
            .collect::<Vec<_>>(),
        "by_rating": ratings
            .map(|(at, count)| json!({"rating": at + 1, "papers": count}))
            .collect::<Vec<_>>(),
        "by_tag": counted.by_tag.iter()
            .map(|(tag, count)| json!({"tag": tag, "papers": count}))
            .collect::<Vec<_>>(),
        "by_year": counted.by_year.iter()
            .map(|(year, (papers, read))| json!({"year": year, "papers": papers, "read": read}))
            .collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_keep_to_their_room_and_show_every_number_above_none() {
        assert_eq!(bar(10, 10, 4), "████");
        assert_eq!(bar(5, 10, 3), "█▌");
        assert_eq!(bar(1, 100_000, 10), "▏");
        assert_eq!(bar(0, 10, 10), "");
        assert_eq!(bar(0, 0, 10), "");
        assert_eq!(shorten("深層学習", 5), "深層…");
    }
}
