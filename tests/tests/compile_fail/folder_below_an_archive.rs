use mailstore_api::server::{Client, FolderPath, FolderPrivilege};

fn mistaken(client: &Client, inbox: &FolderPath) {
    let _ = client.set_user_privileges_on_folder("jane", inbox, [FolderPrivilege::Read]);
}

fn main() {}
