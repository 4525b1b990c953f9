use mailstore_api::server::Client;

fn careless(client: &Client, password: &String) {
    let _ = client.set_user_password("jane", password);
}

fn main() {}
