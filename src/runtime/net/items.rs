//! Items by identifier: the services in order, until one knows the paper.

use serde_json::{Map, Value, json};

use super::asking::{Asking, Client, Course};
use super::error::{FetchError, Problem, Trouble};
use super::page;
use crate::core::cite::key::derive_key;
use crate::core::identify::Identifier;
use crate::core::item::Item;
use crate::core::moment::rfc3339;
use crate::core::services::title::{Candidate, ranked};
use crate::core::services::{
    Service, arxiv, crossref, datacite, doi, europe_pmc, ncbi, open_library, openalex, pubmed,
    semantic_scholar,
};

const JSON: &str = "application/json";
const XML: &str = "application/xml, text/xml;q=0.9, application/atom+xml;q=0.9";

/// An item and who gave it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fetched {
    /// The item, with an id made of its facts.
    pub item: Item,
    /// Who gave it.
    pub from: Service,
    /// When, in ms since 1970; some time ago where a kept answer did.
    pub at: u64,
    /// Who was asked before, and why they did not.
    pub passed_over: Vec<Problem>,
}

type Answered = Result<(Item, u64), Problem>;

impl Client {
    /// The item with an identifier: of a DOI from Crossref, else DataCite, else doi.org; of a PubMed number from
    /// PubMed, else NCBI's exporter, else Europe PMC; of an arXiv id from DataCite, else arXiv, else OpenAlex; of an
    /// ISBN from Open Library. A web page is asked for the DOI it names.
    ///
    /// # Errors
    /// Who was asked and what each said, when nobody knows it. A title is for [`Client::find_title`].
    pub fn fetch_item(
        &self,
        identifier: &Identifier,
        asking: &Asking<'_>,
    ) -> Result<Fetched, FetchError> {
        self.fetch_in(identifier, &self.course(asking))
    }

    /// [`Client::fetch_item`], never from an answer that was kept before `since`, in ms since 1970.
    ///
    /// # Errors
    /// As [`Client::fetch_item`].
    pub fn fetch_since(
        &self,
        since: u64,
        identifier: &Identifier,
        asking: &Asking<'_>,
    ) -> Result<Fetched, FetchError> {
        let course = Course {
            since,
            ..self.course(asking)
        };
        self.fetch_in(identifier, &course)
    }

    fn fetch_in(
        &self,
        identifier: &Identifier,
        course: &Course<'_>,
    ) -> Result<Fetched, FetchError> {
        let mut passed_over = Vec::new();
        let mut identifier = identifier.clone();
        // A page names a DOI, a PMC number a PubMed number: two steps at most.
        for _ in 0..3 {
            match self.step(&identifier, course, &mut passed_over) {
                Step::Found(item, from, at) => {
                    return Ok(Fetched {
                        item: finished(&item, at),
                        from,
                        at,
                        passed_over,
                    });
                }
                Step::Ask(next) => identifier = next,
                Step::Nowhere => break,
            }
        }
        Err(FetchError::new(&identifier, passed_over))
    }

    fn step(
        &self,
        identifier: &Identifier,
        course: &Course<'_>,
        passed_over: &mut Vec<Problem>,
    ) -> Step {
        let services: &[Service] = match identifier {
            Identifier::Doi(_) => &[Service::Crossref, Service::DataCite, Service::Doi],
            Identifier::Pmid(_) => &[Service::PubMed, Service::Ncbi, Service::EuropePmc],
            Identifier::Pmcid(_) => &[Service::Ncbi, Service::EuropePmc],
            Identifier::Arxiv(_) => &[Service::DataCite, Service::Arxiv, Service::OpenAlex],
            Identifier::Isbn(_) => &[Service::OpenLibrary],
            Identifier::Url(url) => {
                return match page::doi_of(self, url, course) {
                    Ok(doi) => Step::Ask(Identifier::Doi(doi)),
                    Err(problem) => {
                        passed_over.push(problem);
                        Step::Nowhere
                    }
                };
            }
            Identifier::Title(_) => return Step::Nowhere,
        };
        for service in services {
            match self.one(*service, identifier, course) {
                Ok((item, at)) => {
                    // PubMed's own record has the abstract that the exporter leaves out.
                    if let (Identifier::Pmcid(_), Service::Ncbi) = (identifier, service)
                        && let Some(pmid) = item.text("PMID")
                        && let Ok((full, at)) = self.one(
                            Service::PubMed,
                            &Identifier::Pmid(pmid.into_owned()),
                            course,
                        )
                    {
                        return Step::Found(full, Service::PubMed, at);
                    }
                    return Step::Found(item, *service, at);
                }
                Err(problem) => {
                    let ends = problem.trouble == Trouble::Cancelled;
                    passed_over.push(problem);
                    if ends {
                        return Step::Nowhere;
                    }
                }
            }
        }
        Step::Nowhere
    }

