use mailstore_api::spe::Client;

fn of_which_customer(client: &Client) {
    let _ = client.delete_user("jane");
}

fn main() {}
