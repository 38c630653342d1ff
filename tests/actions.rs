//! Quick actions: the menu, its rows, the reader's own actions, sharing, opening and exporting.
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
use offprint::config::Settings;
use program::Home;
use serde_json::Value;

const LIBRARY: &str = r#"[
    {"id": "a", "type": "article-journal", "title": "On A & B", "author": [{"family": "Ng", "given": "Ada"}],
     "DOI": "10.1000/x(1)", "PMID": "77", "issued": {"date-parts": [[2020]]}, "container-title": "Journal of Letters"},
    {"id": "b", "type": "book", "title": "A book of nothing else"}
]"#;

fn robot() -> Robot {
    Robot::of(LIBRARY.as_bytes(), "two.json", 120, 40)
}

fn with_actions(text: &str) -> Robot {
    let (settings, problems) = Settings::parse(text);
    assert_eq!(problems, []);
    let mut robot = robot();
    robot.app.settings.actions = settings.actions;
    robot
}

#[test]
fn the_menu_at_every_size() {
    for (width, height) in [(80, 24), (120, 40), (40, 12)] {
        let mut robot = Robot::of(LIBRARY.as_bytes(), "two.json", width, height);
        robot.press(".");
        robot.send(Msg::Now(60_000));
        insta::assert_snapshot!(format!("menu_{width}x{height}"), robot.styled());
    }
}

#[test]
fn letters_open_the_paper_on_the_web() {
    let mut robot = robot();
    robot.press(".d");
    robot.press(".u");
    robot.press(".g");
    assert_eq!(
        robot.opened,
        [
            "https://doi.org/10.1000/x(1)",
            "https://pubmed.ncbi.nlm.nih.gov/77/",
            "https://www.connectedpapers.com/api/redirect/doi/10.1000/x%281%29",
        ]
    );
}

#[test]
fn what_cannot_be_done_is_shown_with_its_reason_and_does_nothing() {
    let mut robot = robot();
    robot.press("j.");
    assert!(robot.screen().contains("no arXiv id"), "{}", robot.screen());
    robot.press("x");
    assert_eq!(robot.opened, [""; 0]);
    assert!(robot.screen().contains("Open arXiv: no arXiv id"));
}

#[test]
fn the_menu_copies_and_notes() {
    let mut robot = robot();
    robot.press(".K");
    robot.press(".l");
    assert_eq!(robot.copies, ["a", "https://doi.org/10.1000/x(1)"]);
    robot.press(".*");
    assert!(robot.app.notes.state().paper("a").starred);
    robot.press(".r");
    assert!(robot.screen().contains("Status"));
}

#[test]
fn sharing_copies_title_citation_and_link_as_markdown() {
    let mut robot = robot();
    robot.press(".h");
    assert_eq!(
        robot.copies,
        [
            "**On A & B**\n\nNg, A. (2020). On A & B. *Journal of Letters*. https://doi.org/10.1000/x(1)\n\n<https://doi.org/10.1000/x(1)>"
        ]
    );
}

#[test]
fn the_readers_own_actions_stand_below() {
    let mut robot = with_actions(
        "[[action]]\nkey = \"z\"\nlabel = \"Look up\"\nurl = \"https://example.org/?q={title}\"\n[[action]]\nkey = \"Z\"\nlabel = \"Send\"\ncmd = [\"send\", \"--doi\", \"{doi}\", \"{title}; rm -rf\"]\n[[action]]\nkey = \"A\"\nlabel = \"Preprint\"\ncmd = [\"send\", \"{arxiv}\"]\n",
    );
    robot.press(".z");
    assert_eq!(robot.opened, ["https://example.org/?q=On%20A%20%26%20B"]);
    robot.press(".Z");
    assert_eq!(
        robot.ran,
        [["send", "--doi", "10.1000/x(1)", "On A & B; rm -rf"]]
    );
    robot.press(".A");
    assert_eq!(robot.ran.len(), 1);
    assert!(robot.screen().contains("Preprint: no arXiv id"));
}

