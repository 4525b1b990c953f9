//! The whole run: what to ask, asking it, and what comes out.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use mailstore_codegen::model::{Api, Effect, Function};
use mailstore_codegen::{Generator, Overlay};
use mailstore_reach::{Edition, ask};
use mailstore_transport::{Connection, Json, Problem};
use serde_json::Value;

use crate::arguments::{Extent, Known, in_order};
use crate::call::{Trouble, call};
use crate::compare::{Types, compare};
use crate::finding::Finding;
use crate::private::Private;
use crate::{decoders, shape::Shape};

/// What a server was found to be. Nothing in it names the server, its users or what they have.
#[derive(Clone, Debug)]
pub struct Probe {
    /// Which product it is.
    pub edition: Edition,
    /// Its version, if it tells one: digits and dots.
    pub version: Option<String>,
    /// The day of the run, in UTC.
    pub date: Date,
    /// The functions that only read, in the order of their names.
    pub functions: Vec<Probed>,
    /// How many functions were not called as they may change the server.
    pub changing: usize,
    /// Functions of the server that have no overlay entry. They were not called.
    pub new: Vec<String>,
    /// Functions that are known and that the server does not list.
    pub gone: Vec<String>,
    /// The expected model: the functions of the server with their overlays.
    pub api: Api,
}

/// A function and what became of it.
#[derive(Clone, Debug)]
pub struct Probed {
    /// Name on the wire.
    pub function: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a function.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It answered.
    Answered(Answer),
    /// It did not answer.
    Trouble(Trouble),
    /// It was not called, for this reason.
    Skipped(String),
}

/// What is to be said of an answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Where the client failed to read it, such as `[].userName`; `None` if it did.
    pub undecoded: Option<String>,
    /// Whether there was nothing in it to compare, such as an empty list.
    pub empty: bool,
    /// What differs.
    pub findings: Vec<Finding>,
}

impl Probe {
    /// Whether anything is otherwise than known.
    pub fn differs(&self) -> bool {
        !self.new.is_empty() || !self.gone.is_empty() || self.functions.iter().any(Probed::differs)
    }
}

impl Probed {
    /// Whether the function is otherwise than known. One that was not asked, or for too short a time, is not.
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

/// Asks the server all that only reads, and compares with what `overlays` say, which are those of the edition. `user` is
/// who asks, and is not told.
///
/// The connection has to be read-only and made for the catalog of the edition: then it lets nothing else through.
///
/// # Errors
/// The server cannot be reached, refuses the credentials or is of another edition; or what is known does not fit its
/// function list. That a function fails is no error.
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
    let mut generated = Generator::new("cargo xtask probe").single(live.dump, "get-metadata", overlays)?;
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

/// A function, and its response or the reason why there is no response.
struct Asked<'a> {
    function: &'a Function,
    answer: Result<Value, Outcome>,
}

async fn ask_all<'a>(
    connection: &Connection,
    reads: Vec<&'a Function>,
    mut known: Known,
    extent: &Extent,
    progress: impl Fn(&str),
) -> Vec<Asked<'a>> {
    let mut asked = Vec::new();
    for function in in_order(reads) {
        let answer = match known.arguments(function) {
            Err(reason) => Err(Outcome::Skipped(reason)),
            Ok(arguments) => {
                progress(&function.wire);
                let answer = call(connection, &function.wire, &arguments, extent.limit).await;
                answer.map_err(Outcome::Trouble)
            }
        };
        if let Ok(answer) = &answer {
            known.learn(&function.wire, answer);
        }
        asked.push(Asked { function, answer });
    }
    asked.sort_by(|a, b| a.function.wire.cmp(&b.function.wire));
    asked
}

/// What must not be shown: all answers together tell it, and so do address, user and options.
fn private(connection: &Connection, user: &str, extent: &Extent, asked: &[Asked<'_>], api: &Api) -> Private {
    let host = connection.origin().trim_start_matches("https://");
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    let mut private = Private::of([user, host]);
    host.split('.').for_each(|part| private.add(part));
    extent.instance.iter().for_each(|instance| private.add(instance));
    let types = Types::of(api);
    for Asked { function, answer } in asked {
        if let Ok(answer) = answer {
            types.note_texts(&function.result, answer, &mut private);
        }
    }
    private
}

fn look_at(asked: &[Asked<'_>], api: &Api, edition: Edition, private: &Private) -> Vec<Probed> {
    let types = Types::of(api);
    let outcome = |Asked { function, answer }: &Asked<'_>| match answer {
        Err(outcome) => outcome.clone(),
        Ok(answer) => Outcome::Answered(Answer {
            undecoded: undecoded(edition, &function.wire, answer),
            empty: Shape::of(&[answer], private).is_empty(),
            findings: compare(&function.result, answer, &types, private),
        }),
    };
    asked
        .iter()
        .map(|asked| Probed {
            function: asked.function.wire.clone(),
            outcome: outcome(asked),
        })
        .collect()
}

/// Where the client cannot read a result.
fn undecoded(edition: Edition, function: &str, result: &Value) -> Option<String> {
    let decode: fn(&str, &Json) -> Option<Result<(), Problem>> = match edition {
        Edition::Server => decoders::server::decode,
        Edition::Spe => decoders::spe::decode,
    };
    let problem = decode(function, &result.clone().into())?.err()?;
    let path = problem.path();
    Some(without_indexes(path.strip_prefix("result").unwrap_or(&path)))
}

/// `[3].userName` as `[].userName`: which element it is says no more than that one is.
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

/// The digits and dots at the beginning of a version: nothing else of it is needed.
fn plain(version: &str) -> Option<String> {
    let end = version
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(version.len());
    Some(version[..end].to_owned()).filter(|version| !version.is_empty())
}
