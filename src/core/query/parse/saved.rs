//! `@name`: a saved search within a query.

use super::{Reader, read};
use crate::core::query::MOST_PARTS;
use crate::core::text::fold;

impl Reader<'_> {
    /// Reads `@name` where a search is saved under this name, or one under a name that only it begins with.
    pub(super) fn saved_search(&mut self, start: usize, negated: bool) -> bool {
        if self.saved.is_empty() || !self.rest().starts_with('@') {
            return false;
        }
        let before = self.at;
        self.at += 1;
        let typed = self.until_blank();
        let exact = |name: &str| fold(name) == fold(typed);
        let begins = |name: &str| fold(name).starts_with(&*fold(typed));
        let named = self.saved.iter().find(|(name, _)| exact(name)).or_else(|| {
            let mut beginning = self.saved.iter().filter(|(name, _)| begins(name));
            beginning.next().filter(|_| beginning.next().is_none())
        });
        let range = start..self.at;
        let Some((name, query)) = named else {
            let names: Vec<String> = (self.saved.iter())
                .filter(|(name, _)| begins(name))
                .map(|(name, _)| format!("@{name}"))
                .take(8)
                .collect();
            let message = if names.is_empty() {
                format!("no search is saved as @{typed}; f lists them")
            } else {
                format!("@{typed} may be {}", names.join(" or "))
            };
            self.problem(range, message);
            // What is typed of a name so far finds nothing else meanwhile; a lone word does.
            if names.is_empty() {
                self.at = before;
                return false;
            }
            return true;
        };
        let Some(left) = self.left.get().checked_sub(1) else {
            self.problem(range, format!("@{name} names itself, or too many others"));
            return true;
        };
        self.left.set(left);
        let (parts, problems) = read(query, self.saved, self.left);
        if negated && parts.len() != 1 {
            self.problem(
                range,
                format!("@{name} has several conditions; none can be excluded"),
            );
            return true;
        }
        for mut part in parts {
            if self.parts.len() > MOST_PARTS {
                break;
            }
            part.range = range.clone();
            part.negated ^= negated;
            self.parts.push(part);
        }
        for problem in problems.into_iter().take(1) {
            self.problem(range.clone(), format!("@{name}: {}", problem.message));
        }
        true
    }
}
