//! The numbers of Python literals.

use crate::literal::Literal;

/// The longest integer that Python reads, in digits.
const MAX_DIGITS: usize = 4300;

/// Reads a number without a sign. `token` are the letters, digits, underscores, points and signs that belong together.
///
/// # Errors
/// The token is not a number. The error says what is wrong.
pub(super) fn number(token: &str, is_negative: bool) -> Result<Literal, &'static str> {
    let sign = if is_negative { "-" } else { "" };
    if let Some(radix) = radix(token) {
        return with_radix(token, radix, sign);
    }
    if let Some(real) = token.strip_suffix(['j', 'J']) {
        decimal(real, sign).or_else(|problem| digits(real).map(Literal::Int).ok_or(problem))?;
        return Ok(Literal::Other("a complex number"));
    }
    decimal(token, sign)
}

/// Returns the base that the prefix of a token says.
pub(super) fn radix(token: &str) -> Option<u32> {
    match token.as_bytes() {
        [b'0', b'x' | b'X', ..] => Some(16),
        [b'0', b'o' | b'O', ..] => Some(8),
        [b'0', b'b' | b'B', ..] => Some(2),
        _ => None,
    }
}

fn with_radix(token: &str, radix: u32, sign: &str) -> Result<Literal, &'static str> {
    const PROBLEM: &str = "the integer contains a character that is not a digit of its base";
    let token = token.get(2..).ok_or(PROBLEM)?;
    let digits = without_underscores(token.strip_prefix('_').unwrap_or(token)).ok_or(PROBLEM)?;
    if !digits.chars().all(|digit| digit.is_digit(radix)) {
        return Err(PROBLEM);
    }
    Ok(match u128::from_str_radix(&digits, radix) {
        Ok(number) => Literal::Int(format!("{sign}{number}")),
        Err(_) => Literal::Other("a binary, octal or hexadecimal integer of more than 128 bits"),
    })
}

fn decimal(token: &str, sign: &str) -> Result<Literal, &'static str> {
    const PROBLEM: &str = "the number is not valid";
    let (mantissa, exponent) = match token.find(['e', 'E']) {
        Some(place) => token.split_at_checked(place).ok_or(PROBLEM)?,
        None => (token, ""),
    };
    let exponent = exponent_of(exponent).ok_or(PROBLEM)?;
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    if fraction.is_none() && exponent.is_empty() {
        let digits = digits(whole).ok_or(PROBLEM)?;
        let significant = without_zeros(&digits);
        if significant != digits && significant != "0" {
            return Err("the integer begins with the digit 0");
        }
        return Ok(match significant.len() > MAX_DIGITS {
            true => Literal::Other("an integer of more than 4300 digits"),
            false => Literal::Int(format!("{sign}{significant}")),
        });
    }
    if whole.is_empty() && fraction.is_none_or(str::is_empty) {
        return Err(PROBLEM);
    }
    let part = |text: &str| match text {
        "" => Some("0".to_owned()),
        text => digits(text),
    };
    let whole = part(whole).ok_or(PROBLEM)?;
    let whole = without_zeros(&whole);
    let fraction = match fraction {
        Some(fraction) => format!(".{}", part(fraction).ok_or(PROBLEM)?),
        None => String::new(),
    };
    Ok(Literal::Float(format!("{sign}{whole}{fraction}{exponent}")))
}

/// Returns an exponent with its letter and its sign, but without underscores.
fn exponent_of(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some(String::new());
    }
    let place = text.find(|character: char| character.is_ascii_digit())?;
    let (start, number) = text.split_at_checked(place)?;
    let is_start = matches!(start, "e" | "E" | "e+" | "E+" | "e-" | "E-");
    digits(number)
        .filter(|_| is_start)
        .map(|digits| format!("{start}{digits}"))
}

/// Returns decimal digits without the underscores between them.
fn digits(text: &str) -> Option<String> {
    without_underscores(text).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()))
}

/// Removes single underscores between other characters.
fn without_underscores(text: &str) -> Option<String> {
    let mut parts = text.split('_');
    parts.all(|part| !part.is_empty()).then(|| text.replace('_', ""))
}

/// Returns digits without zeros at the beginning, but at least one digit.
fn without_zeros(digits: &str) -> &str {
    match digits.trim_start_matches('0') {
        "" => "0",
        significant => significant,
    }
}
