//! A style as typed data: what the attributes and elements of CSL 1.0.2 say, without anything done with them yet.

use super::locale::LocaleOverride;

/// How a stretch of text looks; `None` is "as around it".
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Formatting {
    pub(crate) font_style: Option<FontStyle>,
    pub(crate) small_caps: Option<bool>,
    pub(crate) font_weight: Option<FontWeight>,
    pub(crate) underline: Option<bool>,
    pub(crate) vertical_align: Option<VerticalAlign>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FontStyle {
    Normal,
    Italic,
    Oblique,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FontWeight {
    Normal,
    Bold,
    Light,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum VerticalAlign {
    Baseline,
    Superscript,
    Subscript,
}

/// `text-case`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextCase {
    /// All letters lower.
    Lowercase,
    /// All letters upper.
    Uppercase,
    /// The first word starts upper.
    CapitalizeFirst,
    /// Every word starts upper.
    CapitalizeAll,
    /// The first word starts upper, the rest is lower.
    Sentence,
    /// Every word but the stop words starts upper.
    Title,
}

/// `display`: the block that an element makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Display {
    /// A block of its own, as wide as the entry.
    Block,
    /// The first block of a line, in the margin (a number).
    LeftMargin,
    /// The block right of the margin.
    RightInline,
    /// An indented block.
    Indent,
}

/// Everything that rendering elements have in common.
#[derive(Debug, Clone, Default)]
pub(crate) struct Look {
    pub(crate) formatting: Formatting,
    pub(crate) prefix: String,
    pub(crate) suffix: String,
    pub(crate) text_case: Option<TextCase>,
    pub(crate) quotes: bool,
    pub(crate) strip_periods: bool,
    pub(crate) display: Option<Display>,
}

#[derive(Debug, Clone)]
pub(crate) enum Element {
    Text(Text),
    Number(Number),
    Label(Label),
    Date(Date),
    Names(Box<Names>),
    Choose(Vec<Branch>),
    Group(Group),
}

#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub(crate) source: TextSource,
    pub(crate) look: Look,
}

