//! Reads Python literals.

use wire_values::line_and_column;

use crate::literal::Literal;
use crate::literal::cursor::{Cursor, Wrong};
use crate::literal::json::quote;
use crate::literal::number::{number, radix};
use crate::literal::text::{Prefix, Text, quoted};

/// The deepest nesting of brackets that Python reads.
const MAX_DEPTH: usize = 200;

/// The error of a text that is not a literal. It does not show the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {problem}")]
pub(crate) struct LiteralError {
    line: usize,
    column: usize,
    problem: &'static str,
}

/// Reads a literal, as `ast.literal_eval` does.
///
/// It is less strict than Python about indentation and about numbers of more than 4300 digits. A tuple needs
/// parentheses, and a sign must be followed by a number.
///
/// # Errors
/// The text is not a literal.
pub(crate) fn parse(text: &str) -> Result<Literal, LiteralError> {
    let literal = whole(&mut Cursor::new(text));
    literal.map_err(|(place, problem)| {
        let (line, column) = line_and_column(text, place);
        LiteralError {
            line,
            column,
            problem,
        }
    })
}

fn whole(cursor: &mut Cursor<'_>) -> Result<Literal, Wrong> {
    cursor.skip_blanks(true);
    let literal = value(cursor, 0)?;
    cursor.skip_blanks(true);
    match cursor.peek() {
        None => Ok(literal),
        Some(_) => cursor.wrong("expected the end of the literal"),
    }
}

/// Reads a value inside `depth` brackets, and the white space after it.
fn value(cursor: &mut Cursor<'_>, depth: usize) -> Result<Literal, Wrong> {
    let literal = match cursor.peek() {
        Some('[') => list(cursor, depth)?,
        Some('(') => tuple(cursor, depth)?,
        Some('{') => dictionary(cursor, depth)?,
        Some('\'' | '"') => string(cursor, depth)?,
        Some('+' | '-' | '.' | '0'..='9') => signed_number(cursor, depth)?,
        Some(letter) if is_letter(letter) => word(cursor, depth)?,
        Some(_) => return cursor.wrong("expected a value"),
        None => return cursor.wrong("expected a value, found the end of the text"),
    };
    cursor.skip_blanks(depth > 0);
    Ok(literal)
}

