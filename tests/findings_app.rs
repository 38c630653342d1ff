//! Key findings on the screens: those of the abstract, and those of a model that the reader agreed to ask.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use common::Robot;
use offprint::app::Msg;
use offprint::app::fetching::{FetchNews, FetchStep};
use offprint::app::model::ModelAnswer;
use offprint::config::model::ModelSettings;
use offprint::core::findings::{AbstractText, ModelFindings, Question, Scope, claims};

const ABSTRACT: &str = "Sleep is short in many adults. We let 120 adults sleep longer, or not, by chance. Mood rose by \
    12% in the first group (p < 0.01). Longer sleep may therefore help others.";

const NOT_AGREED: ModelAnswer = ModelAnswer::NotAgreed {
    scope: Scope::Abstract,
    characters: 1234,
    has_pdf: false,
};

fn robot(width: u16, height: u16) -> Robot {
    let items = serde_json::json!([
        {"id": "a", "type": "article-journal", "title": "Sleep", "abstract": ABSTRACT},
        {"id": "b", "type": "book", "title": "A book"},
    ]);
    let mut robot = Robot::of(items.to_string().as_bytes(), "two.json", width, height);
    robot.app.settings.model = Some(ModelSettings {
        url: "https://api.example.org/v1".to_owned(),
        name: "tiny".to_owned(),
        key_env: None,
        embeddings: None,
        scope: Scope::Abstract,
    });
    robot
}

fn by_model() -> ModelFindings {
    let question = Question::about(&AbstractText::of(ABSTRACT)).unwrap();
    let answer = r#"{"methodology": {"sentence": 2, "claim": "120 adults slept longer or not."},
        "results": {"sentence": 3, "claim": "Mood rose by 15%."}, "significance": null}"#;
    ModelFindings {
        model: "tiny-1".to_owned(),
        made: 1_795_737_600_000,
        scope: "abstract".to_owned(),
        file: None,
        fingerprint: question.fingerprint("tiny"),
        text: question.text_fingerprint(),
        claims: claims(answer, &question).unwrap(),
    }
}

fn snapshot(name: &str, robot: &mut Robot) {
    robot.send(Msg::Now(60_000));
    let (width, height) = robot.app.size;
    insta::assert_snapshot!(format!("{name}_{width}x{height}"), robot.styled());
}

fn signature(robot: &Robot) -> u64 {
    robot.app.fetching.as_ref().unwrap().signature
}

fn answer(robot: &mut Robot, answer: ModelAnswer) {
    let (paper, _) = *robot.model_questions.last().unwrap();
    let signature = signature(robot);
    robot.send(Msg::ModelAnswered {
        signature,
        paper,
        answer,
    });
}

#[test]
fn findings_of_the_abstract_are_pictured() {
    for (width, height) in [(80, 24), (120, 40)] {
        let mut robot = robot(width, height);
        robot.press("gkj<Enter>");
        snapshot("abstract", &mut robot);
    }
}

#[test]
fn findings_of_a_model_are_pictured() {
    for (width, height) in [(80, 24), (120, 40)] {
        let mut robot = robot(width, height);
        robot.by_model = Some(by_model());
        robot.press("jkgkj");
        snapshot("model", &mut robot);
        let screen = robot.screen();
        assert!(screen.contains("AI · tiny-1 · 2026-11-27"), "{screen}");
        assert!(screen.contains("[unsupported]") && screen.contains("Mood rose by 15%."));
    }
}

#[test]
fn a_model_is_asked_only_after_the_reader_agreed() {
    let mut robot = robot(80, 24);
    robot.press("I");
    let paper = robot.app.selected().unwrap();
    assert_eq!(robot.model_questions, [(paper, false)]);
    answer(&mut robot, NOT_AGREED);
    snapshot("agree", &mut robot);
    let screen = robot.screen();
    assert!(screen.contains("Ask tiny at api.example.org?"), "{screen}");
    assert!(
        screen.contains("1,234 characters") && screen.contains("leaves this machine"),
        "{screen}"
    );
    robot.press("n");
    assert_eq!(robot.model_questions.len(), 1);
    robot.press("I");
    answer(&mut robot, NOT_AGREED);
    robot.press("y");
    assert_eq!(robot.model_questions.last(), Some(&(paper, true)));
    robot.by_model = Some(by_model());
    answer(&mut robot, ModelAnswer::Kept);
    assert_eq!(robot.toast(), "Key findings are there: gk");
    robot.press("gk");
    assert!(robot.screen().contains("AI · tiny-1"), "{}", robot.screen());
}

#[test]
fn keys_work_while_a_model_answers_and_esc_stops_it() {
    let mut robot = robot(80, 24);
    robot.press("I");
    let signature = signature(&robot);
    let what = FetchStep::Asking("tiny-1 · 120 characters".to_owned());
    robot.send(Msg::Fetching(FetchNews { signature, what }));
    assert!(
        robot.screen().contains("asking tiny-1 · 120 characters…"),
        "{}",
        robot.screen()
    );
    robot.press("j");
    assert_eq!(robot.selected(), "b");
    robot.press("<Esc>");
    assert_eq!((robot.stops, robot.app.fetching.is_none()), (1, true));
    // An answer that nobody awaits changes nothing.
    let paper = robot.app.selected().unwrap();
    robot.send(Msg::ModelAnswered {
        signature,
        paper,
        answer: NOT_AGREED,
    });
    assert!(robot.app.overlay.is_none());
}

#[test]
fn trouble_is_told() {
    let mut robot = robot(80, 24);
    robot.press("I");
    let reason = "127.0.0.1:1 cannot be reached; start the server";
    answer(&mut robot, ModelAnswer::Failed(reason.to_owned()));
    assert_eq!(robot.toast(), reason);
    robot.app.settings.model = None;
    robot.press("I");
    assert!(robot.toast().contains("write [model]"), "{}", robot.toast());
    assert_eq!(robot.model_questions.len(), 1);
}

#[test]
fn the_text_of_a_pdf_may_be_sent_instead_and_is_agreed_to_by_itself() {
    let mut robot = robot(80, 24);
    robot.press("I");
    assert_eq!(robot.model_scopes, [Scope::Abstract]);
    let not_agreed = |scope, characters| ModelAnswer::NotAgreed {
        scope,
        characters,
        has_pdf: true,
    };
    answer(&mut robot, not_agreed(Scope::Abstract, 1234));
    let screen = robot.screen();
    assert!(
        screen.contains("send the abstract") && screen.contains("the text of the PDF instead"),
        "{screen}"
    );
    robot.press("p");
    assert_eq!(robot.model_scopes.last(), Some(&Scope::Pdf));
    assert!(
        !robot.model_questions.last().unwrap().1,
        "its length is told first"
    );
    answer(&mut robot, not_agreed(Scope::Pdf, 45_678));
    let screen = robot.screen();
    assert!(
        screen.contains("send the text of the PDF") && screen.contains("45,678 characters"),
        "{screen}"
    );
    robot.press("y");
    assert_eq!(robot.model_scopes.last(), Some(&Scope::Pdf));
    assert!(robot.model_questions.last().unwrap().1);
    robot.app.fetching = None;
    robot.app.settings.model.as_mut().unwrap().scope = Scope::Pdf;
    robot.press("I");
    assert_eq!(robot.model_scopes.last(), Some(&Scope::Pdf));
}
