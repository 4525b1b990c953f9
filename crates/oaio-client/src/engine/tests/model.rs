//! Three clients that change and synchronize one object with one server, in any order of their requests.
//!
//! The clients use the engine. Every edit adds its number to a set, so a version contains the numbers of all edits that
//! it was made from. At the end, each edit is in the final version or in a copy that was reported.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{object, stamp};
use crate::engine::{Local, Step, after_download, after_upload, decide, plan};
use crate::object::Object;
use crate::stamp::Stamp;
use crate::values::Values;

type Edits = BTreeSet<u32>;

fn values(edits: &Edits) -> Values {
    let names = edits.iter().map(|edit| (edit.to_string(), true));
    names.collect()
}

fn edits(object: &Object) -> Edits {
    object
        .values
        .iter()
        .map(|(name, _)| name.parse().unwrap())
        .collect()
}

#[derive(Clone, Copy, Debug)]
enum Action {
    Edit,
    /// Loads the local object and requests the list.
    Begin,
    /// Executes the next step of the synchronization. The response may be lost.
    Next {
        is_lost: bool,
    },
    /// The process ends.
    Crash,
    Delete,
}

#[derive(Default)]
struct Client {
    local: Option<Local>,
    steps: Vec<Step>,
    /// The edits in reported copies.
    kept: Edits,
}

struct World {
    /// Whether other clients can upload between the list and the upload of a client.
    has_gaps: bool,
    time: u32,
    server: Option<Object>,
    clients: Vec<Client>,
    /// The number of edits.
    edits: u32,
    /// The edits that a client had seen when it deleted the object.
    deleted: Edits,
    /// The edits that were replaced on the server in a gap.
    replaced: Edits,
}

impl World {
    fn new(has_gaps: bool) -> Self {
        let mut world = Self {
            has_gaps,
            time: 0,
            server: None,
            clients: (0..3).map(|_| Client::default()).collect(),
            edits: 1,
            deleted: Edits::new(),
            replaced: Edits::new(),
        };
        let now = world.now();
        let first = Object {
            client_stamp: now,
            ..object(0, None, values(&Edits::from([0])))
        };
        world.clients[0].local = Some(Local {
            object: first,
            sent: None,
            uploaded_at: None,
        });
        world
    }

    fn now(&mut self) -> Stamp {
        self.time += 1;
        stamp(self.time)
    }

    fn act(&mut self, who: usize, action: Action) {
        match action {
            Action::Edit => self.edit(who),
            Action::Begin => self.begin(who),
            Action::Next { is_lost } => self.next(who, is_lost),
            Action::Crash => self.clients[who].steps.clear(),
            Action::Delete => self.delete(who),
        }
    }

    fn edit(&mut self, who: usize) {
        let now = self.now();
        let Some(local) = &mut self.clients[who].local else {
            return;
        };
        let mut all = edits(&local.object);
        all.insert(self.edits);
        local.object.values = values(&all);
        local.object.client_stamp = now;
        self.edits += 1;
    }

    fn begin(&mut self, who: usize) {
        self.time += 1;
        let local = self.clients[who].local.clone();
        let server = self.server.clone();
        self.clients[who].steps = plan(local.into_iter().collect(), server.into_iter().collect());
    }

    fn next(&mut self, who: usize, is_lost: bool) {
        let now = self.now();
        let client = &mut self.clients[who];
        let Some(mut step) = client.steps.pop() else {
            return;
        };
        if !self.has_gaps
            && let (Step::Upload { .. }, Some(local)) = (&step, &client.local)
        {
            match decide(local.clone(), self.server.clone()) {
                Some(decided) => step = decided,
                None => return,
            }
        }
        let Some(current) = &mut client.local else {
            if let Step::Download { server, .. } = step {
                client.local = Some(downloaded(server));
            }
            return;
        };
        match step {
            Step::Adopt { local, .. } => {
                current.object = after_upload(current.object.clone(), &local);
                current.uploaded_at = Some(now);
            }
            Step::Upload { local, loser, .. } => {
                client.kept.extend(loser.iter().flat_map(edits));
                current.sent = Some(local.client_stamp);
                if !is_lost {
                    current.object = after_upload(current.object.clone(), &local);
                    current.uploaded_at = Some(now);
                }
                let mut seen = edits(&local);
                seen.extend(loser.iter().flat_map(edits));
                let replaced = self.server.replace(local);
                self.replaced.extend(
                    replaced
                        .iter()
                        .flat_map(edits)
                        .filter(|edit| !seen.contains(edit)),
                );
            }
            Step::Download {
                server,
                replaced,
                loser,
            } => {
                // The program changed the object after the decision, so the next synchronization decides again.
                if replaced != Some(current.object.client_stamp) {
                    return;
                }
                client
                    .kept
                    .extend(loser.iter().flat_map(|(loser, _)| edits(loser)));
                client.local = Some(downloaded(server));
            }
            Step::RequestAccess { .. } => {
                if self.server.is_none() {
                    if current.object.is_changed() || current.uploaded_at.is_some() {
                        client.kept.extend(edits(&current.object));
                    }
                    client.local = None;
                }
            }
        }
    }

