//! Messages to the reader: in the status line for a moment, and in a list that keeps them.

use super::{App, Level};
use crate::config::theme::Role;

/// A message to the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// How much it matters.
    pub level: Level,
    /// The text, perhaps of several lines.
    pub text: String,
}

/// A message in the status line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// The message.
    pub message: Message,
    /// When it goes by itself, in milliseconds; errors stay until a key.
    pub until: Option<u64>,
    /// It tells of something that can be taken back.
    pub is_undoable: bool,
}

/// How long a message stands in place of the hints, in milliseconds.
const TOAST_MS: u64 = 4000;

/// So many messages are kept.
const KEPT: usize = 500;

impl App {
    /// Tells the reader something: in the status line, and in the messages.
    pub fn tell(&mut self, level: Level, text: impl Into<String>) {
        let message = Message {
            level,
            text: text.into(),
        };
        self.messages.push(message.clone());
        if self.messages.len() > KEPT {
            self.messages.remove(0);
        }
        let until = (level != Level::Error).then_some(self.now + TOAST_MS);
        self.toast = Some(Toast {
            message,
            until,
            is_undoable: false,
        });
        self.dirty = true;
    }

    /// Tells of something that the reader noted, which can be taken back.
    pub(super) fn tell_undoable(&mut self, text: impl Into<String>) {
        self.tell(Level::Info, text);
        if let Some(toast) = &mut self.toast {
            toast.is_undoable = true;
        }
    }

    /// Writes something down among the messages, unless it was the last of them.
    pub fn log(&mut self, level: Level, text: impl Into<String>) {
        let message = Message {
            level,
            text: text.into(),
        };
        if self.messages.last() != Some(&message) {
            self.messages.push(message);
        }
        if self.messages.len() > KEPT {
            self.messages.remove(0);
        }
    }
}

/// The look of a message.
pub fn role_of(level: Level) -> Role {
    match level {
        Level::Info => Role::Text,
        Level::Warning => Role::Warning,
        Level::Error => Role::Error,
    }
}
