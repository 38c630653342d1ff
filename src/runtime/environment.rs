//! What the environment says about the machine in front of the user: read once, handed on as plain data.

use std::env;

/// The facts on which the clipboard's routes and the opening of links depend.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Environment {
    /// The shell was reached through SSH: a display, if any, is a forwarded one.
    pub ssh: bool,
    /// Inside tmux.
    pub tmux: bool,
    /// Inside GNU screen.
    pub screen: bool,
    /// An X display is named.
    pub display: bool,
    /// A Wayland display is named.
    pub wayland: bool,
    /// The system has one clipboard and one desktop without a display being named (macOS).
    pub desktop: bool,
    /// The name of the terminal's type (`TERM`); empty when not set.
    pub term: String,
}

impl Environment {
    /// Reads the environment variables of this process.
    pub fn from_process() -> Self {
        Self::from_variables(|name| env::var_os(name).map(|v| v.to_string_lossy().into_owned()))
    }

    /// Reads the variables through `variable`; one that is empty counts as not set.
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
        Self {
            ssh: set("SSH_CONNECTION") || set("SSH_TTY") || set("SSH_CLIENT"),
            tmux: set("TMUX"),
            screen: set("STY"),
            display: set("DISPLAY"),
            wayland: set("WAYLAND_DISPLAY") || set("WAYLAND_SOCKET"),
            desktop: cfg!(target_os = "macos"),
            term: variable("TERM").unwrap_or_default(),
        }
    }

    /// Whether a desktop can be reached, be it a forwarded one.
    pub fn has_desktop(&self) -> bool {
        self.display || self.wayland || self.desktop
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_variables_count_as_not_set() {
        let environment = Environment::from_variables(|name| match name {
            "DISPLAY" | "TMUX" => Some(String::new()),
            "SSH_TTY" => Some("/dev/pts/3".to_owned()),
            "TERM" => Some("xterm-256color".to_owned()),
            _ => None,
        });
        assert!(environment.ssh);
        assert!(!environment.display && !environment.tmux && !environment.wayland);
        assert_eq!(environment.term, "xterm-256color");
    }
}
