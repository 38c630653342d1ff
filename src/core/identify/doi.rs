//! DOIs in text (DOI Handbook, 2.2: `10.`, a registrant, `/`, and a suffix of any printable characters).

/// Finds the first DOI in a text and gives it in lower case: out of an address, after `doi:`, percent-encoded, with
/// what a sentence puts behind it taken away. Brackets stay where they are closed, as the old SICI DOIs have them.
pub fn find_doi(text: &str) -> Option<String> {
    let text = decoded(text);
    let mut from = 0;
    while let Some(at) = text.get(from..)?.find("10.") {
        let start = from + at;
        from = start + 3;
        let before = text.get(..start)?.chars().next_back();
        if before.is_some_and(|c| c.is_ascii_digit() || c == '.') {
            continue;
        }
        if let Some(doi) = doi_at(text.get(start..)?) {
            return Some(doi);
        }
    }
    None
}

fn doi_at(text: &str) -> Option<String> {
    let (prefix, rest) = text.split_once('/')?;
    let registrant = prefix.strip_prefix("10.")?;
    let digits = registrant.bytes().take_while(u8::is_ascii_digit).count();
    let is_registrant = (4..=9).contains(&digits)
        && registrant
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
    if !is_registrant {
        return None;
    }
    let end = rest
        .find(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '“' | '”' | '»'))
        .unwrap_or(rest.len());
    let mut suffix = rest.get(..end)?;
    // An angle bracket belongs to the DOI only where it is closed in it, as in `17:15/16<1661::AID-SIM968>3.0.CO;2-2`.
    if let Some(open) = suffix.find('<')
        && !suffix.get(open..)?.contains('>')
    {
        suffix = suffix.get(..open)?;
    }
    if let Some(close) = suffix.find('>')
        && !suffix.get(..close)?.contains('<')
    {
        suffix = suffix.get(..close)?;
    }
    // What browsers and databases put behind the address of a DOI.
    let cut = ["?", "#", "&", "\\"]
        .iter()
        .filter_map(|mark| suffix.find(mark))
        .min()
        .unwrap_or(suffix.len());
    let suffix = trimmed(suffix.get(..cut)?);
    let is_suffix = suffix.chars().any(char::is_alphanumeric);
    is_suffix.then(|| format!("{prefix}/{suffix}").to_lowercase())
}

/// Takes the stops of a sentence and unopened brackets off the end.
fn trimmed(suffix: &str) -> &str {
    let mut suffix = suffix;
    loop {
        let Some(last) = suffix.chars().next_back() else {
            return suffix;
        };
        let is_loose = match last {
            ')' => suffix.matches('(').count() < suffix.matches(')').count(),
            ']' => suffix.matches('[').count() < suffix.matches(']').count(),
            '}' => suffix.matches('{').count() < suffix.matches('}').count(),
            '.' | ',' | ';' | ':' | '\'' | '’' | '!' | '…' | '*' | '/' | '`' => true,
            _ => false,
        };
        if !is_loose {
            return suffix;
        }
        suffix = suffix
            .get(..suffix.len() - last.len_utf8())
            .unwrap_or_default();
    }
}

/// Entities, and percent signs before two hexadecimal digits, resolved.
pub(super) fn decoded(text: &str) -> String {
    percent_decoded(&html_escape::decode_html_entities(text))
}

/// Percent signs before two hexadecimal digits resolved; what is no UTF-8 then stays as it was.
pub(super) fn percent_decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let code = (byte == b'%')
            .then(|| std::str::from_utf8(after.get(..2)?).ok())
            .flatten()
            .filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(code.unwrap_or(byte));
        rest = match code {
            Some(_) => after.get(2..).unwrap_or_default(),
            None => after,
        };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}
