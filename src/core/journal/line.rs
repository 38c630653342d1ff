//! One operation and its line.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::change::Change;
use super::time::{LogicalTime, MAX_MS, Stamp};

/// What stands between the operation and its checksum.
const CHECKSUM_KEY: &[u8] = b",\"c\":\"";
/// Length of `,"c":"9a1b44c0"}`.
const CHECKSUM_TAIL: usize = 16;

/// One change of one field, as a journal holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Identity and order.
    pub stamp: Stamp,
    /// Time of the writer's clock, ms since 1970: what is shown as the time of the change.
    pub at: u64,
    /// Key of the paper; empty for the whole library.
    pub paper: Box<str>,
    /// The new value.
    pub change: Change,
    /// The value before, as the writer saw it; `None` where the line does not say.
    pub previous: Option<Change>,
    /// Comments: the versions that this text replaces.
    pub replaces: Vec<Stamp>,
    /// Number of the first operation of the action this one belongs to.
    pub group: u64,
    /// The action that is taken back by this one.
    pub undoes: Option<ChangeId>,
}

/// Names an action of one or many operations: its writer, and the number of its first operation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChangeId(pub Arc<str>, pub u64);

/// Why a line is no operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// The line does not end in a checksum: it was cut short, or written by hand.
    #[error("incomplete line")]
    Incomplete,
    /// The bytes are not those that were written.
    #[error("damaged line (wrong checksum)")]
    Checksum,
    /// No JSON object with the keys of an operation.
    #[error("not an operation")]
    NotAnOperation,
    /// A value that the field cannot have.
    #[error("unknown value")]
    Value,
}

/// The keys of a line, borrowed from it.
#[derive(Deserialize)]
pub(super) struct Line<'a> {
    t: (u64, u32),
    #[serde(borrow)]
    w: Cow<'a, str>,
    n: u64,
    #[serde(borrow, default)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    f: Cow<'a, str>,
    #[serde(borrow, default)]
    k: Cow<'a, str>,
    #[serde(borrow, default)]
    v: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    p: Option<&'a RawValue>,
    #[serde(default)]
    b: Vec<(u64, u32, String, u64)>,
    #[serde(default)]
    g: Option<u64>,
    #[serde(default)]
    u: Option<(String, u64)>,
    #[serde(default)]
    at: Option<u64>,
}

/// `null` is a value before like any other; it is not the same as none being told.
fn present<'de: 'a, 'a, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<&'a RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

impl<'a> Line<'a> {
    /// Checks and reads a line without its line break.
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Line<'a>, LineError> {
        // A checkout that turned line ends into CRLF harms nothing.
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        let split = bytes.len().checked_sub(CHECKSUM_TAIL);
        let (body, tail) = split
            .and_then(|at| bytes.split_at_checked(at))
            .ok_or(LineError::Incomplete)?;
        let digits = tail
            .strip_prefix(CHECKSUM_KEY)
            .and_then(|tail| tail.strip_suffix(b"\"}"))
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .ok_or(LineError::Incomplete)?;
        if u32::from_str_radix(digits, 16) != Ok(crc32fast::hash(body)) {
            return Err(LineError::Checksum);
        }
        let line: Line<'a> =
            serde_json::from_slice(bytes).map_err(|_| LineError::NotAnOperation)?;
        if line.t.0 > MAX_MS || line.w.is_empty() || line.at.is_some_and(|at| at > MAX_MS) {
            return Err(LineError::NotAnOperation);
        }
        Ok(line)
    }

    /// The operation; `writer` is the one of the line before, shared when it is the same.
    pub(super) fn operation(&self, writer: &mut Arc<str>) -> Result<Operation, LineError> {
        if **writer != *self.w {
            *writer = Arc::from(&*self.w);
        }
        let change = Change::parse(&self.f, &self.k, self.v).ok_or(LineError::Value)?;
        Ok(Operation {
            stamp: Stamp {
                time: LogicalTime {
                    ms: self.t.0,
                    counter: self.t.1,
                },
                writer: Arc::clone(writer),
                number: self.n,
            },
            at: self.at.unwrap_or(self.t.0),
            paper: Box::from(&*self.id),
            previous: self
                .p
                .and_then(|value| Change::parse(&self.f, &self.k, Some(value))),
            change,
            replaces: self
                .b
                .iter()
                .map(|(ms, counter, writer, number)| Stamp {
                    time: LogicalTime {
                        ms: *ms,
                        counter: *counter,
                    },
                    writer: Arc::from(writer.as_str()),
                    number: *number,
                })
                .collect(),
            group: self.g.unwrap_or(self.n),
            undoes: (self.u.as_ref())
                .map(|(writer, number)| ChangeId(Arc::from(writer.as_str()), *number)),
        })
    }

    /// Paper, field and key: what a register is found by; also the number of the operation.
    pub(super) fn register(&self) -> (&str, &str, &str, u64) {
        (&self.id, &self.f, &self.k, self.n)
    }

    /// Logical time.
    pub(super) fn time(&self) -> LogicalTime {
        LogicalTime {
            ms: self.t.0,
            counter: self.t.1,
        }
    }

    /// The writer.
    pub(super) fn writer(&self) -> &str {
        &self.w
    }

    /// Number of the first operation of the action.
    pub(super) fn group(&self) -> u64 {
        self.g.unwrap_or(self.n)
    }
}

