//! Says how to find out what a server did with a call, from what its function leaves behind.

use std::fmt::Write as _;

use jiff::{Timestamp, ToSpan as _};
use mailstore_api::printable;
use mailstore_reach::command_line;

use crate::call::Call;

/// How the work of a function can be seen at the server.
struct Evidence {
    /// The names of the functions, or their beginnings.
    functions: &'static [&'static str],
    /// The function that shows it, with its arguments. `{from}` and `{to}` are times around
    /// the start.
    shown_by: &'static str,
    /// What to look at in its result.
    look: &'static str,
    /// What a second start does, if that is known.
    again: Option<&'static str>,
}

/// The first one that fits is used. All of this is inferred from the documentation of the functions.
const EVIDENCE: [Evidence; 11] = [
    Evidence {
        functions: &["VerifyStore"],
        shown_by: "GetStores",
        look: "Verifying leaves nothing there. It shows whether the store is still there and without an error.",
        again: Some("A second start only costs load: the function reads the store and changes nothing."),
    },
    Evidence {
        functions: &["UpgradeStore"],
        shown_by: "GetStores",
        look: "`needsUpgrade` of the store is false when the upgrade has ended.",
        again: Some(
            "Do not start it again while `needsUpgrade` is true and the server is busy: it may still be at work.",
        ),
    },
    Evidence {
        functions: &[
            "RebuildStoreIndex",
            "RebuildSelectedStoreIndexes",
            "SelectAllStoreIndexesForRebuild",
        ],
        shown_by: "GetStores",
        look: "`searchIndexesNeedRebuild` of the store is false when the rebuild has ended.",
        again: None,
    },
    Evidence {
        functions: &["RunProfile", "RunTemporaryProfile"],
        shown_by: "GetWorkerResults fromIncluding={from} toExcluding={to} timeZoneID=UTC",
        look: "A run of the profile that began at that time is in the list, once it has ended.",
        again: None,
    },
    Evidence {
        functions: &["RunJob", "CancelJob"],
        shown_by: "GetJobResults fromIncluding={from} toExcluding={to} timeZoneId=UTC",
        look: "A run of the job that began at that time is in the list.",
        again: None,
    },
    Evidence {
        functions: &[
            "StartInstances",
            "StopInstances",
            "RestartInstances",
            "FreezeInstances",
            "ThawInstances",
        ],
        shown_by: "GetInstances instanceFilter='*'",
        look: "`status` of the instance shows its state. After a restart, it is `running` as before.",
        again: None,
    },
    Evidence {
        functions: &["CreateJob", "DeleteJob", "RenameJob", "SetJob"],
        shown_by: "GetJobs",
        look: "Compare the job with what the call wanted.",
        again: None,
    },
    Evidence {
        functions: &["CreateUser", "DeleteUser", "RenameUser", "SetUser", "SyncUsers"],
        shown_by: "GetUsers",
        look: "Compare the users with what the call wanted.",
        again: None,
    },
    Evidence {
        functions: &["CreateProfile", "DeleteProfile", "SetProfile"],
        shown_by: "GetProfiles raw=false",
        look: "Compare the profile with what the call wanted. A profile that was created twice has two numbers.",
        again: None,
    },
    Evidence {
        functions: &["DeleteEmptyFolders", "MoveFolder", "ProcessRetentionPolicies"],
        shown_by: "GetFolderStatistics",
        look: "Compare the folders and the numbers of their messages with those from before.",
        again: None,
    },
    Evidence {
        functions: &[
            "AttachStore",
            "CreateStore",
            "DetachStore",
            "MergeStore",
            "RecoverStore",
            "RenameStore",
            "SetStore",
            "TransferStores",
        ],
        shown_by: "GetStores",
        look: "Compare the store with what the call wanted.",
        again: None,
    },
];

impl Evidence {
    fn fits(&self, function: &str) -> bool {
        self.functions.iter().any(|name| function.contains(name))
    }

