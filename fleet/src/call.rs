//! A call of a fleet: one function on one server or instance, as the journal of the engine contains it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::Timestamp;
use mailstore_api::Effect;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// One execution of a function, planned for one window.
///
/// The engine writes it to its journal. It therefore contains the name of a profile, and no credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// Identifies the call: two calls with the same key are the same call. [`new`](Call::new) creates it.
    pub key: String,
    /// The period in which the call is run once, such as `2026-11-27/verify`.
    pub window: String,
    /// The name of the profile with which the worker connects.
    pub profile: String,
    /// The server of the profile, as `https://host:port`. Limits per server count the calls with this value.
    pub server: String,
    /// The instance of the Service Provider Edition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// The wire name of the function.
    pub function: String,
    /// The arguments without the instance, as the request contains them. None of them is a secret.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub arguments: BTreeMap<String, String>,
    /// What the function may do to the server.
    pub effect: CallEffect,
    /// The wave in which the call is run. Wave 0 is the canary: it is run first.
    pub wave: u32,
}

/// What a call may do to the server, as far as the fleet needs to know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CallEffect {
    /// The function only reads. A lost call is sent again.
    Read,
    /// The function may change something. It is never sent again unless it is known that it did not arrive.
    Change,
}

impl CallEffect {
    /// Returns the effect as one word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Change => "change",
        }
    }
}

impl From<Effect> for CallEffect {
    fn from(effect: Effect) -> Self {
        if effect.only_reads() {
            Self::Read
        } else {
            Self::Change
        }
    }
}

/// A server, or an instance on it, on which a function is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Target {
    /// The name of the profile.
    pub profile: String,
    /// The server of the profile, as `https://host:port`.
    pub server: String,
    /// The instance of the Service Provider Edition.
    pub instance: Option<String>,
}

impl Call {
    /// Creates a call. Its key contains the window, the profile, the instance, the function and a digest of the
    /// arguments.
    pub fn new(
        window: &str,
        target: Target,
        function: &str,
        arguments: BTreeMap<String, String>,
        effect: CallEffect,
        wave: u32,
    ) -> Self {
        let Target {
            profile,
            server,
            instance,
        } = target;
        let mut key = String::new();
        for part in [
            window,
            &profile,
            instance.as_deref().unwrap_or_default(),
            function,
        ] {
            key.push_str(&escaped(part));
            key.push(':');
        }
        key.push_str(&digest(&arguments));
        Self {
            key,
            window: window.to_owned(),
            profile,
            server,
            instance,
            function: function.to_owned(),
            arguments,
            effect,
            wave,
        }
    }

    /// Returns the key without the window.
    pub(crate) fn name_in_window(&self) -> &str {
        self.key.split_once(':').map_or(&self.key, |(_, name)| name)
    }
}

/// Replaces the separator of a key in one of its parts, so that different parts never give the same key.
fn escaped(part: &str) -> String {
    part.replace('%', "%25").replace(':', "%3A")
}

/// Returns a part of a key as it was before it was escaped.
pub(crate) fn unescaped(part: &str) -> String {
    part.replace("%3A", ":").replace("%25", "%")
}

/// Returns a digest of the arguments: 16 hex digits.
fn digest(arguments: &BTreeMap<String, String>) -> String {
    let mut hash = Sha256::new();
    for text in arguments.iter().flat_map(|(name, value)| [name, value]) {
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    }
    short_hex(&hash.finalize())
}

/// Returns the first 8 bytes of a digest as 16 hex digits.
pub(crate) fn short_hex(digest: &[u8]) -> String {
    digest.iter().take(8).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// How many calls run at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// In the whole job.
    pub overall: u32,
    /// On each server, over all jobs of the engine.
    pub per_server: u32,
}

/// What happens to the rest of a job after a call failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OnFailure {
    /// No further call is started. The calls that are running are followed to their end.
    #[default]
    Stop,
    /// The other calls of the same wave are started. No later wave is started.
    FinishWave,
    /// The other calls are started.
    Continue,
}