    /// Deletes the object, unless the server has a version that the client has not seen.
    fn delete(&mut self, who: usize) {
        let newest = self.server.as_ref().map(|server| server.client_stamp);
        let client = &mut self.clients[who];
        let is_seen = |local: &mut Local| newest.is_some() && local.object.server_stamp == newest;
        if let Some(local) = client.local.take_if(is_seen) {
            self.deleted.extend(edits(&local.object));
            client.steps.clear();
            self.server = None;
        }
    }

    /// Synchronizes all clients until none of them has anything to do.
    fn settle(&mut self) {
        for _ in 0..20 {
            let mut is_quiet = true;
            for who in 0..self.clients.len() {
                self.begin(who);
                while !self.clients[who].steps.is_empty() {
                    is_quiet = false;
                    self.next(who, false);
                }
            }
            if is_quiet {
                return;
            }
        }
        panic!("the clients never come to an end");
    }
}

fn downloaded(server: Object) -> Local {
    Local {
        object: after_download(server),
        sent: None,
        uploaded_at: None,
    }
}

fn actions(delete: u32) -> impl Strategy<Value = Vec<(usize, Action)>> {
    let action = prop_oneof![
        4 => Just(Action::Edit),
        4 => Just(Action::Begin),
        6 => any::<bool>().prop_map(|is_lost| Action::Next { is_lost }),
        1 => Just(Action::Crash),
        delete => Just(Action::Delete),
    ];
    prop::collection::vec((0..3_usize, action), 0..60)
}

fn run(has_gaps: bool, actions: &[(usize, Action)]) -> World {
    let mut world = World::new(has_gaps);
    for (who, action) in actions {
        world.act(*who, *action);
    }
    world.settle();
    world
}

/// Returns the edits that are neither in the final version nor in a copy.
fn lost(world: &World) -> Edits {
    let mut found = world.deleted.clone();
    found.extend(world.server.iter().flat_map(edits));
    for client in &world.clients {
        found.extend(&client.kept);
    }
    (0..world.edits).filter(|edit| !found.contains(edit)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn no_edit_is_lost_without_a_report(actions in actions(1)) {
        prop_assert_eq!(lost(&run(false, &actions)), Edits::new());
    }

    #[test]
    fn only_edits_that_were_replaced_unseen_can_be_lost(actions in actions(1)) {
        let world = run(true, &actions);
        prop_assert!(lost(&world).is_subset(&world.replaced), "{:?} {:?}", lost(&world), world.replaced);
    }

    #[test]
    fn an_unseen_edit_is_kept_if_it_is_synchronized_next(before in actions(0), one in 0..3_usize, distance in 1..3_usize) {
        let other = (one + distance) % 3;
        let mut world = run(true, &before);
        let (first, second) = (world.edits, world.edits + 1);
        for (who, action) in [
            (one, Action::Edit),
            (one, Action::Begin),
            (other, Action::Edit),
            (other, Action::Begin),
            (one, Action::Next { is_lost: false }),
            (other, Action::Next { is_lost: false }),
        ] {
            world.act(who, action);
        }
        world.settle();
        let kept: Edits = world.clients.iter().flat_map(|client| client.kept.clone()).collect();
        let finally = edits(world.server.as_ref().expect("the object was registered"));
        prop_assert!(kept.contains(&first) || finally.contains(&first));
        prop_assert!(kept.contains(&second) || finally.contains(&second));
        prop_assert!(!(finally.contains(&first) && finally.contains(&second)));
    }

    #[test]
    fn all_clients_end_with_the_version_of_the_server(has_gaps: bool, actions in actions(0)) {
        let world = run(has_gaps, &actions);
        let server = world.server.expect("the object was registered and never deleted");
        for client in &world.clients {
            let local = client.local.as_ref().expect("the object was downloaded");
            prop_assert_eq!(&local.object.values, &server.values);
            prop_assert_eq!(local.object.server_stamp, Some(server.client_stamp));
            prop_assert!(!local.object.is_changed());
        }
    }
}