    /// Returns the command that shows it.
    fn command(&self, call: &Call, sent: Option<Timestamp>) -> String {
        let day = |time: Timestamp| time.strftime("%Y-%m-%dT%H:%M:%S").to_string();
        let around = |hours: i64| {
            let sent = sent.unwrap_or_else(Timestamp::now);
            day(sent.checked_add(hours.hours()).unwrap_or(sent))
        };
        let text = self.shown_by.replace("{from}", &around(-1));
        let (function, arguments) = text.split_once(' ').unwrap_or((&text, ""));
        let arguments = arguments.replace("{to}", &around(24));
        let mut words = vec!["--profile".to_owned(), printable(&call.profile).to_string()];
        if let Some(instance) = &call.instance
            && function != "GetInstances"
        {
            words.extend(["--instance".to_owned(), printable(instance).to_string()]);
        }
        words.push(function.to_owned());
        let command = command_line("mailstore call", &words);
        format!("{command} {arguments}").trim_end().to_owned()
    }
}

/// Returns how to find out what the server did with a call.
pub fn how_to_find_out(call: &Call, sent: Option<Timestamp>) -> String {
    let function = printable(&call.function);
    let mut text = String::new();
    let mut step = 1;
    let mut line = |what: &str| {
        let _ = writeln!(text, "{step}. {what}");
        step += 1;
    };
    let evidence = EVIDENCE.iter().find(|evidence| evidence.fits(&call.function));
    if let Some(evidence) = evidence {
        line(&format!(
            "Ask the server, which starts nothing:\n       {}\n   {}",
            evidence.command(call, sent),
            evidence.look
        ));
    }
    line(&format!(
        "Read what {function} does: `mailstore describe {function}`. `mailstore functions` lists the functions that only read."
    ));
    line(
        "Look at the server itself at that time: the load of its disks, the log of its service, and the results and sessions that its administration shows. The protocol has no list of the calls that run (inferred: none is documented).",
    );
    line(
        "If all of them show nothing, the call may still be at work. Look again later: a call that waits for a decision loses nothing.",
    );
    if let Some(again) = evidence.and_then(|evidence| evidence.again) {
        let _ = writeln!(
            text,
            "\n{again} (Inferred from the documentation of the function.)"
        );
    }
    text
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use mailstore_api::Edition;
    use mailstore_reach::Catalog;

    use super::*;
    use crate::call::{CallEffect, Target};

    fn call(function: &str, instance: Option<&str>) -> Call {
        let target = Target {
            profile: "cloud 1".to_owned(),
            server: "https://127.0.0.1:8474".to_owned(),
            instance: instance.map(str::to_owned),
        };
        Call::new("w", target, function, [].into(), CallEffect::Change, 0)
    }

    #[test]
    fn each_evidence_is_shown_by_a_function_that_only_reads() {
        let catalogs = Edition::ALL.map(|edition| {
            let dump = mailstore_sim::function_list(edition).unwrap();
            Catalog::new(edition, &dump, false).unwrap()
        });
        for evidence in EVIDENCE {
            let mut words = evidence.shown_by.split(' ');
            let name = words.next().unwrap();
            let mut found = catalogs.iter().filter_map(|catalog| catalog.function(name).ok());
            let function = found.next().unwrap();
            assert!(function.effect.only_reads(), "{name}");
            for word in words {
                let argument = word.split('=').next().unwrap();
                let has = function.arguments.iter().any(|known| known.wire == argument);
                assert!(has, "{name} {argument}");
            }
        }
    }

    #[test]
    fn a_command_has_the_profile_the_instance_and_times_around_the_start() {
        let sent = "2026-11-27T22:30:00Z".parse().unwrap();
        let text = how_to_find_out(&call("RunProfile", Some("cust-001")), Some(sent));
        let command = "mailstore call --profile 'cloud 1' --instance cust-001 GetWorkerResults \
             fromIncluding=2026-11-27T21:30:00 toExcluding=2026-11-28T22:30:00 timeZoneID=UTC";
        assert!(text.contains(command), "{text}");
        let text = how_to_find_out(&call("RestartInstances", Some("cust-001")), Some(sent));
        assert!(
            text.contains("'cloud 1' GetInstances instanceFilter='*'"),
            "{text}"
        );
    }

    #[test]
    fn a_function_without_evidence_is_explained_all_the_same() {
        let text = how_to_find_out(&call("CompactMasterDatabase", None), None);
        assert!(
            text.starts_with("1. Read what CompactMasterDatabase does"),
            "{text}"
        );
    }
}
