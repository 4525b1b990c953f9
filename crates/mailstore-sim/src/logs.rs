//! The logs of long calls. Lines end with CR LF.
//!
//! The log of VerifyStore follows the vendor's tutorial. All other logs are invented.

use crate::state::stores::Store;

/// The line ending.
pub(crate) const EOL: &str = "\r\n";

/// Creates one piece of log from whole lines.
pub(crate) fn piece(lines: &[&str]) -> String {
    lines.iter().flat_map(|line| [line, EOL]).collect()
}

/// Creates one line.
pub(crate) fn line(text: impl AsRef<str>) -> String {
    piece(&[text.as_ref()])
}

/// Returns the log of VerifyStore.
pub(crate) fn verify(store: &Store) -> Vec<String> {
    let count = store.count;
    let mut log = vec![
        piece(&[
            &format!("Verifying file group #{}...", store.id),
            "Creating a list of messages to be verified...",
        ]),
        piece(&[
            &format!("{count} messages are about to be verified."),
            "Verifying...",
        ]),
    ];
    log.extend(counts(count).map(|done| line(format!("  {done} messages verified..."))));
    log.push(piece(&[
        &format!("  {count} messages verified."),
        "Finished. No errors have been found.",
    ]));
    log
}

/// Returns the log of work on one store: an opening, the progress by messages, and an end.
pub(crate) fn work(opening: &str, doing: &str, done_word: &str, count: i64) -> Vec<String> {
    let mut log = vec![line(format!("{opening}...")), line(format!("{doing}..."))];
    log.extend(counts(count).map(|done| line(format!("  {done} messages {done_word}..."))));
    log.push(piece(&[&format!("  {count} messages {done_word}."), "Finished."]));
    log
}

/// Returns the log of work in named steps.
pub(crate) fn stages(stages: &[&str]) -> Vec<String> {
    stages.iter().map(line).chain([line("Finished.")]).collect()
}

/// Returns the numbers at which progress is reported: multiples of a hundred, at most about a dozen.
fn counts(count: i64) -> impl Iterator<Item = i64> {
    let every = (count / 1200 * 100).max(100);
    (1..)
        .map(move |step| step * every)
        .take_while(move |done| *done < count)
}

/// Splits a log into `changes` + 1 pieces. Joins pieces, or inserts lines between them. A log without lines stays
/// empty.
pub(crate) fn stretch(log: Vec<String>, changes: usize) -> Vec<String> {
    let changes = changes.max(1);
    let silent = log.iter().all(String::is_empty);
    let mut pieces = log;
    // Surplus pieces are joined to the first piece, so that the end stays the same.
    if let Some(surplus) = pieces.len().checked_sub(changes + 1) {
        let first: String = pieces.drain(..=surplus).collect();
        pieces.insert(0, first);
    }
    let last = pieces.pop().unwrap_or_default();
    while pieces.len() < changes {
        let number = pieces.len() + 1;
        pieces.push(if silent {
            String::new()
        } else {
            line(format!("  step {number} of {changes}..."))
        });
    }
    pieces.push(last);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_can_be_split_into_any_number_of_pieces() {
        let log = stages(&["one", "two", "three", "four"]);
        for changes in 1..30 {
            let pieces = stretch(log.clone(), changes);
            assert_eq!(pieces.len(), changes + 1);
            let lines: Vec<String> = pieces
                .concat()
                .lines()
                .filter(|l| !l.starts_with("  "))
                .map(line)
                .collect();
            assert_eq!(lines, log, "the lines and their order are unchanged");
        }
        assert_eq!(stretch(vec![String::new(); 4], 6), vec![String::new(); 7]);
        assert_eq!(stretch(Vec::new(), 0).len(), 2);
    }
}
