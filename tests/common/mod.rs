//! A reader made of keys: an app whose effects are carried out at once, and its screen.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

pub mod picture;

use std::sync::{Arc, OnceLock};

use offprint::app::drafts::{Draft, Edited};
use offprint::app::incoming::{Asked, Gathered};
use offprint::app::keymap::Keymap;
use offprint::app::mouse::{Deed, Pointer};
use offprint::app::writing::{LibraryWritten, Wanted};
use offprint::app::{App, Copied, CopyRoute, Effect, Msg, Reloaded, Settings, Source, update};
use offprint::config::keys::Key;
use offprint::config::theme::Theme;
use offprint::config::{Glyphs, Preview};
use offprint::core::catalogue::{Catalogue, SIMILAR_SHOWN};
use offprint::core::cite::styled::ArchivedStyles;
use offprint::core::cite::{StyleSource, Way};
use offprint::core::findings::{ModelFindings, Scope};
use offprint::core::identify::Identifier;
use offprint::core::incoming::{Policy, Work, receive};
use offprint::core::index::Index;
use offprint::core::journal::{Ledger, Operation};
use offprint::core::library::rewrite::{Piece, Surveyor};
use offprint::core::library::{Builder, Library, MemorySource, Problems, Segment, build_index};
use offprint::core::notes::{moved_papers, settle};
use offprint::core::page::PdfLook;
use offprint::core::paper::PaperNo;
use offprint::core::services::{MetricsSource, NoMetrics};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

/// The library that the program brings along.
pub const EXAMPLE: &[u8] = include_bytes!("../../assets/example.json");

/// An app with its world.
pub struct Robot {
    pub app: App,
    catalogue: Catalogue,
    bytes: Vec<u8>,
    /// What was copied, newest last.
    pub copies: Vec<String>,
    /// Addresses that were opened.
    pub opened: Vec<String>,
    /// Programs that were run, with their arguments.
    pub ran: Vec<Vec<String>>,
    /// Papers that were exported, and where to.
    pub exported: Vec<(Vec<PaperNo>, String)>,
    /// The file of an export is there already.
    pub there: bool,
    /// What was taken for another program.
    pub picked: Option<String>,
    /// Operations that went to the journal.
    pub written: Vec<Operation>,
    /// PDFs that are being read.
    pub readings: Vec<(u64, String)>,
    /// Whether the terminal shows pictures.
    pub pictures: Result<(), String>,
    /// Drafts that were kept, newest last; an empty one was dropped.
    pub drafts: Vec<Draft>,
    /// What the editor does.
    pub editor: Edited,
    /// Papers about which figures were to be fetched, newest last.
    pub fetches: Vec<Vec<String>>,
    /// Papers about which a model was to be asked, and whether that was just agreed to.
    pub model_questions: Vec<(PaperNo, bool)>,
    /// What of them was to be sent.
    pub model_scopes: Vec<Scope>,
    /// What a model said about every paper.
    pub by_model: Option<ModelFindings>,
    /// Papers of which a PDF was to be found, newest last.
    pub pdf_searches: Vec<String>,
    /// What is known of every attached PDF.
    pub look: Option<PdfLook>,
    /// How often the fetching was to end.
    pub stops: usize,
    /// Searches that were kept.
    pub remembered: Vec<String>,
    /// Texts that the editor got.
    pub in_editor: Vec<String>,
    /// Papers that are gathered whatever is asked for, with what cannot be had and what may be meant.
    pub arriving: Vec<Work>,
    pub remarks: Vec<String>,
    pub choices: Vec<(String, Identifier)>,
    /// What was asked for.
    pub asked: Vec<Asked>,
    /// The reader's own library was to be shown.
    pub switched: bool,
    pub quit: bool,
    pub suspended: bool,
}

/// A library read to its end and indexed.
struct Read {
    segments: Vec<Arc<Segment>>,
    problems: Problems,
    index: Arc<Index>,
}

