//! The configuration from the command line: its defaults, its place, its schema; themes; help, completions, man pages.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    dead_code,
    unreachable_pub,
    reason = "tests"
)]

mod common;
mod program;

use common::Robot;
use offprint::app::Msg;
use offprint::config::theme::Theme;
use offprint::config::{Config, Settings};
use program::Home;
use serde_json::Value;

#[test]
fn the_printed_defaults_are_the_defaults_and_each_line_can_be_taken() {
    let home = Home::new();
    let said = home.run(["config", "--default"]);
    assert_eq!(said.code, 0);
    let (_, problems) = Settings::parse(&said.out);
    assert_eq!(problems, []);
    // Remarks are sentences; settings are lines with "=" or in brackets.
    let taken: Vec<&str> = (said.out.lines())
        .filter_map(|line| line.strip_prefix("# "))
        .filter(|line| {
            line.starts_with('[')
                || line
                    .split_once(" = ")
                    .is_some_and(|(key, _)| !key.contains(' '))
        })
        .collect();
    assert!(taken.len() > 20, "{taken:?}");
    let (settings, problems) = Settings::parse(&taken.join("\n"));
    assert_eq!(problems, []);
    let default = Settings::default();
    assert_eq!(settings.clipboard, default.clipboard);
    assert_eq!(settings.default_way, default.default_way);
    assert_eq!(settings.shown_ways, default.shown_ways);
    assert_eq!(settings.sentence_case, default.sentence_case);
    assert_eq!(settings.theme, default.theme);
}

#[test]
fn the_place_of_the_configuration_is_printed() {
    let home = Home::new();
    let said = home.run(["config", "--path"]);
    let expected = home.path().join("config/offprint/config.toml");
    assert_eq!(said.out.trim(), expected.to_str().unwrap());
    home.file("config/offprint/config.toml", "theem = \"dark\"\n");
    let said = home.run(["config"]);
    assert!(
        said.err.contains("config.toml:1:1: unknown key \"theem\""),
        "{}",
        said.err
    );
    let said = home.run(["config", "--json"]);
    let value: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(value["exists"], true);
    assert_eq!(value["problems"].as_array().unwrap().len(), 1);
}

#[test]
fn the_schema_is_json_and_names_every_key() {
    let said = Home::new().run(["config", "--schema"]);
    let schema: Value = serde_json::from_str(&said.out).unwrap();
    for key in ["library", "theme", "keys", "services", "action", "keep"] {
        assert!(schema["properties"][key].is_object(), "{key}");
    }
}

#[test]
fn a_theme_of_the_readers_own_is_found_beside_the_configuration() {
    let home = Home::new();
    let config = home.file("config/offprint/config.toml", "theme = \"paper\"\n");
    let read = Config::read(&config, true);
    assert_eq!(read.problems.len(), 1);
    assert!(
        read.problems[0].contains(":1:9: there is no theme \"paper\""),
        "{:?}",
        read.problems
    );
    home.file(
        "config/offprint/themes/paper.toml",
        "[roles]\naccent = \"bold 5\"\n",
    );
    let read = Config::read(&config, true);
    assert_eq!(read.problems, [""; 0]);
    assert_eq!(read.settings.theme.name, "paper");
    home.file(
        "config/offprint/themes/paper.toml",
        "[roles]\nacent = \"5\"\n",
    );
    let read = Config::read(&config, true);
    assert!(
        read.problems[0].contains("themes/paper.toml:2:1: unknown key \"acent\""),
        "{:?}",
        read.problems
    );
    assert_eq!(read.settings.theme.name, "default");
}

#[test]
fn a_theme_is_shown_while_it_is_marked_and_taken_with_enter() {
    let mut robot = Robot::example(80, 24);
    let before = robot.styled();
    robot.press(":theme<Enter>");
    robot.press("dark");
    assert_eq!(robot.app.theme().name, "dark");
    robot.press("<Esc>");
    assert_eq!(robot.app.theme().name, "default");
    robot.send(Msg::Now(60_000));
    assert_eq!(robot.styled(), before);
    robot.press(":theme<Enter>");
    robot.press("light<Enter>");
    assert_eq!(robot.app.settings.theme.name, "light");
}