    fn one(&self, service: Service, identifier: &Identifier, course: &Course<'_>) -> Answered {
        let base = self.base(service);
        let id = identifier.value();
        let is_pmc = matches!(identifier, Identifier::Pmcid(_));
        match service {
            Service::Crossref => self.ask(
                service,
                &crossref::url(base, id),
                JSON,
                course,
                crossref::parse,
            ),
            Service::DataCite => {
                let doi = match identifier {
                    Identifier::Arxiv(id) => datacite::arxiv_doi(id),
                    _ => id.to_owned(),
                };
                let url = datacite::url(base, &doi);
                self.ask(service, &url, JSON, course, datacite::parse)
            }
            Service::Doi => self.ask(
                service,
                &doi::url(base, id),
                doi::ACCEPT,
                course,
                doi::parse,
            ),
            Service::PubMed => {
                self.ask(service, &pubmed::url(base, id), XML, course, pubmed::parse)
            }
            Service::Ncbi => {
                let url = if is_pmc {
                    ncbi::pmc_url(base, id)
                } else {
                    ncbi::url(base, id)
                };
                self.ask(service, &url, JSON, course, ncbi::parse)
            }
            Service::EuropePmc => {
                let url = if is_pmc {
                    europe_pmc::pmc_url(base, id)
                } else {
                    europe_pmc::url(base, id)
                };
                self.ask(service, &url, JSON, course, europe_pmc::parse)
            }
            Service::Arxiv => self.ask(service, &arxiv::url(base, id), XML, course, arxiv::parse),
            Service::OpenAlex => match openalex::url(base, identifier) {
                Some(url) => self.ask(service, &url, JSON, course, openalex::parse),
                None => Err(unknown_kind(service, identifier)),
            },
            Service::OpenLibrary => {
                let url = open_library::url(base, id);
                self.ask(service, &url, JSON, course, open_library::parse)
            }
            Service::SemanticScholar | Service::Unpaywall | Service::Icite => {
                Err(unknown_kind(service, identifier))
            }
        }
    }

    /// Papers that may be meant by a title, the likest first. None of them is taken without the reader.
    ///
    /// # Errors
    /// Who was asked and what each said, when nobody answers.
    pub fn find_title(
        &self,
        title: &str,
        asking: &Asking<'_>,
    ) -> Result<Vec<Candidate>, FetchError> {
        let course = self.course(asking);
        let mut problems = Vec::new();
        let base = self.base(Service::Crossref);
        let url = crossref::title_url(base, title);
        let of_crossref = self.ask(
            Service::Crossref,
            &url,
            JSON,
            &course,
            crossref::parse_titles,
        );
        match of_crossref {
            Ok((found, _)) if !found.is_empty() => {
                return Ok(ranked(title, found.into_iter().map(with_id).collect()));
            }
            Ok(_) => problems.push(Problem::new(
                Service::Crossref.name(),
                Trouble::Absent,
                "does not know it",
            )),
            Err(problem) => problems.push(problem),
        }
        let base = self.base(Service::SemanticScholar);
        let url = semantic_scholar::title_url(base, title);
        let found = self.ask(
            Service::SemanticScholar,
            &url,
            JSON,
            &course,
            semantic_scholar::parse_titles,
        );
        match found {
            Ok((found, _)) => Ok(ranked(title, found.into_iter().map(with_id).collect())),
            Err(problem) => {
                problems.push(problem);
                Err(FetchError::new(
                    &Identifier::Title(title.to_owned()),
                    problems,
                ))
            }
        }
    }
}

enum Step {
    Found(Item, Service, u64),
    Ask(Identifier),
    Nowhere,
}

fn unknown_kind(service: Service, identifier: &Identifier) -> Problem {
    let what = format!("is not asked for a {}", identifier.kind());
    Problem::new(service.name(), Trouble::Absent, what)
}

fn with_id(mut candidate: Candidate) -> Candidate {
    candidate.item = identified(&candidate.item);
    candidate
}

/// The item with an id in front.
fn identified(item: &Item) -> Item {
    let mut fields = Map::new();
    fields.insert("id".to_owned(), derive_key(item).into());
    for (field, value) in item.fields() {
        if field != "id" {
            fields.insert(field.clone(), value.clone());
        }
    }
    Item::from_fields(fields)
}

/// The item with an id, and with the time at which it came.
fn finished(item: &Item, at: u64) -> Item {
    let mut fields = identified(item).fields().clone();
    if let Some(origin) = fields
        .get_mut("custom")
        .and_then(|custom| custom.get_mut("offprint"))
        .and_then(|own| own.get_mut("origin"))
        .and_then(Value::as_object_mut)
    {
        origin.insert("at".to_owned(), json!(rfc3339(at)));
    }
    Item::from_fields(fields)
}
