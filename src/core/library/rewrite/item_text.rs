//! The text of an item that was edited: what stays keeps its bytes.

use std::fmt;
use std::ops::Range;

use serde::de::{Deserializer as _, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::manner::Manner;

/// A field as it stands in the text.
struct Member {
    key: String,
    /// From the end of the value before it, or the opening brace.
    start: usize,
    value: Range<usize>,
}

/// The text of an item with other fields: values that are the same keep their bytes, and with them their order and the
/// space around them. `None` when the text is no object.
pub(super) fn patched(old: &str, after: &Map<String, Value>, manner: &Manner) -> Option<String> {
    let members = members(old)?;
    let end = members
        .last()
        .map_or(old.find('{')? + 1, |last| last.value.end);
    let mut out = old.get(..old.find('{')? + 1)?.to_owned();
    let leads: Vec<&str> = (members.iter())
        .map(|member| {
            let before = old
                .get(member.start..member.value.start)
                .unwrap_or_default();
            before.split('"').next().unwrap_or_default()
        })
        .collect();
    // Where a field stands twice the last one counts.
    let counts = |at: usize, key: &str| !members.iter().skip(at + 1).any(|later| later.key == key);
    let mut last = None;
    for (at, member) in members.iter().enumerate() {
        let Some(wanted) = after.get(&member.key) else {
            continue;
        };
        let lead = leads.get(at).copied().unwrap_or_default();
        match last {
            None => out.push_str(leads.first().copied().unwrap_or_default()),
            Some(last) if last + 1 == at => out.push_str(lead),
            Some(_) => {
                out.push(',');
                out.push_str(blanks_of(lead));
            }
        }
        last = Some(at);
        let key = old.get(member.start + lead.len()..member.value.start)?;
        out.push_str(key);
        let raw = old.get(member.value.clone())?;
        let is_kept = !counts(at, &member.key)
            || serde_json::from_str::<Value>(raw).is_ok_and(|value| value == *wanted);
        if is_kept {
            out.push_str(raw);
        } else {
            out.push_str(&manner.value(wanted));
        }
    }
    let own = manner.lead();
    let mut is_first = last.is_none();
    for (key, value) in after {
        if members.iter().any(|member| member.key == *key) {
            continue;
        }
        if is_first {
            out.push_str(leads.first().copied().unwrap_or(&own));
        } else {
            out.push(',');
            out.push_str(leads.get(1).map_or(&own, |lead| blanks_of(lead)));
        }
        is_first = false;
        out.push_str(&manner.key(key));
        out.push_str(&manner.value(value));
    }
    out.push_str(old.get(end..)?);
    Some(out)
}

/// What is blank after the comma.
fn blanks_of(lead: &str) -> &str {
    lead.split_once(',').map_or(lead, |(_, blanks)| blanks)
}

/// The fields of an object in their order.
fn members(text: &str) -> Option<Vec<Member>> {
    struct Members<'a>(&'a str);
    impl<'de> Visitor<'de> for Members<'de> {
        type Value = Vec<Member>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<Member>, A::Error> {
            let base = self.0.as_ptr() as usize;
            let mut members: Vec<Member> = Vec::new();
            let mut start = self.0.find('{').map_or(0, |brace| brace + 1);
            while let Some(key) = map.next_key::<String>()? {
                let raw: &RawValue = map.next_value()?;
                let at = (raw.get().as_ptr() as usize).saturating_sub(base);
                let value = at..at + raw.get().len();
                let end = value.end;
                members.push(Member { key, start, value });
                start = end;
            }
            Ok(members)
        }
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.deserialize_map(Members(text)).ok()
}
