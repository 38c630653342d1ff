//! Asking a model for vectors of texts: `POST …/embeddings`, as OpenAI-compatible servers take it.

use std::io::Read as _;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use serde_json::{Value, json};
use ureq::Agent;

use super::embeddings::WIDEST;
use super::model::{ModelError, ModelLimits};
use super::net::agent;
use crate::config::model::ModelSettings;
use crate::core::text::scrub;

/// How often whoever waits is asked whether they still do.
const LOOK: Duration = Duration::from_millis(20);
/// Bytes of an answer.
const LARGEST: u64 = 64 << 20;

/// A model that makes vectors.
pub struct EmbeddingClient {
    agent: Agent,
    settings: ModelSettings,
    name: String,
    key: Option<String>,
    limits: ModelLimits,
}

impl EmbeddingClient {
    /// A client for the model that the settings name for vectors; `None` where they name none. `variable` reads the
    /// environment.
    pub fn new(
        settings: ModelSettings,
        variable: impl Fn(&str) -> Option<String>,
        limits: ModelLimits,
    ) -> Option<EmbeddingClient> {
        let name = settings.embeddings.clone()?;
        let key = (settings.key_env.as_deref())
            .and_then(variable)
            .map(|key| key.trim().to_owned())
            .filter(|key| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic()));
        Some(EmbeddingClient {
            agent: agent(&super::net::Limits {
                connect: limits.connect,
                response: limits.response,
                ..super::net::Limits::default()
            }),
            settings,
            name,
            key,
            limits,
        })
    }

    /// The vectors of the texts, in their order, all of one width.
    ///
    /// # Errors
    /// When nobody waits any more, or there is no answer that can be used.
    pub fn ask(
        &self,
        texts: &[String],
        cancelled: &dyn Fn() -> bool,
    ) -> Result<Vec<Vec<f32>>, ModelError> {
        if self.settings.key_env.is_some() && self.key.is_none() {
            let name = self.settings.key_env.as_deref().unwrap_or_default();
            return Err(self.failed(&format!(
                "needs a key, and {name} holds none; set it, or take key_env out of [model]"
            )));
        }
        let (sender, receiver) = channel();
        let (agent, key, limits) = (self.agent.clone(), self.key.clone(), self.limits);
        let url = format!("{}/embeddings", self.settings.url);
        let body = json!({"model": self.name, "input": texts, "encoding_format": "float"});
        let asking = move || {
            let answer = post(&agent, &url, key.as_deref(), &body.to_string(), limits);
            // Whoever asked may have gone.
            let _ = sender.send(answer);
        };
        let thread = std::thread::Builder::new().name("model".to_owned());
        thread
            .spawn(asking)
            .map_err(|error| self.failed(&format!(": cannot start a thread: {error}")))?;
        let answer = loop {
            match receiver.recv_timeout(LOOK) {
                Ok(answer) => break answer,
                Err(RecvTimeoutError::Timeout) if cancelled() => return Err(ModelError::Cancelled),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break Err("broke off; try again".to_owned()),
            }
        };
        let answer = answer.map_err(|what| self.failed(&what))?;
        vectors(&answer, texts.len()).ok_or_else(|| {
            self.failed("answered something that is no list of vectors; check url and embeddings in [model]")
        })
    }

    /// A sentence about the server, without the key.
    fn failed(&self, what: &str) -> ModelError {
        let text = format!("{} {what}", self.settings.host());
        let text = match &self.key {
            Some(key) => text.replace(key.as_str(), "…"),
            None => text,
        };
        ModelError::Failed(scrub(&text, false))
    }
}

fn post(
    agent: &Agent,
    url: &str,
    key: Option<&str>,
    body: &str,
    limits: ModelLimits,
) -> Result<Value, String> {
    let unreachable = |_| "cannot be reached; start the server, or check url in [model]".to_owned();
    let mut builder = agent
        .post(url)
        .config()
        .timeout_global(Some(limits.total))
        .build()
        .header("content-type", "application/json");
    if let Some(key) = key {
        builder = builder.header("authorization", format!("Bearer {key}"));
    }
    let response = builder.send(body.as_bytes()).map_err(unreachable)?;
    let status = response.status().as_u16();
    let mut bytes = Vec::new();
    let mut reader = response
        .into_body()
        .into_with_config()
        .limit(u64::MAX)
        .reader()
        .take(LARGEST + 1);
    let read = reader.read_to_end(&mut bytes);
    match status {
        200 if bytes.len() as u64 > LARGEST => {
            return Err("sends too much; name another model".to_owned());
        }
        200 if read.is_err() => {
            return Err("broke off in the middle of the answer; try again".to_owned());
        }
        200 => {}
        401 | 403 => return Err("refuses the key; check key_env in [model]".to_owned()),
        404 => {
            return Err(
                "knows no embeddings there; check url and embeddings in [model]".to_owned(),
            );
        }
        429 => {
            return Err(
                "does not want to be asked so often; try again in a few minutes".to_owned(),
            );
        }
        other => {
            let words = crate::core::findings::refusal(&bytes).0;
            return Err(format!(
                "answered {other}: {words}; check embeddings in [model]"
            ));
        }
    }
    serde_json::from_slice(&bytes).map_err(|_| "answered no JSON; check url in [model]".to_owned())
}

/// The vectors of an answer, by their numbers; nothing unless there is one for each text, all of one width.
fn vectors(answer: &Value, wanted: usize) -> Option<Vec<Vec<f32>>> {
    let mut found: Vec<Vec<f32>> = vec![Vec::new(); wanted];
    for (at, one) in answer.get("data")?.as_array()?.iter().enumerate() {
        let at = match one.get("index") {
            Some(index) => usize::try_from(index.as_u64()?).ok()?,
            None => at,
        };
        let entries = one.get("embedding")?.as_array()?.iter();
        let vector: Option<Vec<f32>> = entries
            .map(|entry| {
                entry
                    .as_f64()
                    .map(|entry| entry as f32)
                    .filter(|entry| entry.is_finite())
            })
            .collect();
        *found.get_mut(at)? = vector?;
    }
    let width = found.first().map_or(0, Vec::len);
    let is_sound = (1..=WIDEST).contains(&width) && found.iter().all(|one| one.len() == width);
    is_sound.then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_vector_for_each_text_is_an_answer() {
        let good = json!({"data": [{"index": 1, "embedding": [0, 1]}, {"index": 0, "embedding": [1.5, 0]}]});
        assert_eq!(vectors(&good, 2).unwrap(), [[1.5, 0.0], [0.0, 1.0]]);
        for bad in [
            json!({"data": [{"embedding": [0, 1]}]}),
            json!({"data": [{"embedding": [0, 1]}, {"embedding": [1]}]}),
            json!({"data": [{"embedding": [0, 1]}, {"index": 7, "embedding": [1, 0]}]}),
            json!({"data": [{"embedding": ["x", 1]}, {"embedding": [1, 0]}]}),
            json!({"data": [{"embedding": []}, {"embedding": []}]}),
            json!({"error": "no"}),
        ] {
            assert_eq!(vectors(&bad, 2), None, "{bad}");
        }
    }
}
