//! The program: everything is in the library.

use std::process::ExitCode;

use offprint::app::Settings;
use offprint::app::keymap::Keymap;
use offprint::config::theme::Theme;
use offprint::core::cite::Format;
use offprint::runtime::place::Place;
use offprint::runtime::{clipboard, loader, run};

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(clipboard::holder::SUBCOMMAND) {
        return clipboard::hold_clipboard_main();
    }
    let place = std::env::args()
        .nth(1)
        .map_or(Place::Example, |path| Place::File(path.into()));
    let opened = loader::open(&place).ok();
    let Some(opened) = opened else {
        return ExitCode::FAILURE;
    };
    let settings = Settings {
        theme: Theme::DEFAULT,
        keymap: Keymap::default(),
        default_format: Format::BibTex,
    };
    let launch = run::Launch {
        opened,
        settings,
        clipboard: clipboard::Setting::Auto,
        warnings: Vec::new(),
    };
    run::run(launch).map_or(ExitCode::FAILURE, ExitCode::from)
}
