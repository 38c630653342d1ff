//! TeX mathematics inside titles, passed on only when it is harmless.
//!
//! A title may come from anywhere, and whoever compiles it runs its commands; so a formula is kept only when every
//! command in it is known to do nothing but typeset. Anything else is escaped and prints as its source.

/// Longer formulas do not occur in titles.
const LONGEST: usize = 300;

/// Commands that only typeset.
const COMMANDS: &str = "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho \
    sigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi \
    Omega ell hbar infty partial nabla times cdot pm mp le leq ge geq ne neq approx sim simeq equiv cong \
    propto to rightarrow leftarrow leftrightarrow Rightarrow in subset subseteq cup cap forall exists \
    oplus otimes star ast circ bullet dagger prime perp parallel langle rangle ll gg sum prod int sqrt \
    frac tfrac log ln exp sin cos tan min max det dim mathrm mathbf mathit mathcal mathbb mathfrak \
    mathsf text textrm rm bf it cal bar hat tilde vec dot ddot overline underline widetilde widehat left \
    right quad ldots dots cdots";

/// Reads `$…$` at the start of `text`: the formula without its dollar signs and what follows it.
///
/// Prices are told from formulas by TeX's signs (`\`, `^`, `_`), which one of them must have, or by being a single
/// letter; the closing sign may not follow a space nor stand before a digit.
pub fn read(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('$')?;
    let end = inner
        .char_indices()
        .take(LONGEST)
        .find(|(_, c)| *c == '$')
        .map(|(at, _)| at)?;
    let (formula, after) = inner.split_at_checked(end)?;
    let after = after.strip_prefix('$')?;
    if formula.is_empty()
        || formula.starts_with(' ')
        || formula.ends_with([' ', '\\'])
        || after.starts_with(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    let is_letter = formula.len() == 1 && formula.bytes().all(|b| b.is_ascii_alphabetic());
    ((is_letter || formula.contains(['\\', '^', '_'])) && is_harmless(formula))
        .then_some((formula, after))
}

fn is_harmless(formula: &str) -> bool {
    let mut depth = 0_u32;
    let mut rest = formula.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '{' => depth += 1,
            '}' => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return false,
            },
            '\\' => {
                let mut name = String::new();
                while let Some(letter) = rest.next_if(char::is_ascii_alphabetic) {
                    name.push(letter);
                }
                let spacing =
                    name.is_empty() && rest.next_if(|c| matches!(c, ',' | ';' | ':')).is_some();
                if !spacing && !COMMANDS.split(' ').any(|command| command == name) {
                    return false;
                }
            }
            c if c.is_ascii_alphanumeric() => {}
            ' ' | '^' | '_' | '+' | '-' | '=' | '<' | '>' | '(' | ')' | '[' | ']' | ',' | '.'
            | ';' | ':' | '/' | '*' | '!' | '|' | '\'' => {}
            _ => return false,
        }
    }
    // `^^` lets TeX spell any character, also a backslash.
    depth == 0 && !formula.contains("^^")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_kept_and_prices_are_not() {
        for (text, formula) in [
            (r"$\ell_1$ norm", Some(r"\ell_1")),
            ("$^7$Be", Some("^7")),
            ("$k$-means", Some("k")),
            ("$5 and $10", None),
            ("$5$ to pay", None),
            (r"$\mathbb{R}^{n}$", Some(r"\mathbb{R}^{n}")),
        ] {
            assert_eq!(read(text).map(|(formula, _)| formula), formula, "{text}");
        }
    }

    #[test]
    fn commands_that_do_more_than_typeset_are_refused() {
        for text in [
            r"$\input{/etc/passwd}$",
            r"$\write18{ls}_1$",
            r"$^^5cinput{x}$",
            r"$\csname x\endcsname$",
            r"$_1}{$",
            r"$x_1\$",
            r"$_1 % $",
            r"$\def\x{}$",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
