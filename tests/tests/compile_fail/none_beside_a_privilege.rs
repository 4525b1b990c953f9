use mailstore_api::server::{Client, Privilege, Privileges};

fn mistaken(client: &Client) {
    let _ = client.create_user("jane", [Privileges::None, Privilege::Login]);
    let _ = client.create_user("jane", [Privilege::Admin, Privilege::Login]);
}

fn main() {}
