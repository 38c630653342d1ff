//! The key that fetches figures, and the page that shows them.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use offprint::app::Msg;
use offprint::app::fetching::{FetchNews, FetchStep};
use offprint::app::reviewing::Review;
use offprint::core::item::Item;
use offprint::core::paper::PaperNo;
use offprint::core::services::differing::differences;
use offprint::core::services::metrics::{Figure, Notice, NoticeKind};
use offprint::core::services::{Metrics, MetricsSource, Service, StoredMetrics};

use super::common::Robot;

/// Figures of every paper, once there are any.
#[derive(Default)]
struct Kept(Mutex<Option<StoredMetrics>>);

impl MetricsSource for Kept {
    fn find(&self, keys: &[String]) -> Option<StoredMetrics> {
        self.0.lock().unwrap().clone().filter(|_| !keys.is_empty())
    }

    fn retracted(&self) -> BTreeSet<String> {
        let key = || "doi:10.3389/fimmu.2026.1755751".to_owned();
        (self.0.lock().unwrap()).iter().map(|_| key()).collect()
    }
}

fn stored() -> StoredMetrics {
    StoredMetrics {
        fetched: 1_795_737_600_000,
        metrics: Metrics {
            citations: vec![Figure {
                source: Service::OpenAlex,
                count: 1234,
            }],
            notices: vec![Notice {
                kind: NoticeKind::Retracted,
                doi: None,
                date: Some("2026-01-02".to_owned()),
                source: Service::Crossref,
            }],
            ..Metrics::default()
        },
        asked: Vec::new(),
    }
}

fn tell(robot: &mut Robot, what: FetchStep) {
    let signature = robot.app.fetching.as_ref().unwrap().signature;
    robot.send(Msg::Fetching(FetchNews { signature, what }));
}

#[test]
fn figures_come_onto_the_page_when_they_are_there() {
    let mut robot = Robot::example(120, 40);
    let kept = Arc::new(Kept::default());
    robot.keep_metrics(Arc::clone(&kept) as Arc<dyn MetricsSource>);
    robot.press("/feng solid tumors<Enter>gm");
    assert!(
        robot.screen().contains("never fetched: m"),
        "{}",
        robot.screen()
    );
    robot.press("m");
    assert_eq!(robot.fetches, [["feng2026"]]);
    tell(&mut robot, FetchStep::Asking("Crossref".to_owned()));
    assert!(
        robot.screen().contains("asking Crossref…"),
        "{}",
        robot.screen()
    );
    assert!(robot.screen().contains("never fetched: m"));

    *kept.0.lock().unwrap() = Some(stored());
    let paper = robot.app.selected().unwrap();
    tell(&mut robot, FetchStep::Kept(paper));
    tell(&mut robot, FetchStep::Ended { kept: 1, failed: 0 });
    assert_eq!(robot.toast(), "Figures fetched");
    let screen = robot.screen();
    assert!(screen.contains("1,234 (OpenAlex, 2026-11-27)"), "{screen}");
    assert!(
        screen.contains("!! RETRACTED 2026-01-02, says Crossref"),
        "{screen}"
    );
    assert!(robot.app.fetching.is_none());
    assert!(!robot.screen().contains("asking"));
    // In the list, and where others name it.
    assert!(
        screen.contains("● RETRACTED T cell immunotherapy"),
        "{screen}"
    );
    robot.press("gsj<Enter>");
    assert_ne!(robot.selected(), "feng2026");
    let related = robot.app.page.related.as_ref().unwrap();
    let names = related
        .similar
        .iter()
        .chain(&related.cites)
        .chain(&related.cited_by);
    assert!(
        names
            .into_iter()
            .any(|one| one.title.starts_with("RETRACTED T cell"))
    );
}

#[test]
fn selected_papers_are_fetched_together_and_counted() {
    let mut robot = Robot::example(120, 40);
    robot.press("<Space><Space>m");
    assert_eq!(robot.fetches.len(), 1);
    assert_eq!(robot.fetches[0].len(), 2);
    let paper = robot.app.selected().unwrap();
    tell(&mut robot, FetchStep::Kept(paper));
    tell(&mut robot, FetchStep::Asking("iCite".to_owned()));
    assert!(
        robot.screen().contains("2/2 asking iCite…"),
        "{}",
        robot.screen()
    );
    tell(
        &mut robot,
        FetchStep::Failed("x: nobody knows it; check".to_owned()),
    );
    tell(&mut robot, FetchStep::Ended { kept: 1, failed: 1 });
    assert_eq!(robot.toast(), "1 fetched, 1 not (! says why)");
    robot.press("!");
    assert!(
        robot.screen().contains("x: nobody knows it; check"),
        "{}",
        robot.screen()
    );
}

