//! Tests of the engine: its decisions, and two clients that synchronize with one server in any order.

use super::*;
use crate::values::Values;

mod model;

/// A stamp that is this number of microseconds after the oldest one.
pub(super) fn stamp(time: u32) -> Stamp {
    let micros = jiff::SignedDuration::from_micros(i64::from(time) + 1);
    Stamp::of(Stamp::OLDEST.timestamp() + micros)
}

pub(super) fn object(client: u32, server: Option<u32>, values: Values) -> Object {
    Object {
        id: "demo\u{2afb}alice\u{fe6b}dev1\u{2044}20261122010447953010"
            .parse()
            .unwrap(),
        client_stamp: stamp(client),
        server_stamp: server.map(stamp),
        values,
        server_values: Values::new(),
        storage_host: None,
        user_name: "alice".to_owned(),
        device_id: "dev1".to_owned(),
        app_id: "demo".to_owned(),
        access_right: AccessRight::Create,
    }
}

/// Decides about a local version with the value `local` and a server's version with the value `server`. The versions are
/// pairs of a client stamp and a server stamp.
fn decided(
    local: (u32, Option<u32>),
    server: Option<(u32, u32)>,
    sent: Option<u32>,
    uploaded_at: Option<u32>,
) -> String {
    let value = |text: &str| Values::new().with("text", text);
    let local = Local {
        object: object(local.0, local.1, value("local")),
        sent: sent.map(stamp),
        uploaded_at: uploaded_at.map(stamp),
    };
    let server = server.map(|(client, server)| object(client, Some(server), value("server")));
    match decide(local, server) {
        None => "nothing".to_owned(),
        Some(Step::Adopt { .. }) => "adopt".to_owned(),
        Some(Step::Upload { is_first, loser, .. }) => format!(
            "{}{}",
            if is_first { "register" } else { "upload" },
            if loser.is_some() {
                ", keep the server's"
            } else {
                ""
            }
        ),
        Some(Step::Download { loser, .. }) => match loser {
            Some((_, kind)) => format!("download, keep the local {kind:?}"),
            None => "download".to_owned(),
        },
        Some(Step::RequestAccess { .. }) => "request access".to_owned(),
    }
}

#[test]
fn each_combination_of_versions_has_one_decision() {
    let rows = [
        // Only here.
        ((5, None), None, None, None, "register"),
        ((5, Some(5)), None, None, None, "request access"),
        ((7, Some(5)), None, None, None, "request access"),
        // Up to date, with a server that keeps the stamp of the client or uses its own clock.
        ((5, Some(5)), Some((5, 5)), None, None, "nothing"),
        ((5, Some(5)), Some((5, 6)), None, None, "nothing"),
        ((5, Some(5)), Some((5, 3)), None, None, "nothing"),
        // Changed on one side.
        ((7, Some(5)), Some((5, 5)), None, None, "upload"),
        ((5, Some(5)), Some((7, 7)), None, None, "download"),
        ((5, Some(5)), Some((7, 7)), Some(5), Some(6), "download"),
        // The response to an earlier upload was lost, and the object was changed again.
        ((9, None), Some((5, 5)), Some(5), None, "upload"),
        ((9, Some(3)), Some((7, 7)), Some(7), None, "upload"),
        // Changed on both sides.
        (
            (9, Some(5)),
            Some((7, 7)),
            None,
            None,
            "upload, keep the server's",
        ),
        (
            (7, Some(5)),
            Some((9, 9)),
            None,
            None,
            "download, keep the local ServerIsNewer",
        ),
        ((9, None), Some((7, 7)), None, None, "upload, keep the server's"),
        // Another client replaced the version of this client without having seen it.
        (
            (7, Some(7)),
            Some((8, 8)),
            Some(7),
            Some(9),
            "download, keep the local Overwritten",
        ),
        (
            (7, Some(7)),
            Some((6, 6)),
            Some(7),
            Some(9),
            "upload, keep the server's",
        ),
        (
            (7, Some(8)),
            Some((6, 10)),
            Some(7),
            Some(9),
            "upload, keep the server's",
        ),
    ];
    for (local, server, sent, uploaded_at, expected) in rows {
        let found = decided(local, server, sent, uploaded_at);
        assert_eq!(found, expected, "{local:?} {server:?} {sent:?} {uploaded_at:?}");
    }
}

#[test]
fn an_upload_whose_response_was_lost_is_adopted() {
    let values = || Values::new().with("text", "same");
    let local = Local {
        object: object(5, None, values()),
        sent: Some(stamp(5)),
        uploaded_at: None,
    };
    let step = decide(local, Some(object(5, Some(6), values())));
    assert!(matches!(step, Some(Step::Adopt { .. })), "{step:?}");
}

#[test]
fn equal_values_are_no_conflict() {
    let values = || Values::new().with("text", "same");
    let local = Local {
        object: object(7, Some(5), values()),
        sent: None,
        uploaded_at: None,
    };
    let step = decide(local, Some(object(9, Some(9), values())));
    assert!(
        matches!(step, Some(Step::Download { loser: None, .. })),
        "{step:?}"
    );
}

#[test]
fn a_reader_never_replaces_the_version_of_the_server() {
    let mut local = object(9, Some(9), Values::new().with("text", "newer"));
    local.access_right = AccessRight::Read;
    let local = Local {
        object: local,
        sent: None,
        uploaded_at: None,
    };
    let step = decide(local, Some(object(7, Some(7), Values::new())));
    assert!(matches!(step, Some(Step::Download { .. })), "{step:?}");
}

#[test]
fn a_deleted_object_is_told_apart_from_an_object_without_access() {
    use AccessRight::{Create, None, Read};
    let decided = |users: &[(&'static str, AccessRight)]| {
        absent("bob", users.iter().map(|(name, right)| (*name, right)))
    };
    assert_eq!(decided(&[("alice", None), ("bob", None)]), Absence::Deleted);
    assert_eq!(decided(&[("alice", Create), ("bob", None)]), Absence::NotMine);
    assert_eq!(decided(&[("alice", Create), ("bob", Read)]), Absence::NotMine);
    // These are not the users of a server that the user has logged in to.
    assert_eq!(decided(&[]), Absence::NotMine);
    assert_eq!(decided(&[("alice", None)]), Absence::NotMine);
}

#[test]
fn a_change_during_an_upload_is_uploaded_next() {
    let uploaded = object(5, None, Values::new().with("text", "uploaded"));
    let changed = object(6, None, Values::new().with("text", "changed"));
    let after = after_upload(changed.clone(), &uploaded);
    assert!(after.is_changed());
    assert_eq!(after.values, changed.values);
    assert!(!after_upload(uploaded.clone(), &uploaded).is_changed());
}

#[test]
fn uploads_come_before_downloads_and_older_versions_first() {
    let of = |name: &str, client: u32, server: Option<u32>| {
        let mut object = object(client, server, Values::new());
        object.id = name.parse().unwrap();
        object
    };
    let local = |object: Object| Local {
        object,
        sent: None,
        uploaded_at: None,
    };
    let steps = plan(
        vec![local(of("a", 9, None)), local(of("b", 8, None))],
        vec![of("c", 4, Some(4)), of("d", 3, Some(3))],
    );
    let order: Vec<&str> = steps.iter().map(|step| step.id().as_str()).collect();
    assert_eq!(order, ["b", "a", "d", "c"]);
}
