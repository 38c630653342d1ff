//! The answer of a model as it comes in: server-sent events with chat completion chunks, or one JSON value.

use serde_json::Value;

use crate::core::text::scrub;

/// A longer answer, in bytes, is none.
const LONGEST_ANSWER: usize = 64 << 10;
/// A longer line, in bytes, is no event.
const LONGEST_LINE: usize = 1 << 20;
/// So many lines may be no JSON before the whole is held for something else.
const MOST_MALFORMED: usize = 20;

/// Why an answer cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReplyError {
    /// The server says so, in these words.
    Server(String),
    /// It is too long.
    TooLong,
    /// It is something else.
    Malformed,
    /// It ended before it was whole.
    Cut,
    /// There is nothing in it.
    Empty,
}

/// An answer that comes in.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    line: Vec<u8>,
    content: String,
    model: Option<String>,
    events: usize,
    malformed: usize,
    ended: bool,
    /// What came before the first event, in case that the whole is one JSON value.
    head: Vec<u8>,
}

impl Reply {
    /// Takes the next bytes, wherever they were cut.
    ///
    /// # Errors
    /// When the server tells of one, or what comes is no answer.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(), ReplyError> {
        if self.events == 0 && self.head.len() < LONGEST_LINE {
            self.head.extend_from_slice(bytes);
        }
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            if self.line.len() + piece.len() > LONGEST_LINE {
                return Err(ReplyError::TooLong);
            }
            self.line.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                let line = std::mem::take(&mut self.line);
                self.line(&line)?;
            }
        }
        Ok(())
    }

    /// Characters of the answer so far.
    pub fn characters(&self) -> usize {
        self.content.chars().count()
    }

    /// The model that answers, as the server calls it.
    pub fn model(&self) -> Option<&str> {
        self.model.as_deref()
    }

    /// The end of the stream was announced: nothing more need be waited for.
    pub fn is_whole(&self) -> bool {
        self.ended
    }

    /// The answer, when nothing more comes.
    ///
    /// # Errors
    /// When it is not whole or empty.
    pub fn finish(mut self) -> Result<String, ReplyError> {
        let line = std::mem::take(&mut self.line);
        if !line.is_empty() {
            self.line(&line)?;
        }
        if self.events == 0 {
            // A server that does not stream answers with one value.
            let value: Value =
                serde_json::from_slice(&self.head).map_err(|_| ReplyError::Malformed)?;
            self.take(&value)?;
            self.ended = true;
        }
        if !self.ended {
            return Err(ReplyError::Cut);
        }
        if self.content.trim().is_empty() {
            return Err(ReplyError::Empty);
        }
        Ok(self.content)
    }

    fn line(&mut self, line: &[u8]) -> Result<(), ReplyError> {
        let line = String::from_utf8_lossy(line);
        let line = line.trim();
        let Some(data) = line.strip_prefix("data:").map(str::trim) else {
            // Some servers tell of an error outside the stream's form.
            if line.starts_with("{\"error\"")
                && let Ok(value) = serde_json::from_str::<Value>(line)
            {
                return self.take(&value);
            }
            return Ok(());
        };
        self.events += 1;
        if data == "[DONE]" {
            self.ended = true;
            return Ok(());
        }
        if data.is_empty() {
            return Ok(());
        }
        if let Ok(value) = serde_json::from_str::<Value>(data) {
            return self.take(&value);
        }
        self.malformed += 1;
        if self.malformed > MOST_MALFORMED {
            return Err(ReplyError::Malformed);
        }
        Ok(())
    }

    fn take(&mut self, value: &Value) -> Result<(), ReplyError> {
        if let Some(error) = value.get("error").filter(|error| !error.is_null()) {
            return Err(ReplyError::Server(message(error)));
        }
        if self.model.is_none() {
            let named = value.get("model").and_then(Value::as_str);
            self.model = named.map(|name| shortened(name, 80));
        }
        // The last event has no choices but the figures of the answer.
        let Some(choice) = value.pointer("/choices/0") else {
            return Ok(());
        };
        let text = ["/delta/content", "/message/content", "/text"]
            .iter()
            .find_map(|place| choice.pointer(place).and_then(Value::as_str));
        self.content.push_str(text.unwrap_or_default());
        if choice.get("finish_reason").is_some_and(Value::is_string) {
            self.ended = true;
        }
        if self.content.len() > LONGEST_ANSWER {
            return Err(ReplyError::TooLong);
        }
        Ok(())
    }
}

/// The words of an error: its message, or itself where it is a text.
fn message(error: &Value) -> String {
    let text = error.get("message").unwrap_or(error);
    let text = text
        .as_str()
        .map_or_else(|| text.to_string(), str::to_owned);
    shortened(&text, 200)
}

fn shortened(text: &str, most: usize) -> String {
    scrub(text, false).chars().take(most).collect()
}

