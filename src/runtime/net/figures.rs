//! Figures about a paper: every service that knows the paper is asked, all at once.

use std::thread;

use super::asking::{Asking, Client, Course};
use super::error::{FetchError, Problem, Trouble};
use crate::core::identify::Identifier;
use crate::core::services::metrics::Asked;
use crate::core::services::{
    Metrics, Service, StoredMetrics, Unusable, crossref, europe_pmc, icite, openalex, pubmed,
    semantic_scholar, unpaywall,
};
use crate::runtime::store::wall_clock_ms;

type Parse = fn(&[u8]) -> Result<Metrics, Unusable>;

struct Question {
    service: Service,
    url: String,
    accept: &'static str,
    parse: Parse,
}

impl Client {
    /// What the services know about the paper with these identifiers, asked anew. A service that fails costs its own
    /// figures only.
    ///
    /// # Errors
    /// When none of them answers, or there is no identifier that they know papers by.
    pub fn fetch_metrics(
        &self,
        identifiers: &[Identifier],
        asking: &Asking<'_>,
    ) -> Result<StoredMetrics, FetchError> {
        let questions = self.questions(identifiers);
        let Some(first) = identifiers.first().filter(|_| !questions.is_empty()) else {
            let about = Identifier::Title("without DOI, PMID, PMCID and arXiv id".to_owned());
            return Err(FetchError {
                about: "figures".to_owned(),
                problems: vec![Problem::new(
                    "nobody",
                    Trouble::Absent,
                    format!("knows a paper {}", about.value()),
                )],
            });
        };
        let course = Course {
            since: wall_clock_ms(),
            ..self.course(asking)
        };
        let answers: Vec<(Service, Result<Metrics, Problem>)> = thread::scope(|scope| {
            let running: Vec<_> = questions
                .iter()
                .map(|question| {
                    let ask = move || {
                        self.ask(
                            question.service,
                            &question.url,
                            question.accept,
                            &course,
                            question.parse,
                        )
                    };
                    (question.service, scope.spawn(ask))
                })
                .collect();
            running
                .into_iter()
                .map(|(service, thread)| {
                    let answer = thread.join().unwrap_or_else(|_| {
                        let what = "was asked, and offprint failed";
                        Err(Problem::new(service.name(), Trouble::Unusable, what))
                    });
                    (service, answer.map(|(metrics, _)| metrics))
                })
                .collect()
        });
        let mut stored = StoredMetrics {
            fetched: wall_clock_ms(),
            metrics: Metrics::default(),
            asked: Vec::new(),
        };
        let mut problems = Vec::new();
        for (service, answer) in answers {
            let mut asked = Asked {
                service,
                failure: None,
                is_absent: false,
            };
            match answer {
                Ok(metrics) => stored.metrics.merge(metrics),
                Err(problem) => {
                    asked.is_absent = problem.trouble == Trouble::Absent;
                    asked.failure = Some(problem.what.clone());
                    problems.push(problem);
                }
            }
            stored.asked.push(asked);
        }
        let is_cancelled = problems
            .iter()
            .any(|problem| problem.trouble == Trouble::Cancelled);
        if is_cancelled || problems.len() == stored.asked.len() {
            return Err(FetchError::new(first, problems));
        }
        Ok(stored)
    }

    fn questions(&self, identifiers: &[Identifier]) -> Vec<Question> {
        const JSON: &str = "application/json";
        let of = |is_it: fn(&Identifier) -> bool| identifiers.iter().find(|one| is_it(one));
        let doi = of(|one| matches!(one, Identifier::Doi(_)));
        let pmid = of(|one| matches!(one, Identifier::Pmid(_)));
        let pmcid = of(|one| matches!(one, Identifier::Pmcid(_)));
        let arxiv = of(|one| matches!(one, Identifier::Arxiv(_)));
        // arXiv's own DOIs are those of its preprints, which Crossref does not know.
        let doi = doi.filter(|doi| !doi.value().starts_with("10.48550/") || arxiv.is_none());
        let mut all = Vec::new();
        let mut add = |service, url: Option<String>, accept, parse: Parse| {
            all.extend(url.map(|url| Question {
                service,
                url,
                accept,
                parse,
            }));
        };
        let base = |service| self.base(service);
        let best = doi.or(arxiv).or(pmid).or(pmcid);
        add(
            Service::OpenAlex,
            best.and_then(|id| openalex::url(base(Service::OpenAlex), id)),
            JSON,
            openalex::parse_metrics,
        );
        add(
            Service::SemanticScholar,
            best.and_then(|id| semantic_scholar::metrics_url(base(Service::SemanticScholar), id)),
            JSON,
            semantic_scholar::parse_metrics,
        );
        add(
            Service::Crossref,
            doi.map(|id| crossref::url(base(Service::Crossref), id.value())),
            JSON,
            crossref::parse_metrics,
        );
        let europe = base(Service::EuropePmc);
        add(
            Service::EuropePmc,
            pmid.map(|id| europe_pmc::url(europe, id.value()))
                .or_else(|| pmcid.map(|id| europe_pmc::pmc_url(europe, id.value()))),
            JSON,
            europe_pmc::parse_metrics,
        );
        add(
            Service::PubMed,
            pmid.map(|id| pubmed::url(base(Service::PubMed), id.value())),
            "application/xml, text/xml;q=0.9",
            pubmed::parse_metrics,
        );
        add(
            Service::Icite,
            pmid.map(|id| icite::url(base(Service::Icite), id.value())),
            JSON,
            icite::parse_metrics,
        );
        add(
            Service::Unpaywall,
            doi.filter(|_| self.mailto().is_some())
                .map(|id| unpaywall::url(base(Service::Unpaywall), id.value())),
            JSON,
            unpaywall::parse_metrics,
        );
        all
    }
}
