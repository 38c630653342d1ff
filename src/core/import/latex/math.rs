//! TeX formulas of titles in Unicode.

use super::{argument, commands};

/// Groups within groups.
const DEEPEST: usize = 12;
/// Longer formulas, in bytes, stay as they are.
const LONGEST: usize = 2000;

/// The text of a formula (without its dollar signs), with `<sub>` and `<sup>`. `None` when something in it has no
/// form as text, and when it reads like words between two prices.
pub fn to_text(formula: &str) -> Option<String> {
    if formula.len() > LONGEST || looks_like_words(formula) {
        return None;
    }
    let mut out = String::with_capacity(formula.len());
    write(formula, 0, &mut out)?;
    Some(out)
}

/// Two words of several letters with a space between them and none of TeX's signs.
fn looks_like_words(formula: &str) -> bool {
    if formula.contains(['\\', '^', '_', '{']) {
        return false;
    }
    formula
        .split_whitespace()
        .filter(|word| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_alphabetic()))
        .count()
        > 0
        && formula.trim().contains(' ')
}

fn write(formula: &str, depth: usize, out: &mut String) -> Option<()> {
    if depth > DEEPEST {
        return None;
    }
    let mut rest = formula;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..)?;
        rest = match c {
            '\\' => command(after, depth, out)?,
            '{' => {
                let (inner, after) = argument(rest, LONGEST)?;
                write(inner, depth + 1, out)?;
                after
            }
            '^' | '_' => {
                let (inner, after) = argument(after.trim_start(), LONGEST)?;
                let mut script = String::new();
                write(inner, depth + 1, &mut script)?;
                let tag = if c == '^' { "sup" } else { "sub" };
                match script.as_str() {
                    "" => {}
                    "′" | "″" => out.push_str(&script),
                    "∘" if c == '^' => out.push('°'),
                    script => {
                        for part in ["<", tag, ">", script, "</", tag, ">"] {
                            out.push_str(part);
                        }
                    }
                }
                after
            }
            '}' | '$' | '&' | '#' | '%' => return None,
            '-' => {
                out.push('−');
                after
            }
            '\'' => {
                out.push('′');
                after
            }
            '*' => {
                out.push('∗');
                after
            }
            '~' => {
                out.push(' ');
                after
            }
            c if c.is_whitespace() => {
                if !(out.is_empty() || out.ends_with(' ') || after.trim_start().is_empty()) {
                    out.push(' ');
                }
                after
            }
            c => {
                out.push(c);
                after
            }
        };
    }
    Some(())
}

fn command<'a>(after: &'a str, depth: usize, out: &mut String) -> Option<&'a str> {
    let letters = after
        .bytes()
        .position(|byte| !byte.is_ascii_alphabetic())
        .unwrap_or(after.len());
    if letters == 0 {
        let c = after.chars().next()?;
        match c {
            ',' | ';' | ':' | '!' | '/' => {}
            ' ' | '\\' => out.push(' '),
            '{' | '}' | '$' | '&' | '#' | '%' | '_' => out.push(c),
            '|' => out.push('‖'),
            _ => return None,
        }
        return after.get(c.len_utf8()..);
    }
    let (name, after) = after.split_at_checked(letters)?;
    let after = after.trim_start();
    if let Some(sign) = commands::math_symbol(name) {
        out.push_str(sign);
        return Some(after);
    }
    if let Some(mark) = commands::math_accent(name) {
        let (inner, after) = argument(after, LONGEST)?;
        let mut base = String::new();
        write(inner, depth + 1, &mut base)?;
        if base.chars().count() != 1 {
            return None;
        }
        out.push_str(&base);
        out.push(mark);
        return Some(after);
    }
    match name {
        "mathrm" | "mathbf" | "mathit" | "mathsf" | "mathtt" | "text" | "textrm" | "textbf"
        | "textit" | "mbox" | "hbox" | "operatorname" | "boldsymbol" | "bm" | "pmb" | "mathop"
        | "mathbin" | "ensuremath" | "textnormal" | "emph" => {
            let (inner, after) = argument(after, LONGEST)?;
            write(inner, depth + 1, out)?;
            Some(after)
        }
        "mathbb" | "Bbb" | "mathcal" | "cal" | "mathfrak" | "mathscr" => {
            let (inner, after) = argument(after, LONGEST)?;
            let mut letters = inner.chars();
            let (letter, None) = (letters.next()?, letters.next()) else {
                return None;
            };
            out.push(commands::letter_of_alphabet(name, letter)?);
            Some(after)
        }
        "rm" | "bf" | "it" | "sf" | "left" | "right" | "big" | "Big" | "bigg" | "displaystyle"
        | "textstyle" | "limits" | "nolimits" | "relax" | "protect" | "quad" | "qquad" | "bigl"
        | "bigr" => Some(after),
        "frac" | "tfrac" | "dfrac" => {
            let (above, after) = argument(after, LONGEST)?;
            let (below, after) = argument(after.trim_start(), LONGEST)?;
            grouped(above, depth, out)?;
            out.push('/');
            grouped(below, depth, out)?;
            Some(after)
        }
        "sqrt" if !after.starts_with('[') => {
            let (inner, after) = argument(after, LONGEST)?;
            out.push('√');
            grouped(inner, depth, out)?;
            Some(after)
        }
        "textsuperscript" | "textsubscript" => {
            let (inner, after) = argument(after, LONGEST)?;
            let tag = if name == "textsuperscript" {
                "sup"
            } else {
                "sub"
            };
            out.extend(["<", tag, ">"]);
            write(inner, depth + 1, out)?;
            out.extend(["</", tag, ">"]);
            Some(after)
        }
        "log" | "ln" | "exp" | "sin" | "cos" | "tan" | "min" | "max" | "det" | "dim" | "lim"
        | "sup" | "inf" | "arg" | "deg" | "mod" | "gcd" | "ker" => {
            out.push_str(name);
            if after.starts_with(|c: char| c.is_alphanumeric() || c == '\\') {
                out.push(' ');
            }
            Some(after)
        }
        _ => None,
    }
}

/// In brackets where it is more than one letter or number.
fn grouped(source: &str, depth: usize, out: &mut String) -> Option<()> {
    let mut inner = String::new();
    write(source, depth + 1, &mut inner)?;
    if inner.chars().count() == 1 || inner.chars().all(|c| c.is_ascii_digit()) {
        out.push_str(&inner);
    } else {
        out.push('(');
        out.push_str(&inner);
        out.push(')');
    }
    Some(())
}
