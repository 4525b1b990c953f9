//! How many requests applying a plan needs.

use std::fmt::Write as _;

use mailstore_api::server::Privilege;

use crate::support::Scene;

const USERS: usize = 50;

fn file() -> String {
    let mut file = "version = 1\n".to_owned();
    for number in 0..USERS {
        writeln!(
            file,
            "[[user]]\nname = \"user{number}\"\nemails = [\"u{number}@example.com\"]\npop3-user-names = [\"p{number}\"]\nprivileges = [\"login\"]"
        )
        .unwrap();
    }
    file
}

async fn requests_of_apply(scene: &Scene) -> (usize, usize) {
    let plan = scene.plan(&file()).await;
    let before = scene.simulator.received().len();
    let lists = scene.simulator.starts("GetUsers");
    assert!(scene.apply(&plan).await.unwrap().is_complete());
    let lists = scene.simulator.starts("GetUsers") - lists;
    (scene.simulator.received().len() - before, lists)
}

#[tokio::test]
async fn users_are_listed_once_and_each_one_is_read_before_each_change() {
    let scene = Scene::new();
    for number in 0..USERS {
        let name = format!("user{number}");
        scene.client.create_user(&name, [Privilege::Login]).await.unwrap();
    }
    // All users are listed and read. Two fields of each user are read and set.
    let expected = 1 + USERS + USERS * 2 * 2;
    assert_eq!(requests_of_apply(&scene).await, (expected, 1));
}

#[tokio::test]
async fn new_users_are_listed_once_and_each_one_is_created_and_then_read_before_each_change() {
    let scene = Scene::new();
    let expected = 1 + USERS + USERS * 2 * 2;
    assert_eq!(requests_of_apply(&scene).await, (expected, 1));
}
