//! Words that matter where a full stop follows or precedes them.

/// Whether a sentence may end after a word and its stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// As after any word.
    Free,
    /// Never: `Dr.`, `e.g.`.
    Never,
    /// Not before a number: `Fig. 2`, `No. 5`.
    BeforeNumber,
    /// Only before a word that begins many sentences and no names: `et al. We`.
    BeforeStarter,
}

const NEVER: [&str; 34] = [
    "e.g", "i.e", "w.r.t", "a.k.a", "s.t", "eg", "ie", "vs", "cf", "viz", "dr", "drs", "prof",
    "profs", "mr", "mrs", "ms", "mt", "messrs", "approx", "ca", "resp", "incl", "esp", "et", "wrt",
    "aka", "phys", "proc", "natl", "acad", "univ", "dept", "intl",
];

const BEFORE_NUMBER: [&str; 33] = [
    "fig", "figs", "eq", "eqs", "eqn", "eqns", "sec", "sect", "sects", "secs", "ref", "refs",
    "tab", "tabs", "no", "nos", "nr", "vol", "vols", "ch", "chap", "pp", "p", "def", "thm", "lem",
    "prop", "alg", "suppl", "supp", "art", "para", "app",
];

const BEFORE_STARTER: [&str; 20] = [
    "al", "etc", "inc", "ltd", "corp", "co", "st", "jr", "sr", "rev", "lett", "sci", "trans",
    "conf", "jan", "feb", "aug", "sept", "oct", "nov",
];

/// How a word, without its last stop, goes with the end of a sentence.
pub(super) fn ending_of(word: &str) -> Ending {
    if word.len() > 8 {
        return Ending::Free;
    }
    let word = word.to_lowercase();
    let listed = |list: &[&str]| list.contains(&word.as_str());
    if listed(&NEVER) {
        Ending::Never
    } else if listed(&BEFORE_NUMBER) {
        Ending::BeforeNumber
    } else if listed(&BEFORE_STARTER) {
        Ending::BeforeStarter
    } else {
        Ending::Free
    }
}

/// Words that begin sentences and no names, in small letters.
const STARTERS: [&str; 120] = [
    "a",
    "about",
    "according",
    "additionally",
    "after",
    "all",
    "also",
    "although",
    "among",
    "an",
    "and",
    "another",
    "any",
    "as",
    "at",
    "because",
    "before",
    "besides",
    "both",
    "but",
    "by",
    "compared",
    "consequently",
    "conversely",
    "current",
    "currently",
    "data",
    "despite",
    "due",
    "during",
    "each",
    "either",
    "even",
    "every",
    "existing",
    "experimental",
    "experiments",
    "extensive",
    "finally",
    "first",
    "firstly",
    "following",
    "for",
    "from",
    "further",
    "furthermore",
    "given",
    "hence",
    "here",
    "how",
    "however",
    "if",
    "importantly",
    "in",
    "indeed",
    "instead",
    "is",
    "it",
    "its",
    "lastly",
    "many",
    "moreover",
    "most",
    "much",
    "my",
    "new",
    "next",
    "no",
    "nevertheless",
    "nonetheless",
    "notably",
    "now",
    "of",
    "on",
    "once",
    "one",
    "other",
    "our",
    "overall",
    "patients",
    "recent",
    "recently",
    "results",
    "second",
    "secondly",
    "several",
    "similarly",
    "since",
    "so",
    "some",
    "such",
    "than",
    "that",
    "the",
    "their",
    "then",
    "there",
    "therefore",
    "these",
    "they",
    "third",
    "this",
    "those",
    "three",
    "through",
    "thus",
    "to",
    "two",
    "under",
    "unlike",
    "using",
    "we",
    "what",
    "when",
    "where",
    "whereas",
    "which",
    "while",
    "with",
    "without",
];

/// Whether a word begins many sentences and no names: `We`, `The`, `However`.
pub(super) fn starts_sentences(word: &str) -> bool {
    if !word.starts_with(char::is_uppercase) || word.len() > 14 {
        return false;
    }
    let word = word.to_lowercase();
    STARTERS.contains(&word.as_str())
}

/// Nouns after which a letter names a kind: `vitamin D`, `type A`.
const CLASS_NOUNS: [&str; 37] = [
    "vitamin",
    "vitamins",
    "type",
    "types",
    "hepatitis",
    "group",
    "groups",
    "class",
    "grade",
    "stage",
    "factor",
    "phase",
    "protein",
    "virus",
    "strain",
    "influenza",
    "arm",
    "experiment",
    "appendix",
    "section",
    "case",
    "algorithm",
    "model",
    "level",
    "category",
    "cohort",
    "score",
    "coenzyme",
    "complex",
    "domain",
    "immunoglobulin",
    "language",
    "plan",
    "site",
    "study",
    "version",
    "program",
];

/// Whether a letter after this word names a kind of it rather than a person.
pub(super) fn is_class_noun(word: &str) -> bool {
    CLASS_NOUNS.contains(&word.to_lowercase().as_str())
}