impl Read {
    fn of(bytes: &[u8]) -> Read {
        let mut builder = Builder::new();
        let mut segments = builder.feed(bytes).expect("the library reads");
        segments.extend(builder.finish().expect("the library reads"));
        let source = MemorySource::new(bytes.to_vec());
        let index = build_index(builder.library(), &source, &|| false)
            .unwrap()
            .unwrap();
        Read {
            segments,
            problems: builder.take_problems(),
            index: Arc::new(index),
        }
    }
}

/// The example is read once for all tests.
fn example_read() -> &'static Read {
    static READ: OnceLock<Read> = OnceLock::new();
    READ.get_or_init(|| Read::of(EXAMPLE))
}

pub fn settings() -> Settings {
    Settings {
        theme: Theme::default(),
        themes: Theme::all(),
        glyphs: Glyphs::Unicode,
        keymap: Keymap::default(),
        default_way: Way::default(),
        shown_ways: vec![Way::named("bibtex"), Way::named("apa"), Way::named("mla")],
        styles: ArchivedStyles.names(),
        picking: false,
        preview: Preview::Auto,
        owner: None,
        libraries: Vec::new(),
        actions: Vec::new(),
        model: None,
        tour: false,
    }
}

impl Robot {
    /// The example library at a size.
    pub fn example(width: u16, height: u16) -> Robot {
        Robot::of(EXAMPLE, "example library", width, height)
    }

    /// A library of these bytes.
    pub fn of(bytes: &[u8], name: &str, width: u16, height: u16) -> Robot {
        let mut robot = Robot::unread(bytes, name, width, height);
        robot.read();
        robot
    }

    /// An app whose library has not been read yet.
    pub fn unread(bytes: &[u8], name: &str, width: u16, height: u16) -> Robot {
        let source = Source {
            name: name.to_owned(),
            example: name == "example library",
            read_only: None,
        };
        Robot {
            app: App::new(settings(), source, (width, height)),
            catalogue: Catalogue {
                library: Library::default(),
                index: None,
                source: Arc::new(MemorySource::new(bytes.to_vec())),
                styles: Arc::new(ArchivedStyles),
                notes: Arc::new(Ledger::new("test-1")),
                sentence_case: None,
                metrics: Arc::new(NoMetrics),
            },
            bytes: bytes.to_vec(),
            copies: Vec::new(),
            opened: Vec::new(),
            ran: Vec::new(),
            exported: Vec::new(),
            there: false,
            picked: None,
            written: Vec::new(),
            readings: Vec::new(),
            pictures: Err("a test has no terminal".to_owned()),
            drafts: Vec::new(),
            editor: Edited::Unchanged,
            fetches: Vec::new(),
            model_questions: Vec::new(),
            model_scopes: Vec::new(),
            by_model: None,
            pdf_searches: Vec::new(),
            look: None,
            stops: 0,
            remembered: Vec::new(),
            in_editor: Vec::new(),
            arriving: Vec::new(),
            remarks: Vec::new(),
            choices: Vec::new(),
            asked: Vec::new(),
            switched: false,
            quit: false,
            suspended: false,
        }
    }

    /// Has figures kept somewhere.
    pub fn keep_metrics(&mut self, metrics: Arc<dyn MetricsSource>) {
        self.catalogue.metrics = metrics;
    }

    /// Reads and indexes the library.
    pub fn read(&mut self) {
        self.send(Msg::Clock(1_700_000_000_000));
        self.send(Msg::NotesOpened(Box::new(Ledger::new("test-1"))));
        let read = if self.bytes == EXAMPLE {
            example_read()
        } else {
            &Read::of(&self.bytes)
        };
        self.send(Msg::Loaded(read.segments.clone()));
        self.send(Msg::Problems(read.problems.clone()));
        self.send(Msg::LoadDone);
        self.catalogue.index = Some(Arc::clone(&read.index));
        self.send(Msg::Indexed(Arc::clone(&read.index)));
    }

    /// Gives the app a message and carries out what it asks for.
    pub fn send(&mut self, msg: Msg) {
        let effects = update(&mut self.app, msg);
        for effect in effects {
            self.perform(effect);
        }
    }

