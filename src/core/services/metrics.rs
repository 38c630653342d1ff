//! Figures about a paper, each with the service that gave it.
//!
//! Services count differently, so one figure is shown and the others are listed; they are never added up.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Service;

/// The services whose count of citations is shown, the preferred first.
const PREFERRED: [Service; 5] = [
    Service::OpenAlex,
    Service::SemanticScholar,
    Service::Crossref,
    Service::EuropePmc,
    Service::Icite,
];

impl From<Service> for String {
    fn from(service: Service) -> String {
        service.code().to_owned()
    }
}

impl TryFrom<String> for Service {
    type Error = String;

    fn try_from(code: String) -> Result<Service, String> {
        Service::ALL
            .into_iter()
            .find(|service| service.code() == code)
            .ok_or_else(|| format!("there is no service \"{code}\""))
    }
}

/// A count and who counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// Who counted.
    pub source: Service,
    /// How many.
    pub count: u32,
}

/// The relative citation ratio: citations a year against those of the paper's field, where 1 is usual
/// (Hutchins et al. 2016, 10.1371/journal.pbio.1002541).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Relative {
    /// The ratio.
    pub ratio: f64,
    /// The share of NIH's papers below it, 0–100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percentile: Option<f64>,
    /// The paper is too young for more than a guess.
    #[serde(default)]
    pub is_provisional: bool,
}

/// How a paper can be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenAccess {
    /// gold, green, hybrid, bronze, diamond or closed.
    pub status: String,
    /// The licence of the best copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// A PDF of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pdf: Option<String>,
    /// A web page of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
}

/// What happened to a paper after it was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NoticeKind {
    /// It was retracted, withdrawn or removed.
    Retracted,
    /// Its editors have doubts.
    Concern,
    /// It was corrected.
    Corrected,
    /// It is itself the notice of a retraction.
    Notice,
}

impl NoticeKind {
    /// The kind of one of Crossref's updates; `is_of_this`: the paper was updated, rather than being the update.
    pub(super) fn of(update: &str, is_of_this: bool) -> Option<NoticeKind> {
        let kind = match update {
            "retraction" | "withdrawal" | "removal" | "partial_retraction" => NoticeKind::Retracted,
            "expression_of_concern" => NoticeKind::Concern,
            "correction" | "erratum" | "corrigendum" | "addendum" | "clarification" => {
                NoticeKind::Corrected
            }
            _ => return None,
        };
        match (kind, is_of_this) {
            (kind, true) => Some(kind),
            (NoticeKind::Retracted, false) => Some(NoticeKind::Notice),
            _ => None,
        }
    }
}

/// A notice about a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What happened.
    pub kind: NoticeKind,
    /// The DOI of the notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doi: Option<String>,
    /// Its date, as far as known: `2021-03-04`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Who says so.
    pub source: Service,
}

/// Figures about a paper.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Metrics {
    /// Citations, once a service.
    pub citations: Vec<Figure>,
    /// Citations a year, the oldest year first; years without any may be missing.
    pub by_year: Vec<(i32, u32)>,
    /// Citations that build on the paper.
    pub influential: Option<u32>,
    /// Works that it cites.
    pub references: Option<u32>,
    /// Citations against those usual for field, age and type, where 1 is usual.
    pub field_weighted: Option<f64>,
    /// The share of such papers with fewer citations, 0–100.
    pub percentile: Option<f64>,
    /// The relative citation ratio.
    pub relative: Option<Relative>,
    /// How it can be read.
    pub open_access: Option<OpenAccess>,
    /// Retractions and corrections.
    pub notices: Vec<Notice>,
}

impl Metrics {
    /// Takes over what another service says; what is known already stays.
    pub fn merge(&mut self, other: Metrics) {
        for figure in other.citations {
            if !self.citations.iter().any(|one| one.source == figure.source) {
                self.citations.push(figure);
            }
        }
        self.citations
            .sort_by_key(|figure| PREFERRED.iter().position(|one| *one == figure.source));
        if self.by_year.is_empty() {
            self.by_year = other.by_year;
        }
        self.influential = self.influential.or(other.influential);
        // Whoever finds more references has read the paper better.
        self.references = self.references.max(other.references);
        self.field_weighted = self.field_weighted.or(other.field_weighted);
        self.percentile = self.percentile.or(other.percentile);
        self.relative = self.relative.or(other.relative);
        match (&mut self.open_access, other.open_access) {
            (Some(own), Some(other)) => {
                own.license = own.license.take().or(other.license);
                own.pdf = own.pdf.take().or(other.pdf);
                own.page = own.page.take().or(other.page);
            }
            (own @ None, other) => *own = other,
            (Some(_), None) => {}
        }
        for notice in other.notices {
            let same = self.notices.iter_mut().find(|one| {
                one.kind == notice.kind
                    && (one.doi == notice.doi || one.doi.is_none() || notice.doi.is_none())
            });
            match same {
                // Whoever names the notice knows better than who only has heard of it.
                Some(own) if own.doi.is_none() && notice.doi.is_some() => {
                    let date = own.date.take();
                    *own = notice;
                    own.date = own.date.take().or(date);
                }
                Some(own) => own.date = own.date.take().or(notice.date),
                None => self.notices.push(notice),
            }
        }
        self.notices.sort_by_key(|notice| notice.kind);
    }

    /// The count of citations to be shown: that of the preferred service which has one.
    pub fn shown(&self) -> Option<Figure> {
        PREFERRED.iter().find_map(|service| {
            self.citations
                .iter()
                .find(|figure| figure.source == *service)
                .copied()
        })
    }

    /// The notice of a retraction, if there is one.
    pub fn retraction(&self) -> Option<&Notice> {
        self.notices
            .iter()
            .find(|notice| notice.kind == NoticeKind::Retracted)
    }

    /// Citations of every year up to `last`, those without any as 0; empty where none are known.
    pub fn years(&self, last: i32) -> Vec<(i32, u32)> {
        /// More years than any paper has been counted for.
        const MOST: usize = 400;
        let counts: BTreeMap<i32, u32> = self.by_year.iter().copied().collect();
        let Some((&first, _)) = counts.first_key_value() else {
            return Vec::new();
        };
        let last = counts
            .last_key_value()
            .map_or(last, |(&year, _)| year.max(last));
        (first..=last)
            .take(MOST)
            .map(|year| (year, counts.get(&year).copied().unwrap_or_default()))
            .collect()
    }
}

/// What became of a question to a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The service.
    pub service: Service,
    /// Why it gave nothing; `None` where it answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// It does not know the paper.
    #[serde(default)]
    pub is_absent: bool,
}

/// Figures as they were fetched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredMetrics {
    /// When, in ms since 1970.
    pub fetched: u64,
    /// The figures.
    pub metrics: Metrics,
    /// Who was asked.
    pub asked: Vec<Asked>,
}

/// Where fetched figures are kept.
pub trait MetricsSource: Send + Sync {
    /// The figures kept under the first of these keys that has any (see
    /// [`crate::core::identify::Identifier::key`]).
    fn find(&self, keys: &[String]) -> Option<StoredMetrics>;

    /// The keys of all papers that are known to be retracted; few, and mostly none.
    fn retracted(&self) -> BTreeSet<String> {
        BTreeSet::new()
    }
}

/// Nothing was ever fetched.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoMetrics;

impl MetricsSource for NoMetrics {
    fn find(&self, _: &[String]) -> Option<StoredMetrics> {
        None
    }
}
