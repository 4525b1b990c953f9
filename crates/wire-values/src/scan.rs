//! Finds where the parts of a JSON text end.
//!
//! The functions only check the bytes that separate values. If the text is not valid JSON, they return any place in it
//! or `None`.

/// A string in a JSON text.
#[derive(Clone, Copy)]
pub(crate) struct Quoted {
    /// The place of the quotation mark that ends it.
    pub(crate) end: usize,
    /// Whether it contains escapes such as `\n`.
    pub(crate) is_escaped: bool,
}

/// Returns the place of the first byte that is not white space.
#[inline]
pub(crate) fn skip_blanks(text: &[u8], mut place: usize) -> usize {
    while let Some(b' ' | b'\n' | b'\r' | b'\t') = text.get(place) {
        place += 1;
    }
    place
}

/// Finds the end of the string whose opening quotation mark is at `start`. Returns `None` if the string has no end or
/// contains a control character.
#[inline]
pub(crate) fn quoted(text: &[u8], start: usize) -> Option<Quoted> {
    let mut place = start + 1;
    let mut is_escaped = false;
    loop {
        place = special(text, place)?;
        match text.get(place) {
            Some(b'"') => {
                return Some(Quoted {
                    end: place,
                    is_escaped,
                });
            }
            Some(b'\\') => {
                is_escaped = true;
                place += 2;
            }
            _ => return None,
        }
    }
}

/// Returns the place of the next quotation mark, backslash or control character. It checks eight bytes at a time, which
/// is fast for short strings too.
#[inline]
fn special(text: &[u8], mut place: usize) -> Option<usize> {
    while let Some(chunk) = text.get(place..).and_then(<[u8]>::first_chunk::<8>) {
        let chunk = u64::from_le_bytes(*chunk);
        let control = chunk.wrapping_sub(repeat(b' ')) & !chunk & repeat(0x80);
        let found = zeros(chunk ^ repeat(b'"')) | zeros(chunk ^ repeat(b'\\')) | control;
        if found != 0 {
            return Some(place + (found.trailing_zeros() / 8) as usize);
        }
        place += 8;
    }
    let rest = text.get(place..)?;
    let found = rest
        .iter()
        .position(|byte| matches!(byte, b'"' | b'\\' | 0..b' '))?;
    Some(place + found)
}

/// Returns eight copies of the byte.
const fn repeat(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// Sets the highest bit of the lowest byte that is zero. The highest bits of higher bytes may also be set.
const fn zeros(chunk: u64) -> u64 {
    chunk.wrapping_sub(repeat(1)) & !chunk & repeat(0x80)
}

/// Returns the place after the value that begins at `start`.
pub(crate) fn value_end(text: &[u8], start: usize) -> Option<usize> {
    match text.get(start)? {
        b'"' => Some(quoted(text, start)?.end + 1),
        b'[' | b'{' => nested_end(text, start),
        _ => {
            let rest = text.get(start..)?;
            let length = rest
                .iter()
                .position(|byte| matches!(byte, b',' | b']' | b'}' | b' ' | b'\n' | b'\r' | b'\t'));
            Some(start + length.unwrap_or(rest.len())).filter(|end| *end > start)
        }
    }
}

/// Returns the place after the array or object that begins at `start`. The depth is not limited.
fn nested_end(text: &[u8], start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut place = start;
    loop {
        match text.get(place)? {
            b'"' => place = quoted(text, place)?.end,
            b'[' | b'{' => depth += 1,
            b']' | b'}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(place + 1);
                }
            }
            _ => {}
        }
        place += 1;
    }
}

/// Returns whether the text is an integer in JSON, without a fraction and an exponent.
pub(crate) fn is_integer(text: &str) -> bool {
    match text.as_bytes().strip_prefix(b"-").unwrap_or(text.as_bytes()) {
        [b'0'] => true,
        [b'1'..=b'9', rest @ ..] => rest.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}
