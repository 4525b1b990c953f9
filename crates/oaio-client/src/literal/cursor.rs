//! A place in the text of a literal.

/// What is wrong with a text, and the byte at which it is.
pub(super) type Wrong = (usize, &'static str);

/// A place in the text of a literal.
pub(super) struct Cursor<'t> {
    text: &'t str,
    /// A boundary between characters: it moves only by whole characters.
    place: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, place: 0 }
    }

    pub(super) fn place(&self) -> usize {
        self.place
    }

    /// Returns the text after the place.
    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.place..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Returns the next character and moves behind it. A line break of two characters becomes `\n`, as in Python.
    pub(super) fn next(&mut self) -> Option<char> {
        if self.eat("\r\n") || self.eat("\r") {
            return Some('\n');
        }
        let next = self.peek()?;
        self.place += next.len_utf8();
        Some(next)
    }

    /// Moves behind this text if it is next.
    pub(super) fn eat(&mut self, expected: &str) -> bool {
        let is_next = self.rest().starts_with(expected);
        if is_next {
            self.place += expected.len();
        }
        is_next
    }

    /// Returns the characters up to the first one that is not allowed, and moves behind them.
    pub(super) fn take_while(&mut self, is_allowed: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|character| !is_allowed(character));
        let taken = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        self.place += taken.len();
        taken
    }

    /// Moves behind white space and comments. A line break is white space only inside brackets, or after a backslash.
    pub(super) fn skip_blanks(&mut self, is_inside: bool) {
        loop {
            self.take_while(|character| matches!(character, ' ' | '\t' | '\x0c'));
            match self.peek() {
                Some('#') => drop(self.take_while(|character| !matches!(character, '\n' | '\r'))),
                Some('\n' | '\r') if is_inside => drop(self.next()),
                _ if self.eat("\\\r\n") || self.eat("\\\n") || self.eat("\\\r") => {}
                _ => return,
            }
        }
    }

    /// The error that `problem` is at the current place.
    pub(super) fn wrong<T>(&self, problem: &'static str) -> Result<T, Wrong> {
        Err((self.place, problem))
    }
}
