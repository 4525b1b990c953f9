//! The whole run: selects the calls, sends them, and compares the responses.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use mailstore_codegen::model::{Api, Effect, Function};
use mailstore_codegen::{Generator, Overlay};
use mailstore_reach::{Edition, ask};
use mailstore_transport::{Connection, Json, Problem};
use serde_json::Value;

use crate::arguments::{Extent, Known, in_order};
use crate::budget::Budget;
use crate::call::{Trouble, call};
use crate::compare::{Types, compare};
use crate::finding::Finding;
use crate::private::Private;
use crate::{decoders, shape::Shape};

/// The outcome of a run. It contains no names of the server, its users or its data.
#[derive(Clone, Debug)]
pub struct Probe {
    /// The edition of the server.
    pub edition: Edition,
    /// The version of the server, if known: digits and dots.
    pub version: Option<String>,
    /// The day of the run, in UTC.
    pub date: Date,
    /// The read-only functions, sorted by name.
    pub functions: Vec<Probed>,
    /// The number of functions that were not called because they may change the server.
    pub changing: usize,
    /// Functions of the server that have no overlay entry. They were not called.
    pub new: Vec<String>,
    /// Known functions that the server does not list.
    pub gone: Vec<String>,
    /// The expected model: the functions of the server with their overlays.
    pub api: Api,
}

/// A function and the outcome of its call.
#[derive(Clone, Debug)]
pub struct Probed {
    /// The name of the function.
    pub function: String,
    /// The outcome of its call.
    pub outcome: Outcome,
}

/// The outcome of a call.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The server returned a result.
    Answered(Answer),
    /// The server did not return a result.
    Trouble(Trouble),
    /// The function was not called, for this reason.
    Skipped(String),
}

/// The comparison of a response with the model.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The place where the client failed to decode the response, such as `[].userName`; `None` if it succeeded.
    pub undecoded: Option<String>,
    /// Whether the response had nothing to compare, such as an empty array.
    pub empty: bool,
    /// The differences.
    pub findings: Vec<Finding>,
}

impl Probe {
    /// Returns whether the response differs from the model.
    pub fn differs(&self) -> bool {
        !self.new.is_empty() || !self.gone.is_empty() || self.functions.iter().any(Probed::differs)
    }
}

impl Probed {
    /// Returns whether the function differs from the model. A function that was not called or that timed out does not
    /// differ.
    pub fn differs(&self) -> bool {
        match &self.outcome {
            Outcome::Answered(answer) => {
                answer.undecoded.is_some() || answer.findings.iter().any(Finding::differs)
            }
            Outcome::Trouble(trouble) => *trouble != Trouble::TooSlow,
            Outcome::Skipped(_) => false,
        }
    }
}

/// Calls all read-only functions and compares the responses with `overlays`, which must be the overlays of the edition.
/// `user` is the user who sends the requests. The outcome does not contain it.
///
/// The connection must be read-only and have the catalog of the edition. It then rejects all other calls.
///
/// # Errors
/// The server cannot be reached, rejects the credentials or has another edition, or the overlays contradict its
/// function list. A failed call is not an error. The outcome contains it.
pub async fn probe(
    connection: &Connection,
    edition: Edition,
    overlays: &[Overlay],
    user: &str,
    extent: &Extent,
    progress: impl Fn(&str),
) -> miette::Result<Probe> {
    let live = ask(connection, edition).await?;
    let listed: BTreeSet<String> = live
        .dump
        .functions()
        .iter()
        .map(|function| function.name.clone())
        .collect();
    let mut generated = Generator::new("mailstore probe").single(live.dump, "get-metadata", overlays)?;
    let api = generated.apis.remove(0);

    let all = api.functions();
    let reads: Vec<&Function> = all
        .iter()
        .copied()
        .filter(|function| function.effect == Effect::Read)
        .collect();
    let new: Vec<String> = all
        .iter()
        .filter(|function| function.effect == Effect::Unknown)
        .map(|function| function.wire.clone())
        .collect();
    let catalog = connection
        .surface()
        .functions
        .iter()
        .map(|function| function.name);
    let changing = all.len() - reads.len() - new.len();

    let asked = ask_all(connection, reads, Known::new(user, extent), extent, progress).await;
    let functions = look_at(
        &asked,
        &api,
        edition,
        &private(connection, user, extent, &asked, &api),
    );
    Ok(Probe {
        edition,
        version: live.version.ok().and_then(|version| plain(&version)),
        date: Timestamp::now().to_zoned(TimeZone::UTC).date(),
        functions,
        changing,
        new,
        gone: catalog
            .filter(|name| !listed.contains(*name))
            .map(str::to_owned)
            .collect(),
        api,
    })
}