    fn perform(&mut self, effect: Effect) {
        self.catalogue.library = self.app.library.clone();
        self.catalogue.notes = Arc::clone(&self.app.notes);
        let catalogue = self.catalogue.clone();
        match effect {
            Effect::FetchMetrics { papers, .. } => {
                let ids = papers.iter().map(|no| catalogue.library.id(*no).to_owned());
                self.fetches.push(ids.collect());
            }
            Effect::AskModel {
                paper,
                scope,
                agreed,
                ..
            } => {
                self.model_questions.push((paper, agreed));
                self.model_scopes.push(scope);
            }
            Effect::FindPdf { paper, .. } => {
                self.pdf_searches
                    .push(catalogue.library.id(paper).to_owned());
            }
            Effect::LookAtPdf(file) => {
                if let Some(look) = self.look.clone() {
                    self.send(Msg::PdfLooked(file, look));
                }
            }
            Effect::StopFetching => self.stops += 1,
            Effect::FindRetracted => {
                let found = catalogue.retracted(&|| false);
                self.send(Msg::RetractedFound(found));
            }
            Effect::Search {
                signature,
                query,
                order,
            } => {
                let hits = catalogue.search(&catalogue.parse(&query), order, &|| false);
                self.send(Msg::Found { signature, hits });
            }
            Effect::ReadPage { signature, paper } => {
                let result = catalogue
                    .page_item(paper, &self.app.settings.shown_ways)
                    .map(|mut read| {
                        read.by_model.clone_from(&self.by_model);
                        Arc::new(read)
                    })
                    .map_err(|error| error.to_string());
                self.send(Msg::PageRead { signature, result });
            }
            Effect::FindRelated { signature, paper } => {
                self.send(Msg::RelatedFound {
                    signature,
                    related: catalogue.related(paper, SIMILAR_SHOWN),
                });
            }
            Effect::Copy { way, papers } => {
                let of = match papers.as_slice() {
                    [one] => catalogue.key(*one).unwrap(),
                    many => format!("{} papers", many.len()),
                };
                let (text, route) = match catalogue.cite(&way, &papers) {
                    Ok(written) => (written.text, CopyRoute::Confirmed),
                    Err(error) => (String::new(), CopyRoute::Failed(error.to_string())),
                };
                self.copies.push(text.clone());
                let what = way.label();
                self.send(Msg::Copied(Copied {
                    what,
                    of,
                    text,
                    route,
                }));
            }
            Effect::Preview {
                signature,
                way,
                papers,
            } => {
                let written = catalogue.cite(&way, &papers);
                let text = written
                    .map(|written| written.text)
                    .map_err(|error| error.to_string());
                self.send(Msg::Previewed { signature, text });
            }
            Effect::Pick { way, papers } => {
                self.picked = catalogue
                    .cite(&way, &papers)
                    .ok()
                    .map(|written| written.text);
            }
            Effect::Change(operations) => {
                self.written.extend(operations);
                self.send(Msg::Saved);
            }
            Effect::KeepDraft(draft) => self.drafts.push(draft),
            Effect::RememberSearch(search) => self.remembered.push(search),
            Effect::EditText(draft) => {
                let edited = self.editor.clone();
                self.in_editor.push(draft.text);
                let key = draft.key;
                self.send(Msg::Edited { key, edited });
            }
            Effect::Gather { signature, asked } => {
                self.asked.push(asked);
                let works = self.arriving.clone();
                let into = (&catalogue.library, catalogue.source.as_ref());
                let outcome = receive(&works, Policy::Skip, into, &|_| false).unwrap();
                let result = Ok(Box::new(Gathered {
                    works,
                    outcome,
                    remarks: self.remarks.clone(),
                    choices: self.choices.clone(),
                }));
                self.send(Msg::Gathered { signature, result });
            }
            Effect::OpenOwnLibrary | Effect::OpenLibrary(_) => self.switched = true,
            Effect::WriteLibrary(wanted) => self.write_library(&catalogue, wanted),
            Effect::Settle(operations) => {
                let source = catalogue.source.as_ref();
                let settled = settle(&catalogue.notes, operations, &catalogue.library, source);
                self.send(Msg::NotesSettled(Box::new(settled)));
            }
            Effect::Identify(ids) => self.send(Msg::Identified(catalogue.identify(ids))),
            Effect::ReadPdf { signature, file } => self.readings.push((signature, file)),
            Effect::AskPictures => self.send(Msg::PicturesKnown(self.pictures.clone())),
            Effect::StopReading => self.readings.clear(),
            Effect::OpenFile(path) => self.opened.push(path),
            Effect::OpenUrl(url) => self.opened.push(url),
            Effect::RunProgram { words, .. } => self.ran.push(words),
            Effect::Export { path, replace, .. } if self.there && !replace => {
                self.send(Msg::FileExists(path));
            }
            Effect::Export { papers, path, .. } => self.exported.push((papers, path)),
            Effect::Redraw | Effect::Mouse(_) => {}
            Effect::Suspend => self.suspended = true,
            Effect::Quit => self.quit = true,
        }
    }

