//! Shows the calls of a job, for a dry run.

use std::collections::BTreeMap;

use comfy_table::Table;
use comfy_table::presets::NOTHING;
use mailstore_api::printable;
use serde::Serialize;

use super::choose::NotCalled;
use super::expand::Expansion;
use super::held::HeldBack;
use crate::call::{Call, StartSpan};

/// The calls of a job as JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    window: &'a str,
    starts: Option<StartSpan>,
    waves: Vec<Count<'a>>,
    servers: Vec<Count<'a>>,
    calls: &'a [Call],
    not_called: &'a [NotCalled],
    #[serde(skip_serializing_if = "Option::is_none")]
    held_back: Option<&'a HeldBack>,
}

/// The number of calls in a wave or on a server.
#[derive(Serialize)]
struct Count<'a> {
    name: &'a str,
    calls: usize,
}

impl Expansion {
    /// Returns the calls as JSON.
    pub fn json(&self) -> String {
        let document = Document {
            window: &self.night.window,
            starts: self.night.starts,
            waves: self.per_wave(),
            servers: self.per_server(),
            calls: &self.calls,
            not_called: &self.not_called,
            held_back: self.held_back.as_ref(),
        };
        let json = serde_json::to_string_pretty(&document);
        json.expect("the document has only texts, numbers and lists, which JSON can always hold") + "\n"
    }

    /// Returns the calls as tables for people.
    pub fn text(&self) -> String {
        let mut text = format!("Window: {}\n", printable(&self.night.window));
        if let Some(starts) = self.night.starts {
            text.push_str(&format!(
                "Calls start from {} until {}\n",
                starts.opens, starts.closes
            ));
        }
        let mut calls = table(["WAVE", "PROFILE", "INSTANCE", "FUNCTION", "ARGUMENTS", "EFFECT"]);
        for call in &self.calls {
            let arguments = call.arguments.iter();
            let arguments: Vec<String> = arguments
                .map(|(name, value)| format!("{name}={}", printable(value)))
                .collect();
            calls.add_row([
                self.wave(call).to_owned(),
                printable(&call.profile).to_string(),
                printable(call.instance.as_deref().unwrap_or("-")).to_string(),
                call.function.clone(),
                arguments.join(" "),
                call.effect.as_str().to_owned(),
            ]);
        }
        section(&mut text, &calls, !self.calls.is_empty());
        let mut not_called = table(["NOT CALLED", "INSTANCE", "REASON"]);
        for skipped in &self.not_called {
            not_called.add_row([
                printable(&skipped.target.profile).to_string(),
                printable(skipped.target.instance.as_deref().unwrap_or("-")).to_string(),
                printable(&skipped.reason).to_string(),
            ]);
        }
        section(&mut text, &not_called, !self.not_called.is_empty());
        for (name, counts) in [("WAVE", self.per_wave()), ("SERVER", self.per_server())] {
            let mut table = table([name, "CALLS"]);
            for count in &counts {
                table.add_row([printable(count.name).to_string(), count.calls.to_string()]);
            }
            section(&mut text, &table, !counts.is_empty());
        }
        text.push_str(&format!(
            "\nCalls: {}. Targets without calls: {}.\n",
            self.calls.len(),
            self.not_called.len()
        ));
        if let Some(held_back) = &self.held_back {
            text.push_str(&format!("{held_back}\n"));
        }
        text
    }

    /// Returns the name of the wave of a call.
    fn wave(&self, call: &Call) -> &str {
        let number = usize::try_from(call.wave).unwrap_or(usize::MAX);
        self.waves.get(number).map_or("", String::as_str)
    }

    /// Returns the number of calls in each wave that has any.
    fn per_wave(&self) -> Vec<Count<'_>> {
        let waves = self.waves.iter().map(|name| Count {
            name,
            calls: self.calls.iter().filter(|call| self.wave(call) == name).count(),
        });
        waves.filter(|count| count.calls > 0).collect()
    }

    /// Returns the number of calls on each server, in the order in which the servers are first called.
    fn per_server(&self) -> Vec<Count<'_>> {
        let mut counts: Vec<Count<'_>> = Vec::new();
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for call in &self.calls {
            let place = *places.entry(&call.server).or_insert(counts.len());
            match counts.get_mut(place) {
                Some(count) => count.calls += 1,
                None => counts.push(Count {
                    name: &call.server,
                    calls: 1,
                }),
            }
        }
        counts
    }
}

fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(header);
    table
}

fn section(text: &mut String, table: &Table, is_shown: bool) {
    if is_shown {
        text.push_str(&format!("\n{}\n", table.trim_fmt()));
    }
}