/// A function, and its response or the reason why there is no response. The response is kept as its text, because it
/// needs many times the memory as a value.
struct Asked<'a> {
    function: &'a Function,
    answer: Result<Json, Outcome>,
}

async fn ask_all<'a>(
    connection: &Connection,
    reads: Vec<&'a Function>,
    mut known: Known,
    extent: &Extent,
    progress: impl Fn(&str),
) -> Vec<Asked<'a>> {
    let mut asked = Vec::new();
    let mut budget = Budget::default();
    for function in in_order(reads) {
        let answer = match known.arguments(function) {
            Err(reason) => Err(Outcome::Skipped(reason)),
            Ok(arguments) => {
                progress(&function.wire);
                let answer = call(connection, &function.wire, &arguments, extent.limit).await;
                let kept = answer.and_then(|json| {
                    known.learn(&function.wire, &budget.take(&json)?);
                    Ok(json)
                });
                kept.map_err(Outcome::Trouble)
            }
        };
        asked.push(Asked { function, answer });
    }
    asked.sort_by(|a, b| a.function.wire.cmp(&b.function.wire));
    asked
}

/// Collects the private strings of all responses, the address, the user and the options.
fn private(connection: &Connection, user: &str, extent: &Extent, asked: &[Asked<'_>], api: &Api) -> Private {
    let host = connection.origin().trim_start_matches("https://");
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    let mut private = Private::of([user, host]);
    host.split('.').for_each(|part| private.add(part));
    extent.instance.iter().for_each(|instance| private.add(instance));
    let types = Types::of(api);
    for Asked { function, answer } in asked {
        if let Ok(answer) = answer {
            types.note_texts(&function.result, &value_of(answer), &mut private);
        }
    }
    private
}

fn look_at(asked: &[Asked<'_>], api: &Api, edition: Edition, private: &Private) -> Vec<Probed> {
    let types = Types::of(api);
    let outcome = |Asked { function, answer }: &Asked<'_>| match answer {
        Err(outcome) => outcome.clone(),
        Ok(json) => {
            let value = value_of(json);
            Outcome::Answered(Answer {
                undecoded: undecoded(edition, &function.wire, json),
                empty: Shape::of(&[&value], private).is_empty(),
                findings: compare(&function.result, &value, &types, private),
            })
        }
    };
    asked
        .iter()
        .map(|asked| Probed {
            function: asked.function.wire.clone(),
            outcome: outcome(asked),
        })
        .collect()
}

/// Decodes a response. It was decoded before, when it arrived.
fn value_of(response: &Json) -> Value {
    response.decode().unwrap_or_default()
}

/// Returns the place where the client cannot decode a result.
fn undecoded(edition: Edition, function: &str, result: &Json) -> Option<String> {
    let decode: fn(&str, &Json) -> Option<Result<(), Problem>> = match edition {
        Edition::Server => decoders::server::decode,
        Edition::Spe => decoders::spe::decode,
    };
    let problem = decode(function, result)?.err()?;
    let path = problem.path();
    Some(without_indexes(path.strip_prefix("result").unwrap_or(&path)))
}

/// Turns `[3].userName` into `[].userName`, because the index does not matter.
fn without_indexes(path: &str) -> String {
    let mut plain = String::new();
    let mut inside = false;
    for c in path.trim_start_matches('.').chars() {
        inside = (inside && c != ']') || c == '[';
        if !(inside && c.is_ascii_digit()) {
            plain.push(c);
        }
    }
    if plain.is_empty() {
        "result".to_owned()
    } else {
        plain
    }
}

/// Returns the digits and dots at the start of a version. The rest is not needed.
fn plain(version: &str) -> Option<String> {
    let end = version
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(version.len());
    Some(version[..end].to_owned()).filter(|version| !version.is_empty())
}