/// The time in which calls may start. Calls that run are followed to their end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartSpan {
    /// Calls wait until this time.
    pub opens: Timestamp,
    /// From this time, calls that have not started are skipped.
    pub closes: Timestamp,
}

/// The calls of one job in one window, with everything that the engine needs to run them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Batch {
    /// The window of the calls. It identifies the batch: the same window again attaches to the first one.
    pub window: String,
    /// The calls. Waves run one after the other, in ascending order. Within a wave, the order is that of this list.
    pub calls: Vec<Call>,
    /// How many of them run at the same time.
    pub limits: Limits,
    /// What happens after a call failed.
    pub on_failure: OnFailure,
    /// When calls may start. Without it, they may start at any time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<StartSpan>,
    /// Where the workers write the logs of the calls: a folder, or the URL of an object store.
    pub logs: String,
    /// Counts the workflows of the window from 1. The window is continued by the next one.
    #[serde(default = "first_round", skip_serializing_if = "is_first_round")]
    pub round: u32,
    /// How many calls of the window this batch leaves out, because earlier rounds have sent them.
    #[serde(default, skip_serializing_if = "is_none")]
    pub left_out: usize,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it")]
fn is_none(count: &usize) -> bool {
    *count == 0
}

pub(crate) fn first_round() -> u32 {
    1
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it")]
pub(crate) fn is_first_round(round: &u32) -> bool {
    *round == 1
}

/// Returns a key with the number of a round. The first round has the key itself.
pub fn in_round(key: &str, round: u32) -> String {
    if round == 1 {
        key.to_owned()
    } else {
        // A window and a digest contain no colon, so this key is no other call and no other window.
        format!("{key}:{round}")
    }
}

impl Batch {
    /// Returns the key of the workflow.
    pub fn key(&self) -> String {
        in_round(&self.window, self.round)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn key(profile: &str, instance: Option<&str>, arguments: &[(&str, &str)]) -> String {
        let target = Target {
            profile: profile.to_owned(),
            server: "https://127.0.0.1:8463".to_owned(),
            instance: instance.map(str::to_owned),
        };
        let arguments = arguments
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Call::new(
            "2026-11-27/verify",
            target,
            "VerifyStore",
            arguments,
            CallEffect::Change,
            0,
        )
        .key
    }

    #[test]
    fn a_key_is_the_same_for_the_same_call_only() {
        let one = key("berlin", None, &[("id", "1")]);
        assert!(one.starts_with("2026-11-27/verify:berlin::VerifyStore:"), "{one}");
        assert_eq!(one, key("berlin", None, &[("id", "1")]));
        for other in [
            key("bonn", None, &[("id", "1")]),
            key("berlin", Some("a"), &[("id", "1")]),
            key("berlin", None, &[("id", "2")]),
            key("berlin", None, &[("i", "d1")]),
            key("berlin", None, &[]),
        ] {
            assert_ne!(one, other);
        }
        assert_ne!(key("a:b", None, &[]), key("a", Some("b:"), &[]));
        for part in ["a:b", "%3A", "100 %", "%253A"] {
            assert_eq!(unescaped(&escaped(part)), part);
        }
    }

    #[test]
    fn a_batch_is_read_as_it_is_written() {
        let call = Call::new(
            "w",
            Target {
                profile: "p".to_owned(),
                server: "https://127.0.0.1:1".to_owned(),
                instance: None,
            },
            "Ping",
            BTreeMap::new(),
            CallEffect::Read,
            1,
        );
        let batch = Batch {
            window: "w".to_owned(),
            calls: vec![call],
            limits: Limits {
                overall: 8,
                per_server: 2,
            },
            on_failure: OnFailure::Continue,
            starts: Some(StartSpan {
                opens: Timestamp::UNIX_EPOCH,
                closes: Timestamp::MAX,
            }),
            logs: "logs".to_owned(),
            round: 2,
            left_out: 3,
        };
        let text = serde_json::to_string(&batch).unwrap();
        assert_eq!(serde_json::from_str::<Batch>(&text).unwrap(), batch);
    }
}