fn is_letter(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Moves behind an opening bracket and returns the new depth.
fn open(cursor: &mut Cursor<'_>, depth: usize) -> Result<usize, Wrong> {
    if depth == MAX_DEPTH {
        return cursor.wrong("the brackets are nested too deeply");
    }
    cursor.next();
    cursor.skip_blanks(true);
    Ok(depth + 1)
}

/// Moves behind the comma after an item. Returns whether the closing bracket is next, and moves behind that too.
fn is_last(cursor: &mut Cursor<'_>, bracket: &str) -> Result<bool, Wrong> {
    if cursor.eat(",") {
        cursor.skip_blanks(true);
        return Ok(cursor.eat(bracket));
    }
    match cursor.eat(bracket) {
        true => Ok(true),
        false => cursor.wrong("expected a comma or the closing bracket"),
    }
}

fn list(cursor: &mut Cursor<'_>, depth: usize) -> Result<Literal, Wrong> {
    let depth = open(cursor, depth)?;
    let mut items = Vec::new();
    let mut is_end = cursor.eat("]");
    while !is_end {
        items.push(value(cursor, depth)?);
        is_end = is_last(cursor, "]")?;
    }
    Ok(Literal::List(items))
}

/// Reads a tuple, or a value in parentheses.
fn tuple(cursor: &mut Cursor<'_>, depth: usize) -> Result<Literal, Wrong> {
    let depth = open(cursor, depth)?;
    if cursor.eat(")") {
        return Ok(Literal::List(Vec::new()));
    }
    let first = value(cursor, depth)?;
    if cursor.eat(")") {
        return Ok(first);
    }
    let mut items = vec![first];
    while !is_last(cursor, ")")? {
        items.push(value(cursor, depth)?);
    }
    Ok(Literal::List(items))
}

/// Reads a dictionary or a set.
fn dictionary(cursor: &mut Cursor<'_>, depth: usize) -> Result<Literal, Wrong> {
    let depth = open(cursor, depth)?;
    let mut members = Vec::new();
    if cursor.eat("}") {
        return Ok(Literal::Dict(members));
    }
    let mut key = value(cursor, depth)?;
    if !cursor.eat(":") {
        while !is_last(cursor, "}")? {
            value(cursor, depth)?;
        }
        return Ok(Literal::Other("a set"));
    }
    loop {
        cursor.skip_blanks(true);
        members.push((key, value(cursor, depth)?));
        if is_last(cursor, "}")? {
            return Ok(Literal::Dict(members));
        }
        key = value(cursor, depth)?;
        if !cursor.eat(":") {
            return cursor.wrong("expected a colon");
        }
    }
}

/// Reads a string or bytes. Python joins strings that follow each other.
fn string(cursor: &mut Cursor<'_>, depth: usize) -> Result<Literal, Wrong> {
    let mut joined: Option<Text> = None;
    loop {
        let place = cursor.place();
        let letters = cursor.take_while(is_letter);
        let Some(prefix) = Prefix::of(letters) else {
            return Err((place, "a literal cannot contain a string with this prefix"));
        };
        let next = quoted(cursor, prefix)?;
        joined = Some(match (joined, next) {
            (None, next) => next,
            (Some(Text::Bytes), Text::Bytes) => Text::Bytes,
            (Some(Text::Bytes), _) | (Some(_), Text::Bytes) => {
                return Err((place, "a string and bytes cannot be joined"));
            }
            (Some(Text::Units(mut units)), Text::Units(next)) => {
                units.extend(next);
                Text::Units(units)
            }
            (Some(Text::Named), _) | (Some(_), Text::Named) => Text::Named,
        });
        cursor.skip_blanks(depth > 0);
        let rest = cursor.rest().trim_start_matches(is_letter);
        if !rest.starts_with(['\'', '"']) {
            break;
        }
    }
    Ok(match joined {
        Some(Text::Units(units)) => Literal::Str(quote(&units)),
        Some(Text::Bytes) => Literal::Other("bytes"),
        Some(Text::Named) | None => Literal::Other("a string with a character that is written by its name"),
    })
}

/// Reads a number with its sign, or a complex number.
fn signed_number(cursor: &mut Cursor<'_>, depth: usize) -> Result<Literal, Wrong> {
    const COMPLEX: Literal = Literal::Other("a complex number");
    if cursor.eat("...") {
        return Ok(Literal::Other("an ellipsis"));
    }
    let first = signed(cursor, depth)?;
    cursor.skip_blanks(depth > 0);
    if !matches!(cursor.peek(), Some('+' | '-')) || first == COMPLEX {
        return Ok(first);
    }
    let place = cursor.place();
    match signed(cursor, depth)? {
        COMPLEX => Ok(COMPLEX),
        _ => Err((place, "expected the imaginary part of a complex number")),
    }
}

fn signed(cursor: &mut Cursor<'_>, depth: usize) -> Result<Literal, Wrong> {
    let is_negative = cursor.eat("-");
    if is_negative || cursor.eat("+") {
        cursor.skip_blanks(depth > 0);
    }
    let rest = cursor.rest();
    if !rest.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return cursor.wrong("expected a number");
    }
    let place = cursor.place();
    let mut is_exponent = false;
    let length = rest.find(|character: char| {
        let is_part =
            is_letter(character) || character == '.' || (is_exponent && matches!(character, '+' | '-'));
        is_exponent = matches!(character, 'e' | 'E') && radix(rest).is_none();
        !is_part
    });
    let token = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
    cursor.eat(token);
    number(token, is_negative).map_err(|problem| (place, problem))
}

/// Reads a word such as `None`, or a string with a prefix.
fn word(cursor: &mut Cursor<'_>, depth: usize) -> Result<Literal, Wrong> {
    let rest = cursor.rest();
    if rest.trim_start_matches(is_letter).starts_with(['\'', '"']) {
        return string(cursor, depth);
    }
    let place = cursor.place();
    match cursor.take_while(is_letter) {
        "None" => return Ok(Literal::None),
        "True" => return Ok(Literal::Bool(true)),
        "False" => return Ok(Literal::Bool(false)),
        "set" => {
            cursor.skip_blanks(depth > 0);
            if cursor.eat("(") {
                cursor.skip_blanks(true);
                if cursor.eat(")") {
                    return Ok(Literal::Other("a set"));
                }
            }
        }
        _ => {}
    }
    Err((place, "a name or a call is not a literal"))
}