/// What the body of a refusal says: its message, and whether the question was too long for the model.
pub fn refusal(body: &[u8]) -> (String, bool) {
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    let error = value.get("error").unwrap_or(&value);
    let words = match error {
        Value::Null => shortened(&String::from_utf8_lossy(body), 200),
        error => message(error),
    };
    let kind = error.get("type").or_else(|| error.get("code"));
    let kind = kind.and_then(Value::as_str).unwrap_or_default();
    let is_long = kind.contains("context") || is_about_length(&words);
    (words, is_long)
}

/// Whether an error is that the question does not fit into the model's context.
pub fn is_about_length(words: &str) -> bool {
    let lower = words.to_lowercase();
    lower.contains("context")
        && ["exceed", "length", "size", "too long", "maximum", "window"]
            .iter()
            .any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const STREAM: &str = "data: {\"model\":\"tiny\",\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":null}}]}\n\n\
        : a comment\n\
        data: {\"choices\":[{\"delta\":{\"content\":\"{\\\"a\"}}]}\r\n\r\n\
        data: {\"choices\":[{\"delta\":{\"content\":\"é\\\":1}\"}}]}\n\n\
        data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n\
        data: {\"choices\":[],\"usage\":{\"total_tokens\":3}}\n\n\
        data: [DONE]\n\n";

    fn read(bytes: &[u8]) -> Result<String, ReplyError> {
        let mut reply = Reply::default();
        reply.feed(bytes)?;
        reply.finish()
    }

    #[test]
    fn a_stream_is_put_together() {
        let mut reply = Reply::default();
        reply.feed(STREAM.as_bytes()).unwrap();
        assert!(reply.is_whole());
        assert_eq!(reply.model(), Some("tiny"));
        assert_eq!(reply.characters(), 8);
        assert_eq!(reply.finish().unwrap(), "{\"aé\":1}");
    }

    #[test]
    fn one_value_is_an_answer_too() {
        let body = r#"{"choices": [{"message": {"content": "{}"}, "finish_reason": "stop"}]}"#;
        assert_eq!(read(body.as_bytes()).unwrap(), "{}");
    }

    #[test]
    fn what_is_no_answer_says_so() {
        assert_eq!(read(b"<html>"), Err(ReplyError::Malformed));
        assert_eq!(read(b""), Err(ReplyError::Malformed));
        assert_eq!(read(b"data: [DONE]\n"), Err(ReplyError::Empty));
        let cut = &STREAM.as_bytes()[..STREAM.find("finish").unwrap() - 30];
        assert_eq!(read(cut), Err(ReplyError::Cut));
        let told = b"data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\ndata: {\"error\":{\"message\":\"out of memory\"}}\n\n";
        assert_eq!(
            read(told),
            Err(ReplyError::Server("out of memory".to_owned()))
        );
        assert_eq!(
            read(b"{\"error\":\"bad\\u001b[2J\"}\n"),
            Err(ReplyError::Server("bad[2J".to_owned()))
        );
        let noise = "data: {nonsense\n".repeat(MOST_MALFORMED + 1);
        assert_eq!(read(noise.as_bytes()), Err(ReplyError::Malformed));
        let endless = format!("data: {}", "x".repeat(LONGEST_LINE));
        assert_eq!(read(endless.as_bytes()), Err(ReplyError::TooLong));
    }

    #[test]
    fn a_few_malformed_lines_are_passed_over() {
        let stream = STREAM.replace(": a comment", "data: {\"choi");
        assert_eq!(read(stream.as_bytes()).unwrap(), "{\"aé\":1}");
    }

    #[test]
    fn refusals_tell_whether_the_question_was_too_long() {
        let (words, is_long) = refusal(br#"{"error":{"code":400,"message":"request (9 tokens) exceeds the available context size","type":"exceed_context_size_error"}}"#);
        assert!(is_long && words.starts_with("request (9"));
        let (words, is_long) =
            refusal(br#"{"error":{"message":"response_format is not supported"}}"#);
        assert!(!is_long && words.contains("response_format"));
        assert_eq!(refusal(b"no \x07JSON").0, "no JSON");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn it_does_not_matter_where_bytes_are_cut(cuts in proptest::collection::vec(0..STREAM.len(), 0..12)) {
            let mut cuts = cuts;
            cuts.sort_unstable();
            let mut reply = Reply::default();
            let mut from = 0;
            for cut in cuts.into_iter().chain([STREAM.len()]) {
                reply.feed(&STREAM.as_bytes()[from..cut]).unwrap();
                from = cut;
            }
            prop_assert_eq!(reply.finish().unwrap(), "{\"aé\":1}");
        }

        #[test]
        fn nothing_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "(data: |\\{|\"choices\":\\[|\\}|\n|[a-z])*") {
            let _ = read(&bytes);
            let _ = read(text.as_bytes());
        }
    }
}