    /// Writes the library in memory, and reads it again as the program does.
    fn write_library(&mut self, catalogue: &Catalogue, wanted: Wanted) {
        let mut items = Vec::new();
        if let Wanted::Delete(papers) = &wanted {
            for paper in papers {
                items.push(catalogue.item(*paper).unwrap().fields().clone());
            }
        }
        let mut changes = wanted.changes(items);
        let mut intake = None;
        if let Wanted::Add(arriving) = &wanted {
            let into = (&catalogue.library, catalogue.source.as_ref());
            let outcome = receive(&arriving.works, arriving.policy, into, &|_| false).unwrap();
            changes.clone_from(&outcome.intake.changes);
            intake = Some(Box::new(outcome.intake));
        }
        let mut surveyor = Surveyor::new();
        surveyor.feed(&self.bytes).unwrap();
        let source = MemorySource::new(self.bytes.clone());
        let plan = surveyor.finish().unwrap().plan(&source, &changes).unwrap();
        let mut bytes = Vec::new();
        for piece in plan.pieces {
            match piece {
                Piece::Kept(range) => {
                    bytes.extend(&self.bytes[range.start as usize..range.end as usize]);
                }
                Piece::New(text) => bytes.extend(text.into_bytes()),
            }
        }
        self.bytes = bytes;
        let result = Ok((changes, plan.refused));
        self.send(Msg::LibraryWritten(Box::new(LibraryWritten {
            wanted,
            result,
            intake,
            is_begun: self.app.source.example,
        })));
        self.read_again();
    }

    /// The library as it is now, read again.
    fn read_again(&mut self) {
        let old = self.catalogue.clone();
        let read = Read::of(&self.bytes);
        let mut library = Library::default();
        for segment in &read.segments {
            library.push(Arc::clone(segment));
        }
        self.catalogue.library = library.clone();
        self.catalogue.source = Arc::new(MemorySource::new(self.bytes.clone()));
        let source = Arc::clone(&self.catalogue.source);
        let moved = moved_papers(
            (&old.library, old.source.as_ref()),
            (&library, source.as_ref()),
        );
        let settled = settle(&self.app.notes, Vec::new(), &library, source.as_ref());
        let (query, order) = (self.app.query.clone(), self.app.order());
        let is_asked = !query.trim().is_empty() || !order.is_given();
        let hits = is_asked.then(|| {
            let catalogue = Catalogue {
                index: None,
                ..self.catalogue.clone()
            };
            catalogue.search(&catalogue.parse(&query), order, &|| false)
        });
        self.send(Msg::Reloaded(Box::new(Reloaded {
            library,
            problems: read.problems,
            moved,
            query,
            order,
            hits,
            settled,
        })));
        self.catalogue.index = Some(Arc::clone(&read.index));
        self.send(Msg::Indexed(read.index));
    }

    /// The file as it is now.
    pub fn file(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap()
    }

