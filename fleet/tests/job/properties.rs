//! Properties of all expansions.

use std::collections::{BTreeMap, BTreeSet};

use mailstore_api::Edition;
use mailstore_fleet::call::Call;
use mailstore_fleet::job::{Expansion, Job, KnownProfile, Listed};
use proptest::prelude::*;

use crate::support::{CATALOGS, archive, night, profile, verify};

/// The stores of each instance of each server.
type Servers = Vec<Vec<u8>>;

fn servers() -> impl Strategy<Value = Servers> {
    prop::collection::vec(prop::collection::vec(0_u8..5, 0..5), 1..7)
}

/// Returns waves: shares, and patterns for instances that always match one.
fn waves() -> impl Strategy<Value = String> {
    let share = (1_u8..=100).prop_map(|percent| format!("percent = {percent}"));
    let named = (0_u8..3).prop_map(|wave| match wave {
        0 => "target = [{ profiles = ['p0'] }]".to_owned(),
        1 => "target = [{ profiles = ['*'], instances = ['i0', '*'] }]".to_owned(),
        _ => "target = [{ profiles = ['p*'] }]".to_owned(),
    });
    prop::collection::vec(prop_oneof![share, named], 0..4).prop_map(|waves| {
        let waves = waves.iter().enumerate();
        waves
            .map(|(number, wave)| format!("[[wave]]\nname = 'w{number}'\n{wave}\n"))
            .collect()
    })
}

/// Returns the profiles, and what their servers have. Instances and stores are listed backwards if `is_turned`.
fn fleet(servers: &Servers, is_turned: bool) -> (BTreeMap<String, KnownProfile>, Listed) {
    let mut profiles = BTreeMap::new();
    let mut listed = Listed::default();
    for (number, instances) in servers.iter().enumerate() {
        let name = format!("p{number}");
        profiles.insert(name.clone(), profile(Edition::Spe, number));
        // Each server has an instance, because a pattern that matches nothing is an error.
        let instances = [1].iter().chain(instances).enumerate();
        let mut archives: Vec<_> = instances
            .map(|(instance, stores)| {
                let mut ids: Vec<i64> = (1..=i64::from(*stores)).collect();
                if is_turned {
                    ids.reverse();
                }
                archive(Some(&format!("i{instance}")), &ids)
            })
            .collect();
        if is_turned {
            archives.reverse();
        }
        listed.0.insert(name, Ok(archives));
    }
    (profiles, listed)
}

fn expand(job: &Job, servers: &Servers, is_turned: bool) -> Expansion {
    let (profiles, listed) = fleet(servers, is_turned);
    let checked = job.check(&profiles, &CATALOGS, false).unwrap();
    job.expand(&checked, &listed, night()).unwrap()
}

/// Returns the number of calls of each server.
fn counts<'a>(calls: impl IntoIterator<Item = &'a Call>) -> BTreeMap<&'a str, usize> {
    let mut counts = BTreeMap::new();
    for call in calls {
        *counts.entry(call.server.as_str()).or_default() += 1;
    }
    counts
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_the_list_makes_no_difference(servers in servers(), waves in waves()) {
        let job = verify(&waves);
        prop_assert_eq!(expand(&job, &servers, false).calls, expand(&job, &servers, true).calls);
    }

    #[test]
    fn each_store_is_called_once(servers in servers(), waves in waves()) {
        let expansion = expand(&verify(&waves), &servers, false);
        let keys: BTreeSet<&str> = expansion.calls.iter().map(|call| call.key.as_str()).collect();
        prop_assert_eq!(keys.len(), expansion.calls.len());
        let stores: usize = servers.iter().flatten().map(|stores| usize::from(*stores)).sum();
        prop_assert_eq!(expansion.calls.len(), stores + servers.len());
    }

    #[test]
    fn each_target_is_in_one_wave(servers in servers(), waves in waves()) {
        let expansion = expand(&verify(&waves), &servers, false);
        let mut found = BTreeMap::new();
        for call in &expansion.calls {
            let target = (&call.profile, &call.instance);
            prop_assert_eq!(*found.entry(target).or_insert(call.wave), call.wave);
            prop_assert!((call.wave as usize) < expansion.waves.len());
        }
        prop_assert!(expansion.calls.is_sorted_by_key(|call| call.wave));
        let targets = servers.iter().flatten().filter(|stores| **stores > 0).count() + servers.len();
        prop_assert_eq!(found.len(), targets);
    }

    #[test]
    fn each_server_has_its_turn_within_a_wave(servers in servers(), waves in waves()) {
        let expansion = expand(&verify(&waves), &servers, false);
        for wave in expansion.calls.chunk_by(|one, other| one.wave == other.wave) {
            let all = counts(wave);
            for length in 0..wave.len() {
                let so_far = counts(&wave[..length]);
                let most = so_far.values().max().copied().unwrap_or_default();
                for (server, count) in &all {
                    let started = so_far.get(server).copied().unwrap_or_default();
                    prop_assert!(started + 1 >= most.min(*count), "{server}: {started} of {count}");
                }
            }
        }
    }
}
