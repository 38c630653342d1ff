//! Words that say nothing about what a paper is about.

/// English function words and the furniture of abstracts, sorted.
const STOP_WORDS: &[&str] = &[
    "about", "above", "according", "across", "after", "again", "against", "all", "almost", "along", "already", "also",
    "although", "always", "am", "among", "amongst", "an", "and", "another", "any", "are", "around", "article", "as",
    "at", "be", "became", "because", "become", "becomes", "been", "before", "being", "below", "between", "both", "but",
    "by", "can", "cannot", "could", "did", "do", "does", "doing", "done", "down", "due", "during", "each", "either",
    "etc", "even", "ever", "every", "few", "for", "from", "further", "furthermore", "had", "has", "have", "having",
    "he", "hence", "her", "here", "him", "his", "how", "however", "if", "in", "indeed", "into", "is", "it", "its",
    "itself", "just", "less", "many", "may", "me", "might", "more", "moreover", "most", "much", "must", "my", "nor",
    "not", "now", "of", "off", "often", "on", "once", "only", "onto", "or", "other", "others", "our", "ours", "out",
    "over", "own", "paper", "per", "perhaps", "present", "presents", "propose", "proposed", "proposes", "quite",
    "rather", "re", "results", "same", "several", "shall", "she", "should", "show", "showed", "shown", "shows",
    "since", "so", "some", "still", "study", "such", "than", "that", "the", "their", "theirs", "them", "then",
    "there", "therefore", "these", "they", "this", "those", "through", "thus", "to", "together", "too", "toward",
    "towards", "under", "until", "up", "upon", "us", "use", "used", "uses", "using", "very", "via", "was", "we",
    "well", "were", "what", "when", "where", "whereas", "whether", "which", "while", "who", "whom", "whose", "why",
    "will", "with", "within", "without", "would", "yet", "you", "your",
];

pub(super) fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted() {
        assert!(STOP_WORDS.is_sorted());
        assert!(is_stop_word("the") && !is_stop_word("tumor"));
    }
}