#[test]
fn no_theme_can_be_chosen_where_no_colour_is_wanted() {
    let mut robot = Robot::example(80, 24);
    robot.app.settings.themes = Vec::new();
    robot.press(":theme<Enter>");
    assert!(robot.app.overlay.is_none());
    assert!(
        robot.screen().contains("no colour is wanted"),
        "{}",
        robot.screen()
    );
}

#[test]
fn every_theme_draws_every_screen() {
    for theme in Theme::all() {
        for (name, keys) in [
            ("list", "j"),
            ("menu", "."),
            ("search", "/transformer"),
            ("help", "?"),
        ] {
            let mut robot = Robot::example(80, 24);
            robot.app.settings.theme = theme.clone();
            robot.press(keys);
            robot.send(Msg::Now(60_000));
            if theme.name == "dark" || theme.name == "light" {
                insta::assert_snapshot!(format!("{}_{name}", theme.name), robot.styled());
            }
        }
    }
}

#[test]
fn help_explains_topics_and_commands() {
    let home = Home::new();
    let said = home.run(["help"]);
    assert_eq!(said.code, 0);
    assert!(said.out.contains("Topics, for offprint help TOPIC") && said.out.contains("libraries"));
    let said = home.run(["help", "config"]);
    assert!(said.out.contains("config.toml"), "{}", said.out);
    let said = home.run(["help", "cite"]);
    assert!(said.out.contains("--style"), "{}", said.out);
    let said = home.run(["help", "libraris"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("did you mean libraries?"), "{}", said.err);
}

#[test]
fn completions_and_man_pages_come_from_the_table_of_arguments() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish", "nushell"] {
        let said = home.run(["completions", shell]);
        assert_eq!(said.code, 0, "{shell}");
        for word in ["duplicates", "--library"] {
            let word = if shell == "fish" {
                word.trim_start_matches('-')
            } else {
                word
            };
            assert!(said.out.contains(word), "{shell} {word}");
        }
    }
    let said = home.run(["man"]);
    assert!(
        said.out.starts_with(".ie") || said.out.contains(".TH"),
        "{}",
        &said.out
    );
    let said = home.run(["man", "pages"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(home.path().join("pages/offprint-cite.1").is_file());
}

#[test]
fn the_hints_of_the_first_time_go_away_as_they_are_followed() {
    for (width, height) in [(80, 24), (120, 40), (40, 12)] {
        let mut robot = Robot::unread(common::EXAMPLE, "example library", width, height);
        robot.app.settings.tour = true;
        robot.read();
        robot.send(Msg::Now(60_000));
        insta::assert_snapshot!(format!("welcome_{width}x{height}"), robot.screen());
        assert_eq!(robot.app.hint_of_tour().unwrap().0, "/");
        // What is not asked for changes nothing.
        robot.press("j");
        assert_eq!(robot.app.hint_of_tour().unwrap().0, "/");
        robot.press("/bert<Enter>");
        assert_eq!(robot.app.hint_of_tour().unwrap().0, "y");
        robot.press("y");
        assert_eq!(robot.app.hint_of_tour().unwrap().0, "*");
        robot.press("*");
        assert_eq!(robot.app.hint_of_tour().unwrap().0, "u");
        robot.press("u");
        assert_eq!(robot.app.hint_of_tour().unwrap().0, "?");
        robot.press("?");
        assert_eq!(robot.app.hint_of_tour(), None);
    }
}

#[test]
fn what_was_run_from_the_palette_stands_first_in_it() {
    let mut robot = Robot::example(80, 24);
    robot.press(":zen<Enter>");
    robot.press(":messages<Enter>");
    robot.press("<Esc>");
    robot.press(":");
    let screen = robot.screen();
    let place = |text: &str| screen.find(text).unwrap();
    assert!(
        place("Messages and problems") < place("The page alone"),
        "{screen}"
    );
    assert!(
        place("The page alone") < place("Find papers by any words"),
        "{screen}"
    );
}