#[derive(Debug, Clone)]
pub(crate) enum TextSource {
    Variable {
        name: String,
        short: bool,
    },
    /// Index into [`Style::macros`].
    Macro(usize),
    Term {
        name: String,
        form: TermForm,
        plural: bool,
    },
    Value(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub(crate) enum TermForm {
    #[default]
    Long,
    Short,
    Verb,
    VerbShort,
    Symbol,
}

#[derive(Debug, Clone)]
pub(crate) struct Number {
    pub(crate) variable: String,
    pub(crate) form: NumberForm,
    pub(crate) look: Look,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberForm {
    Numeric,
    Ordinal,
    LongOrdinal,
    Roman,
}

#[derive(Debug, Clone)]
pub(crate) struct Label {
    /// Empty for the label of a `names` element.
    pub(crate) variable: String,
    pub(crate) form: TermForm,
    pub(crate) plural: Plural,
    pub(crate) look: Look,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plural {
    Contextual,
    Always,
    Never,
}

#[derive(Debug, Clone)]
pub(crate) struct Date {
    pub(crate) variable: String,
    /// `None`: the parts stand in the style; else the locale's format.
    pub(crate) form: Option<DateForm>,
    /// The last part that is printed of a localized date, counted as year 1, month 2, day 3.
    pub(crate) depth: u8,
    pub(crate) parts: Vec<DatePart>,
    pub(crate) delimiter: String,
    pub(crate) look: Look,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateForm {
    Numeric,
    Text,
}

#[derive(Debug, Clone)]
pub(crate) struct DatePart {
    pub(crate) name: DatePartName,
    pub(crate) form: Option<DatePartForm>,
    pub(crate) range_delimiter: Option<String>,
    pub(crate) look: Look,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum DatePartName {
    Year,
    Month,
    Day,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DatePartForm {
    Numeric,
    NumericLeadingZeros,
    Ordinal,
    Long,
    Short,
}

#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) children: Vec<Element>,
    pub(crate) delimiter: String,
    pub(crate) look: Look,
}

#[derive(Debug, Clone)]
pub(crate) struct Branch {
    /// `None` for `else`.
    pub(crate) condition: Option<(Match, Vec<Test>)>,
    pub(crate) children: Vec<Element>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Match {
    All,
    Any,
    None,
}

#[derive(Debug, Clone)]
pub(crate) enum Test {
    Type(String),
    Variable(String),
    IsNumeric(String),
    IsUncertainDate(String),
    Locator(String),
    Position(Position),
    Disambiguate(bool),
}

/// Where a cite stands among the cites of its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Position {
    /// The first cite of the item.
    #[default]
    First,
    /// A later one.
    Subsequent,
    /// Directly after a cite of the same item.
    Ibid,
    /// The same, with another locator.
    IbidWithLocator,
    /// Within `near-note-distance` of the one before. As a cite's own position it implies `Subsequent`.
    NearNote,
}

#[derive(Debug, Clone)]
pub(crate) struct Names {
    pub(crate) variables: Vec<String>,
    pub(crate) name: Option<NameElement>,
    pub(crate) et_al: Option<EtAl>,
    pub(crate) label: Option<Label>,
    /// The label stands before the names.
    pub(crate) label_first: bool,
    pub(crate) substitute: Vec<Element>,
    pub(crate) delimiter: Option<String>,
    pub(crate) look: Look,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct NameElement {
    pub(crate) options: NameOptions,
    pub(crate) look: Look,
    pub(crate) family: Option<Look>,
    pub(crate) given: Option<Look>,
}

#[derive(Debug, Clone)]
pub(crate) struct EtAl {
    pub(crate) term: String,
    pub(crate) look: Look,
}

/// The options that `style`, `citation` and `bibliography` hand down to `names` and `name`.
#[derive(Debug, Clone, Default)]
pub(crate) struct NameOptions {
    pub(crate) and: Option<And>,
    pub(crate) delimiter: Option<String>,
    pub(crate) names_delimiter: Option<String>,
    pub(crate) precedes_et_al: Option<DelimiterPrecedes>,
    pub(crate) precedes_last: Option<DelimiterPrecedes>,
    pub(crate) et_al_min: Option<usize>,
    pub(crate) et_al_use_first: Option<usize>,
    pub(crate) et_al_subsequent_min: Option<usize>,
    pub(crate) et_al_subsequent_use_first: Option<usize>,
    pub(crate) et_al_use_last: Option<bool>,
    pub(crate) form: Option<NameForm>,
    pub(crate) initialize: Option<bool>,
    pub(crate) initialize_with: Option<String>,
    pub(crate) as_sort_order: Option<SortOrderNames>,
    pub(crate) sort_separator: Option<String>,
}

impl NameOptions {
    /// These options, with what they leave open taken from `outer`.
    pub(crate) fn inherit(&self, outer: &NameOptions) -> NameOptions {
        NameOptions {
            and: self.and.or(outer.and),
            delimiter: self.delimiter.clone().or_else(|| outer.delimiter.clone()),
            names_delimiter: self
                .names_delimiter
                .clone()
                .or_else(|| outer.names_delimiter.clone()),
            precedes_et_al: self.precedes_et_al.or(outer.precedes_et_al),
            precedes_last: self.precedes_last.or(outer.precedes_last),
            et_al_min: self.et_al_min.or(outer.et_al_min),
            et_al_use_first: self.et_al_use_first.or(outer.et_al_use_first),
            et_al_subsequent_min: self.et_al_subsequent_min.or(outer.et_al_subsequent_min),
            et_al_subsequent_use_first: self
                .et_al_subsequent_use_first
                .or(outer.et_al_subsequent_use_first),
            et_al_use_last: self.et_al_use_last.or(outer.et_al_use_last),
            form: self.form.or(outer.form),
            initialize: self.initialize.or(outer.initialize),
            initialize_with: self
                .initialize_with
                .clone()
                .or_else(|| outer.initialize_with.clone()),
            as_sort_order: self.as_sort_order.or(outer.as_sort_order),
            sort_separator: self
                .sort_separator
                .clone()
                .or_else(|| outer.sort_separator.clone()),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum And {
    Text,
    Symbol,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DelimiterPrecedes {
    Contextual,
    AfterInvertedName,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameForm {
    Long,
    Short,
    Count,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SortOrderNames {
    First,
    All,
}

#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub(crate) children: Vec<Element>,
    pub(crate) delimiter: String,
    pub(crate) look: Look,
}

#[derive(Debug, Clone)]
pub(crate) struct SortKey {
    pub(crate) source: SortSource,
    pub(crate) descending: bool,
    pub(crate) names_min: Option<usize>,
    pub(crate) names_use_first: Option<usize>,
    pub(crate) names_use_last: Option<bool>,
}

#[derive(Debug, Clone)]
pub(crate) enum SortSource {
    Variable(String),
    Macro(usize),
}

/// Which given names are added to tell names apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum GivennameRule {
    AllNames,
    AllNamesWithInitials,
    PrimaryName,
    PrimaryNameWithInitials,
    #[default]
    ByCite,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Collapse {
    CitationNumber,
    Year,
    YearSuffix,
    YearSuffixRanged,
}

#[derive(Debug, Clone)]
pub(crate) struct Citation {
    pub(crate) layout: Layout,
    pub(crate) sort: Vec<SortKey>,
    pub(crate) options: NameOptions,
    pub(crate) add_names: bool,
    pub(crate) add_givenname: bool,
    pub(crate) givenname_rule: GivennameRule,
    pub(crate) add_year_suffix: bool,
    pub(crate) collapse: Option<Collapse>,
    /// Given, or implied by `collapse`: cites with the same names stand together.
    pub(crate) cite_group_delimiter: Option<String>,
    pub(crate) year_suffix_delimiter: Option<String>,
    pub(crate) after_collapse_delimiter: Option<String>,
    pub(crate) near_note_distance: u32,
}

#[derive(Debug, Clone)]
pub(crate) struct Bibliography {
    pub(crate) layout: Layout,
    pub(crate) sort: Vec<SortKey>,
    pub(crate) options: NameOptions,
    pub(crate) hanging_indent: bool,
    pub(crate) second_field_align: Option<SecondFieldAlign>,
    pub(crate) line_spacing: u32,
    pub(crate) entry_spacing: u32,
    pub(crate) subsequent_author_substitute: Option<String>,
    pub(crate) substitute_rule: SubstituteRule,
}

/// `second-field-align`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFieldAlign {
    /// The first field is set flush with the text.
    Flush,
    /// The first field is set in the margin.
    Margin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum SubstituteRule {
    #[default]
    CompleteAll,
    CompleteEach,
    PartialEach,
    PartialFirst,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Demote {
    Never,
    SortOnly,
    #[default]
    DisplayAndSort,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageRangeFormat {
    Chicago15,
    Chicago16,
    Expanded,
    Minimal,
    MinimalTwo,
}

/// What a style says about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StyleInfo {
    /// The id, an address in the CSL repository.
    pub id: String,
    /// The full title.
    pub title: String,
    /// The short title, empty when there is none.
    pub title_short: String,
    /// When the style was last changed, as written (RFC 3339).
    pub updated: String,
    /// The licence, an address or a name.
    pub license: String,
    /// The names of the authors.
    pub authors: Vec<String>,
    /// The id of the style that a dependent style stands for.
    pub parent: Option<String>,
}

impl Style {
    /// The language to print in: the wanted one, but the style's own dialect of it where it asks for one (a British
    /// style stays British when English is wanted); the style's language, else American English, when none is wanted.
    pub fn language<'s>(&'s self, wanted: Option<&'s str>) -> &'s str {
        let base = |lang: &'s str| lang.split(['-', '_']).next().unwrap_or_default();
        match (wanted, self.default_locale.as_deref()) {
            (None, own) => own.unwrap_or("en-US"),
            (Some(wanted), Some(own)) if base(wanted).eq_ignore_ascii_case(base(own)) => own,
            (Some(wanted), _) => wanted,
        }
    }
}

/// A parsed CSL style; make one with [`Style::parse`].
#[derive(Debug, Clone)]
pub struct Style {
    pub(crate) info: StyleInfo,
    /// Cites are notes rather than text.
    pub(crate) note: bool,
    pub(crate) default_locale: Option<String>,
    pub(crate) options: NameOptions,
    pub(crate) initialize_with_hyphen: bool,
    pub(crate) demote: Demote,
    pub(crate) page_range_format: Option<PageRangeFormat>,
    pub(crate) locales: Vec<LocaleOverride>,
    pub(crate) macros: Vec<Vec<Element>>,
    pub(crate) citation: Citation,
    pub(crate) bibliography: Option<Bibliography>,
}