    /// Presses keys: characters as they are, others as `<Enter>`, `<^D>`, `<Space>`.
    pub fn press(&mut self, keys: &str) -> &mut Robot {
        let mut rest = keys;
        while let Some(c) = rest.chars().next() {
            let (name, after) = match rest
                .strip_prefix('<')
                .and_then(|inner| inner.split_once('>'))
            {
                Some((name, after)) if !name.is_empty() => (name.to_owned(), after),
                _ => (c.to_string(), rest.strip_prefix(c).unwrap_or_default()),
            };
            let key: Key = if name == " " {
                Key::char(' ')
            } else {
                name.parse().unwrap_or_else(|_| panic!("key {name}"))
            };
            self.send(Msg::Key(key));
            rest = after;
        }
        self
    }

    /// Does something with the mouse at a cell.
    pub fn point(&mut self, deed: Deed, (column, row): (u16, u16)) -> &mut Robot {
        let is_sought = !matches!(deed, Deed::Drag | Deed::Release);
        let target = is_sought.then(|| offprint::ui::target_at(&self.app, column, row));
        self.send(Msg::Mouse(Pointer {
            deed,
            column,
            target: target.flatten(),
        }));
        self
    }

    /// Where a text stands first on the screen.
    #[track_caller]
    pub fn place_of(&self, text: &str) -> (u16, u16) {
        let screen = self.screen();
        let place = screen.lines().enumerate().find_map(|(row, line)| {
            let before = line.get(..line.find(text)?)?;
            let column = unicode_width::UnicodeWidthStr::width(before);
            Some((column as u16, row as u16))
        });
        place.unwrap_or_else(|| panic!("no {text} on the screen:\n{screen}"))
    }

    /// Presses the button on the first place of a text, and lets it go.
    #[track_caller]
    pub fn click(&mut self, text: &str) -> &mut Robot {
        let place = self.place_of(text);
        self.point(Deed::Press, place).point(Deed::Release, place)
    }

    /// The id of the paper under the cursor.
    pub fn selected(&self) -> String {
        self.app
            .selected()
            .map(|paper| self.app.library.id(paper).to_owned())
            .unwrap_or_default()
    }

    /// The message in the status line.
    pub fn toast(&self) -> String {
        self.app
            .toast
            .as_ref()
            .map(|toast| toast.message.text.clone())
            .unwrap_or_default()
    }

    /// The screen as cells.
    pub fn buffer(&self) -> Buffer {
        let (width, height) = self.app.size;
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal
            .draw(|frame| offprint::ui::draw(&self.app, frame))
            .unwrap();
        terminal.backend().buffer().clone()
    }

    /// The screen as lines of text.
    pub fn screen(&self) -> String {
        let buffer = self.buffer();
        let mut out = String::new();
        for y in 0..buffer.area.height {
            let mut line = String::new();
            let mut skip = 0;
            for x in 0..buffer.area.width {
                let symbol = buffer[(x, y)].symbol();
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                skip = unicode_width::UnicodeWidthStr::width(symbol).saturating_sub(1);
                line.push_str(symbol);
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }

    /// The screen as text and styles.
    pub fn styled(&self) -> String {
        let buffer = self.buffer();
        let debug = format!("{buffer:?}");
        let styles = debug
            .split_once("styles: [")
            .map_or("", |(_, styles)| styles);
        format!("{}\n{styles}", self.screen())
    }

    /// What stands in reversed letters, line after line with one blank between them.
    pub fn marked(&self) -> String {
        let buffer = self.buffer();
        let is_marked = |x, y| {
            let modifier = buffer[(x, y)].modifier;
            modifier.contains(ratatui::style::Modifier::REVERSED)
        };
        let lines = (0..buffer.area.height).map(|y| {
            let cells = (0..buffer.area.width).filter(|x| is_marked(*x, y));
            let line: String = cells.map(|x| buffer[(x, y)].symbol()).collect();
            line.trim().to_owned()
        });
        let lines: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
        lines.join(" ")
    }
}