#[test]
fn exporting_asks_for_a_path_and_before_it_replaces() {
    let mut robot = robot();
    robot.press("<Space>");
    robot.press("<Space>");
    robot.press(".E");
    robot.send(Msg::Paste("refs.txt".to_owned()));
    robot.press("<Enter>");
    assert!(
        robot.screen().contains("ends in .bib"),
        "{}",
        robot.screen()
    );
    assert_eq!(robot.exported.len(), 0);
    robot.press("<Esc>");
    robot.press(".E");
    robot.send(Msg::Paste("refs.bib".to_owned()));
    robot.press("<Enter>");
    assert_eq!(robot.exported.len(), 1);
    assert_eq!(robot.exported[0].0.len(), 2);
    robot.there = true;
    robot.press(".E");
    robot.send(Msg::Paste("refs.bib".to_owned()));
    robot.press("<Enter>");
    assert!(robot.screen().contains("is there already"));
    robot.press("n");
    assert_eq!(robot.exported.len(), 1);
    robot.press(".E");
    robot.send(Msg::Paste("refs.bib".to_owned()));
    robot.press("<Enter>");
    robot.press("y");
    assert_eq!(robot.exported.len(), 2);
}

#[test]
fn the_page_lists_where_a_paper_can_be_opened() {
    let mut robot = robot();
    robot.press("g.");
    let screen = robot.screen();
    assert!(screen.contains("Web page · PubMed"), "{screen}");
}

#[test]
fn open_prints_the_address_of_a_place() {
    let home = Home::new();
    home.file("two.json", LIBRARY);
    let run = |arguments: &[&str]| home.run(["--library", "two.json"].iter().chain(arguments));
    let said = run(&["open", "a", "--print"]);
    assert_eq!(
        (said.code, said.out.trim()),
        (0, "https://doi.org/10.1000/x(1)")
    );
    let said = run(&["open", "a", "--at", "pubmed", "--print", "--json"]);
    let value: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(value["url"], "https://pubmed.ncbi.nlm.nih.gov/77/");
    let said = run(&["open", "b", "--print"]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("no DOI and no address"), "{}", said.err);
    let said = run(&["open", "a", "--at", "nowhere"]);
    assert_eq!(said.code, 2);
    // There is no display here: nothing is opened, and nothing is said to be.
    let said = run(&["open", "a"]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("--print"), "{}", said.err);
}

#[test]
fn the_block_to_share_is_a_format_of_cite() {
    let home = Home::new();
    home.file("two.json", LIBRARY);
    let said = home.run([
        "--library",
        "two.json",
        "cite",
        "a",
        "--format",
        "share",
        "--style",
        "ieee",
    ]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.starts_with("**On A & B**\n\n"), "{}", said.out);
    assert!(said.out.contains("A. Ng"), "{}", said.out);
    assert!(
        said.out
            .trim_end()
            .ends_with("<https://doi.org/10.1000/x(1)>")
    );
}

#[test]
fn show_names_the_places() {
    let home = Home::new();
    home.file("two.json", LIBRARY);
    let said = home.run(["--library", "two.json", "show", "a", "--json"]);
    let value: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(
        value["open"]["pubmed"],
        "https://pubmed.ncbi.nlm.nih.gov/77/"
    );
    let said = home.run(["--library", "two.json", "show", "b"]);
    assert!(said.out.contains("ACTIONS"), "{}", said.out);
}

#[test]
fn the_menu_never_offers_the_addresses_of_the_paper_before() {
    let mut robot = robot();
    // Nobody has answered yet when the next key comes.
    for key in ["j", "."] {
        offprint::app::update(&mut robot.app, Msg::Key(key.parse().unwrap()));
    }
    let screen = robot.screen();
    assert!(screen.contains("still being read"), "{screen}");
    assert!(!screen.contains("doi.org/10.1000"), "{screen}");
}

#[test]
fn a_pdf_is_looked_for_of_a_paper_that_can_be_named() {
    let mut robot = robot();
    robot.press(".f");
    assert_eq!(robot.pdf_searches, ["a"]);
    robot.press("<Esc>j.f");
    assert_eq!(robot.pdf_searches, ["a"]);
    assert!(robot.screen().contains("neither a DOI nor an arXiv id"));
}