#[test]
fn esc_ends_the_fetching_and_what_comes_late_is_not_heard() {
    let mut robot = Robot::example(120, 40);
    robot.press("/attention<Enter>m");
    let signature = robot.app.fetching.as_ref().unwrap().signature;
    robot.press("<Esc>");
    assert_eq!(robot.stops, 1);
    assert_eq!(robot.toast(), "Fetching stopped");
    // The search stands: Esc did one thing.
    assert_eq!(robot.app.query, "attention");
    let what = FetchStep::Ended { kept: 1, failed: 0 };
    robot.send(Msg::Fetching(FetchNews { signature, what }));
    assert_eq!(robot.toast(), "Fetching stopped");
    robot.press("<Esc>");
    assert_eq!((robot.stops, robot.app.query.as_str()), (1, ""));
}

#[test]
fn a_fetching_that_is_replaced_is_not_heard_any_more() {
    let mut robot = Robot::example(80, 24);
    robot.press("m");
    let first = robot.app.fetching.as_ref().unwrap().signature;
    robot.press("jm");
    let what = FetchStep::Kept(PaperNo(0));
    robot.send(Msg::Fetching(FetchNews {
        signature: first,
        what,
    }));
    assert_eq!(robot.app.fetching.as_ref().unwrap().done, 0);
    tell(
        &mut robot,
        FetchStep::Failed("b: Crossref does not know it (404); check".to_owned()),
    );
    assert!(robot.toast().starts_with("b: Crossref does not know it"));
    assert!(robot.app.fetching.is_none());
}

const LIBRARY: &str = r#"[
  {"id": "a", "type": "book", "title": "Alpha", "volume": "3", "DOI": "10.1000/a", "x": 1.50},
  {"id": "b", "type": "book", "title": "Beta", "DOI": "10.1000/b"}
]
"#;

fn review(here: &str, there: &str) -> FetchStep {
    let item = |text: &str| Item::parse(text.as_bytes()).unwrap();
    let (here, there) = (item(here), item(there));
    FetchStep::Differs(Box::new(Review {
        id: here.id().into_owned(),
        from: "Crossref".to_owned(),
        differing: differences(&here, &there),
        here,
        there,
    }))
}

#[test]
fn what_a_service_says_otherwise_is_accepted_field_by_field() {
    let mut robot = Robot::of(LIBRARY.as_bytes(), "refs.json", 80, 24);
    robot.press("gr");
    assert!(
        robot.toast().contains("m asks the services"),
        "{}",
        robot.toast()
    );
    robot.press("<Space><Space>m");
    let here = r#"{"id": "a", "type": "book", "title": "Alpha", "volume": "3", "DOI": "10.1000/a", "x": 1.50}"#;
    let there = r#"{"id": "z", "type": "book", "title": "Alpha and omega", "volume": "4", "publisher": "Press"}"#;
    tell(&mut robot, review(here, there));
    let here = r#"{"id": "b", "type": "book", "title": "Beta", "DOI": "10.1000/b"}"#;
    tell(&mut robot, review(here, r#"{"id": "z", "type": "thesis"}"#));
    tell(&mut robot, FetchStep::Ended { kept: 2, failed: 0 });
    assert_eq!(
        robot.toast(),
        "Figures about 2 papers fetched · 2 papers differ: gr"
    );
    assert!(robot.app.overlay.is_none());
    robot.press("gr");
    let screen = robot.screen();
    assert!(screen.contains("Crossref about a · 1 more"), "{screen}");
    assert!(screen.contains("accept 1 field "), "{screen}");
    assert!(
        screen.contains("✓    publisher") && screen.contains("— → Press"),
        "{screen}"
    );
    assert!(
        screen.contains("3 → 4") && screen.contains("Alpha → Alpha and omega"),
        "{screen}"
    );
    // The volume as well, and the publisher not.
    robot.press("jjjj<Enter>");
    assert!(
        robot.screen().contains("accept 2 fields"),
        "{}",
        robot.screen()
    );
    robot.press("j<Enter>");
    let screen = robot.screen();
    assert!(screen.contains("accept 1 field "), "{screen}");
    assert_eq!(robot.file(), LIBRARY);
    robot.press("yy");
    let changed = LIBRARY.replace(r#""volume": "3""#, r#""volume": "4""#);
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&robot.file()).unwrap(),
        serde_json::from_str::<serde_json::Value>(&changed).unwrap()
    );
    assert!(robot.file().contains("1.50"), "{}", robot.file());
    assert_eq!(robot.toast(), "Changed a: volume · u takes it back");
    robot.press("u");
    let back: serde_json::Value = serde_json::from_str(&robot.file()).unwrap();
    assert_eq!(
        back,
        serde_json::from_str::<serde_json::Value>(LIBRARY).unwrap()
    );
    // The other paper is left as it is.
    let before = robot.file();
    robot.press("gr");
    assert!(
        robot.screen().contains("Crossref about b"),
        "{}",
        robot.screen()
    );
    robot.press("y");
    assert!(
        robot.toast().contains("no field is marked"),
        "{}",
        robot.toast()
    );
    robot.press("n");
    assert_eq!(robot.file(), before);
    robot.press("gr");
    assert!(
        robot.toast().contains("nothing to accept"),
        "{}",
        robot.toast()
    );
}
