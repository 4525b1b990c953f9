//! The function lists and overlays that this crate contains.

use clientgen::{Overlay, Target};

use crate::list::BridgeDump;

/// A file: its name and its text.
pub(crate) type File = (&'static str, &'static str);

/// The function lists of Jetstream, oldest first.
pub(crate) const JETSTREAM_LISTS: &[File] = &[
    ("1.9.json", include_str!("known/jetstream/1.9.json")),
    ("2.9.json", include_str!("known/jetstream/2.9.json")),
];

/// The overlays of Jetstream.
pub(crate) const JETSTREAM_OVERLAYS: &[File] = &[
    (
        "functions.toml",
        include_str!("known/jetstream/overlay/functions.toml"),
    ),
    ("types.toml", include_str!("known/jetstream/overlay/types.toml")),
];

/// The function lists of Muster, oldest first.
pub(crate) const MUSTER_LISTS: &[File] = &[("9.0.json", include_str!("known/muster/9.0.json"))];

/// The overlays of Muster.
pub(crate) const MUSTER_OVERLAYS: &[File] = &[
    (
        "accounts.toml",
        include_str!("known/muster/overlay/accounts.toml"),
    ),
    ("nodes.toml", include_str!("known/muster/overlay/nodes.toml")),
    ("queue.toml", include_str!("known/muster/overlay/queue.toml")),
    ("system.toml", include_str!("known/muster/overlay/system.toml")),
    ("types.toml", include_str!("known/muster/overlay/types.toml")),
];

pub(crate) fn lists(files: &[File]) -> Vec<(&'static str, BridgeDump)> {
    let lists = files.iter().map(|(name, text)| {
        let list = BridgeDump::parse(name, text.as_bytes());
        (*name, list.expect("the tests parse every list of this crate"))
    });
    lists.collect()
}

pub(crate) fn overlays(target: &'static Target, files: &[File]) -> Vec<Overlay> {
    let overlays = files.iter().map(|(name, text)| {
        Overlay::parse(target, name, text).expect("the tests parse every overlay of this crate")
    });
    overlays.collect()
}
