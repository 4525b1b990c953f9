//! What a check found, before it is written in a format.

use super::metric::Metric;
use super::state::State;
use crate::exit::Failed;

/// The result of a check.
#[derive(Clone, Debug, Default)]
pub(crate) struct Report {
    /// The name of the check, such as `profiles`.
    pub(crate) check: &'static str,
    /// The text if every item is OK.
    pub(crate) about: String,
    /// The things that were examined.
    pub(crate) items: Vec<Item>,
    /// The figures of the whole check.
    pub(crate) metrics: Vec<Metric>,
    /// Remarks that do not change the state.
    pub(crate) notes: Vec<String>,
    /// The server, and the instance if there is one.
    pub(crate) labels: Vec<(&'static str, String)>,
}

/// One thing that was examined.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) state: State,
    /// What it is, such as `profile`. Empty if the name says it.
    pub(crate) kind: &'static str,
    /// The id on the server.
    pub(crate) id: Option<String>,
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) metrics: Vec<Metric>,
}

/// The number of items that the first line names.
const NAMED: usize = 3;

impl Report {
    /// Returns a report whose only content is the reason why there is none.
    pub(crate) fn failed(check: &'static str, state: State, failed: &Failed) -> Self {
        let report = &failed.report;
        let mut text = report.to_string();
        // The message of a failed call contains its cause already.
        if let Some(cause) = report.chain().last().map(ToString::to_string)
            && !text.contains(&cause)
        {
            text.push_str(&format!(": {cause}"));
        }
        Self {
            check,
            items: vec![Item::new(state, "", shown(&text))],
            notes: report
                .help()
                .iter()
                .map(|help| shown(&help.to_string()))
                .collect(),
            ..Self::default()
        }
    }

    /// Returns the worst state of the items.
    pub(crate) fn state(&self) -> State {
        self.items.iter().map(|item| item.state).max().unwrap_or_default()
    }

    /// Returns the items from bad to good. Items of the same state stay in their order.
    pub(crate) fn worst_first(&self) -> Vec<&Item> {
        let mut items: Vec<&Item> = self.items.iter().collect();
        items.sort_by_key(|item| std::cmp::Reverse(item.state));
        items
    }

    /// Returns one line of text: the worst items, or what was examined if all is well.
    pub(crate) fn text(&self) -> String {
        let bad: Vec<&Item> = self.worst_first();
        let bad: Vec<&Item> = bad.into_iter().filter(|item| item.state != State::Ok).collect();
        if bad.is_empty() {
            return self.about.clone();
        }
        let mut text: Vec<String> = bad.iter().take(NAMED).map(|item| item.line()).collect();
        if bad.len() > NAMED {
            text.push(format!("{} more", bad.len() - NAMED));
        }
        text.join("; ")
    }
}

impl Item {
    /// Creates an item without an id and a kind.
    pub(crate) fn new(state: State, name: &str, text: impl Into<String>) -> Self {
        Self {
            state,
            kind: "",
            id: None,
            name: name.to_owned(),
            text: text.into(),
            metrics: Vec::new(),
        }
    }

    /// Returns the kind, the id and the name.
    pub(crate) fn title(&self) -> String {
        let id = self.id.as_deref().unwrap_or_default();
        // The id of an instance is often its name, too.
        let name = if self.name == id { "" } else { &self.name };
        let parts = [self.kind, id, name];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(" ")
    }

    /// Returns the title and the text.
    pub(crate) fn line(&self) -> String {
        let title = self.title();
        if title.is_empty() {
            self.text.clone()
        } else {
            format!("{title}: {}", self.text)
        }
    }
}

/// Returns text from outside as one line without control characters.
pub(crate) fn shown(text: &str) -> String {
    mailstore_reach::printable(text).to_string()
}

/// Returns a number with its noun, such as `1 store` or `2 stores`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ if noun.ends_with('x') => format!("{count} {noun}es"),
        _ => format!("{count} {noun}s"),
    }
}