impl Operation {
    /// Reads a line without its line break.
    ///
    /// # Errors
    /// [`LineError`] when the line is damaged or is no operation.
    pub fn parse(line: &[u8]) -> Result<Operation, LineError> {
        Line::parse(line)?.operation(&mut Arc::from(""))
    }

    /// The action this operation belongs to.
    pub fn change_id(&self) -> ChangeId {
        ChangeId(Arc::clone(&self.stamp.writer), self.group)
    }

    /// Appends the line, with its line break.
    pub fn write_line(&self, out: &mut Vec<u8>) {
        let mut line = String::with_capacity(192);
        let Stamp {
            time,
            writer,
            number,
        } = &self.stamp;
        let _ = write!(line, "{{\"t\":[{},{}],\"w\":", time.ms, time.counter);
        push_string(&mut line, writer);
        let _ = write!(line, ",\"n\":{number},\"id\":");
        push_string(&mut line, &self.paper);
        line.push_str(",\"f\":");
        push_string(&mut line, self.change.field());
        let key = self.change.key();
        if !key.is_empty() {
            line.push_str(",\"k\":");
            push_string(&mut line, key);
        }
        line.push_str(",\"v\":");
        self.change.write_value(&mut line);
        if let Some(previous) = &self.previous {
            line.push_str(",\"p\":");
            previous.write_value(&mut line);
        }
        if !self.replaces.is_empty() {
            line.push_str(",\"b\":");
            let replaced: Vec<_> = self
                .replaces
                .iter()
                .map(|stamp| {
                    serde_json::json!([
                        stamp.time.ms,
                        stamp.time.counter,
                        &*stamp.writer,
                        stamp.number
                    ])
                })
                .collect();
            line.push_str(&serde_json::Value::Array(replaced).to_string());
        }
        if self.group != *number {
            let _ = write!(line, ",\"g\":{}", self.group);
        }
        if let Some(ChangeId(writer, number)) = &self.undoes {
            line.push_str(",\"u\":[");
            push_string(&mut line, writer);
            let _ = write!(line, ",{number}]");
        }
        if self.at != time.ms {
            let _ = write!(line, ",\"at\":{}", self.at);
        }
        let checksum = crc32fast::hash(line.as_bytes());
        let _ = writeln!(line, ",\"c\":\"{checksum:08x}\"}}");
        out.extend_from_slice(line.as_bytes());
    }
}

/// Text as a JSON string.
fn push_string(out: &mut String, text: &str) {
    // Serialising a string cannot fail; the empty string stands for the error that never comes.
    let json = serde_json::to_string(text).unwrap_or_else(|_| "\"\"".to_owned());
    out.push_str(&json);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn star(paper: &str) -> Operation {
        Operation {
            stamp: Stamp {
                time: LogicalTime {
                    ms: 1_767_225_600_000,
                    counter: 3,
                },
                writer: Arc::from("k3f2a-1"),
                number: 17,
            },
            at: 1_767_225_600_000,
            paper: paper.into(),
            change: Change::Status(super::super::Status::Read),
            previous: Some(Change::Status(super::super::Status::Reading)),
            replaces: Vec::new(),
            group: 17,
            undoes: None,
        }
    }

    #[test]
    fn a_line_is_json_with_the_checksum_last() {
        let mut out = Vec::new();
        star("feng2026").write_line(&mut out);
        let body = r#"{"t":[1767225600000,3],"w":"k3f2a-1","n":17,"id":"feng2026","f":"status","v":"read","p":"reading""#;
        let checksum = crc32fast::hash(body.as_bytes());
        assert_eq!(
            String::from_utf8(out).unwrap(),
            format!("{body},\"c\":\"{checksum:08x}\"}}\n")
        );
    }

    #[test]
    fn the_checksum_is_the_crc_of_zlib() {
        assert_eq!(crc32fast::hash(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn every_single_changed_byte_is_found() {
        let mut line = Vec::new();
        star("feng2026").write_line(&mut line);
        line.pop();
        for at in 0..line.len() {
            let mut damaged = line.clone();
            damaged[at] ^= 0x04;
            assert!(Operation::parse(&damaged).is_err(), "byte {at}");
        }
    }

    #[test]
    fn unknown_keys_and_fields_are_accepted() {
        let body = r#"{"t":[5,0],"w":"a-1","n":1,"id":"x","f":"mood","v":{"a":1.50},"z":[1,2]"#;
        let line = format!(
            "{body},\"c\":\"{:08x}\"}}",
            crc32fast::hash(body.as_bytes())
        );
        let operation = Operation::parse(line.as_bytes()).unwrap();
        assert_eq!(
            operation.change,
            Change::Other {
                field: "mood".into(),
                key: "".into(),
                value: r#"{"a":1.50}"#.into()
            }
        );
    }

    #[test]
    fn a_value_out_of_range_is_refused() {
        for (field, value) in [
            ("rating", "6"),
            ("priority", "-1"),
            ("status", "\"bored\""),
            ("queue", "\"Ä\""),
            ("progress", "[1]"),
        ] {
            let body = format!(r#"{{"t":[5,0],"w":"a-1","n":1,"id":"x","f":"{field}","v":{value}"#);
            let line = format!(
                "{body},\"c\":\"{:08x}\"}}",
                crc32fast::hash(body.as_bytes())
            );
            assert_eq!(
                Operation::parse(line.as_bytes()),
                Err(LineError::Value),
                "{field}"
            );
        }
    }
}
