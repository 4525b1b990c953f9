//! Tests of the requests that the server receives.

use std::collections::BTreeSet;

use mailstore_api::Effect;
use mailstore_sim::Edition;

use crate::place::Place;

#[test]
fn the_server_receives_only_read_only_calls_with_valid_arguments() {
    for (edition, surface) in [
        (Edition::Server, &mailstore_api::server::catalog::SURFACE),
        (Edition::Spe, &mailstore_api::spe::catalog::SURFACE),
    ] {
        let place = Place::new(edition);
        place.probe(&["--slow"]).ends_with(1);
        let received = place.simulator.received();
        let asked: BTreeSet<&str> = received.iter().map(|call| call.function.as_str()).collect();
        let reads = surface
            .functions
            .iter()
            .filter(|function| function.effect == Effect::Read);
        let reads: BTreeSet<&str> = reads.map(|function| function.name).collect();
        assert_eq!(asked, reads, "all read-only functions and no others");
        for call in received {
            assert!(call.accepted && call.problems.is_empty(), "{call:?}");
        }
    }
}

#[test]
fn long_functions_are_called_only_with_slow() {
    let place = Place::new(Edition::Server);
    place.probe(&[]);
    let simulator = &place.simulator;
    assert_eq!(
        simulator.starts("GetFolderStatistics") + simulator.starts("GetMessages"),
        0
    );
    let stores = simulator
        .received()
        .into_iter()
        .find(|call| call.function == "GetStores")
        .unwrap();
    assert_eq!(stores.argument("includeSize"), Some("false"));
}
