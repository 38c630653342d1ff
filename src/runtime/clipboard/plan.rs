//! Which ways lead to the clipboard of the machine in front of the user.

use crate::runtime::environment::Environment;

/// How the user wants texts to be copied.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Setting {
    /// Whatever suits the environment.
    #[default]
    Auto,
    /// The terminal's escape sequence, even where a display is named.
    Osc52,
    /// tmux's buffer, which tmux passes on to its own terminal.
    Tmux,
    /// The display's clipboard.
    Native,
    /// A program of the user's that takes the text on standard input; never run through a shell.
    Command(Vec<String>),
}

/// A way to a clipboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// `tmux load-buffer -w -`, which works at tmux's default settings where the escape sequence is ignored.
    Tmux,
    /// The escape sequence in pieces, each wrapped for GNU screen to pass on.
    Screen,
    /// The escape sequence as it is.
    Osc52,
    /// The display's clipboard, held by a process of its own.
    Native,
    /// The user's program and its arguments.
    Command(Vec<String>),
}

/// The routes to take.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// All of these: inside a multiplexer its terminal may be on another machine than its display.
    pub together: Vec<Route>,
    /// These in order until one delivers, when none of the first did.
    pub otherwise: Vec<Route>,
}

/// Chooses the routes.
pub fn plan(environment: &Environment, setting: &Setting) -> Plan {
    let one = |route: Route| Plan {
        together: vec![route],
        otherwise: Vec::new(),
    };
    match setting {
        Setting::Osc52 if environment.screen && !environment.tmux => return one(Route::Screen),
        Setting::Osc52 => return one(Route::Osc52),
        Setting::Tmux => return one(Route::Tmux),
        Setting::Native => return one(Route::Native),
        Setting::Command(command) => return one(Route::Command(command.clone())),
        Setting::Auto => {}
    }
    let multiplexer = if environment.tmux {
        Some(Route::Tmux)
    } else if environment.screen {
        Some(Route::Screen)
    } else {
        None
    };
    let local_display = !environment.ssh && environment.has_desktop();
    // The Linux console knows no such sequence and would print part of it; a dumb terminal knows none at all.
    let plain = (!matches!(environment.term.as_str(), "linux" | "dumb")).then_some(Route::Osc52);
    let mut plan = Plan::default();
    plan.together.extend(multiplexer.clone());
    if local_display {
        plan.together.push(Route::Native);
    }
    match multiplexer {
        // Inside screen the bare sequence does nothing.
        Some(Route::Screen) => {}
        // A tmux server that does not answer may still pass the sequence on.
        Some(_) => plan.otherwise.extend(plain),
        None if local_display => plan.otherwise.extend(plain),
        None => plan.together.extend(plain),
    }
    plan
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(change: impl FnOnce(&mut Environment)) -> Environment {
        let mut environment = Environment {
            term: "xterm-256color".to_owned(),
            ..Environment::default()
        };
        change(&mut environment);
        environment
    }

    #[track_caller]
    fn routes(
        change: impl FnOnce(&mut Environment),
        together: impl AsRef<[Route]>,
        otherwise: impl AsRef<[Route]>,
    ) {
        let plan = plan(&environment(change), &Setting::Auto);
        assert_eq!(plan.together, together.as_ref());
        assert_eq!(plan.otherwise, otherwise.as_ref());
    }

    #[test]
    fn a_local_display_has_the_clipboard_and_the_terminal_is_second_best() {
        routes(|e| e.display = true, [Route::Native], [Route::Osc52]);
        routes(|e| e.wayland = true, [Route::Native], [Route::Osc52]);
        routes(|e| e.desktop = true, [Route::Native], [Route::Osc52]);
    }

    #[test]
    fn a_forwarded_display_is_not_the_users() {
        let forwarded = |e: &mut Environment| {
            e.ssh = true;
            e.display = true;
        };
        routes(forwarded, [Route::Osc52], []);
    }

    #[test]
    fn inside_a_multiplexer_with_a_display_both_are_told() {
        routes(
            |e| (e.tmux, e.display) = (true, true),
            [Route::Tmux, Route::Native],
            [Route::Osc52],
        );
        routes(
            |e| (e.screen, e.wayland) = (true, true),
            [Route::Screen, Route::Native],
            [],
        );
    }

    #[test]
    fn over_ssh_the_multiplexer_alone_is_told() {
        let in_tmux = |e: &mut Environment| (e.ssh, e.tmux, e.display) = (true, true, true);
        routes(in_tmux, [Route::Tmux], [Route::Osc52]);
        routes(|e| (e.ssh, e.screen) = (true, true), [Route::Screen], []);
    }

    #[test]
    fn without_anything_else_the_terminal_is_told() {
        routes(|_| {}, [Route::Osc52], []);
    }

    #[test]
    fn the_console_is_sent_no_sequence_that_it_would_print() {
        routes(|e| e.term = "linux".to_owned(), [], []);
        routes(|e| e.term = "dumb".to_owned(), [], []);
        routes(
            |e| (e.display, e.term) = (true, "linux".to_owned()),
            [Route::Native],
            [],
        );
    }

    #[test]
    fn the_users_wish_is_the_only_route() {
        let everything = environment(|e| (e.ssh, e.tmux, e.display) = (true, true, true));
        let only = |setting: &Setting| {
            let plan = plan(&everything, setting);
            assert!(plan.otherwise.is_empty());
            plan.together
        };
        assert_eq!(only(&Setting::Osc52), [Route::Osc52]);
        assert_eq!(only(&Setting::Tmux), [Route::Tmux]);
        assert_eq!(only(&Setting::Native), [Route::Native]);
        let command = vec!["wl-copy".to_owned()];
        assert_eq!(
            only(&Setting::Command(command.clone())),
            [Route::Command(command)]
        );
    }
}
