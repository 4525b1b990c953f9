//! Uses both clients and checks every step. It creates and deletes a user, and starts to verify three stores. If the
//! server is not a simulator, it requires the option `--change-this-server`.
//!
//! Run it with `cargo run --example tour [-- --change-this-server]`. `support` explains how to choose the server.

mod support;

use std::error::Error;
use std::fmt::Display;

use mailstore_api::server::{Client, FolderPrivilege, Privilege, StoreId};
use mailstore_api::{SecretString, StatusToken, Task, printable, spe};
use support::say;

type Step = Result<(), Box<dyn Error>>;

#[tokio::main]
async fn main() -> Step {
    let may_change = std::env::args().any(|argument| argument == "--change-this-server");
    for variable in ["MAILSTORE_HOST", "MAILSTORE_SPE_HOST"] {
        if std::env::var_os(variable).is_some() && !may_change {
            let problem = "is set, but the tour changes the server: add --change-this-server to allow it";
            return Err(format!("{variable} {problem}").into());
        }
    }
    let server = support::connect()?;
    server_information(&server.client).await?;
    users(&server.client).await?;
    new_user(&server.client).await?;
    verified(&server.client).await?;
    cancelled(&server.client).await?;
    resumed(&server.client).await?;
    let spe = support::connect_spe()?;
    instances(&spe.client).await?;
    say!("\nEvery step was checked.");
    Ok(())
}

fn title(text: &str) {
    say!("\n{text}");
}

/// Prints a result. Returns an error unless it is as expected.
fn check(what: impl Display, as_expected: bool) -> Step {
    say!("  {} {what}", if as_expected { "ok   " } else { "WRONG" });
    if as_expected {
        Ok(())
    } else {
        Err(format!("not as expected: {what}").into())
    }
}

async fn server_information(client: &Client) -> Step {
    title("Server information");
    let info = client.get_server_info().await?;
    check(
        format!(
            "{} runs version {}",
            printable(&info.machine_name),
            printable(&info.version)
        ),
        !info.version.is_empty(),
    )
}

async fn users(client: &Client) -> Step {
    title("Users and their addresses");
    let users = client.get_users().await?;
    for user in &users {
        let info = client.get_user_info(&user.user_name).await?;
        say!(
            "        {:<12} {}",
            printable(&info.user_name).to_string(),
            printable(
                &info
                    .email_addresses
                    .iter()
                    .map(AsRef::as_ref)
                    .collect::<Vec<_>>()
                    .join(", ")
            )
        );
    }
    check(
        format!("{} users, admin among them", users.len()),
        users.iter().any(|user| user.user_name == "admin"),
    )
}

async fn new_user(client: &Client) -> Step {
    title("A new user with rights");
    let password = SecretString::from("correct horse battery staple");
    client
        .create_user("new.user", [Privilege::Login, Privilege::ChangePassword])
        .full_name("New User")
        .password(&password)
        .await?;
    client
        .set_user_email_addresses("new.user")
        .email_addresses(["new.user@example.com".parse()?])
        .await?;
    client
        .set_user_privileges_on_folder(
            "new.user",
            &"new.user".parse()?,
            [FolderPrivilege::Read, FolderPrivilege::Write],
        )
        .await?;
    let info = client.get_user_info("new.user").await?;
    check(
        format!("full name {:?}", info.full_name),
        info.full_name.as_deref() == Some("New User"),
    )?;
    check(
        format!("privileges {:?}", info.privileges),
        info.privileges == [Privilege::Login, Privilege::ChangePassword].into(),
    )?;
    check(
        format!("addresses {:?}", info.email_addresses),
        info.email_addresses == ["new.user@example.com".parse()?],
    )?;
    let rights = info.privileges_on_folders.unwrap_or_default();
    check(
        format!("{} folder with rights", rights.len()),
        rights
            .iter()
            .any(|right| right.privileges.contains(&FolderPrivilege::Write)),
    )?;

    let again = client.create_user("new.user", [Privilege::Login]).await;
    let said = again.as_ref().err().and_then(|error| error.server_error());
    check(
        format!(
            "a second user with this name is rejected: {}",
            said.map_or("no reason", |said| &said.message)
        ),
        said.is_some(),
    )?;
    client.delete_user("new.user").await?;
    check("deleted again", client.get_user_info("new.user").await.is_err())
}

async fn verified(client: &Client) -> Step {
    title("A store is verified, with live progress");
    let mut task = client.verify_store(StoreId(1), true).start().await?;
    let log = follow(&mut task, usize::MAX).await?;
    check("the call ended well", task.await.is_ok())?;
    check(
        "the log is complete",
        log.starts_with("Verifying file group #1...") && log.contains("Finished."),
    )
}

async fn cancelled(client: &Client) -> Step {
    title("A verification is cancelled");
    let mut task = client.verify_store(StoreId(2), true).start().await?;
    follow(&mut task, 3).await?;
    match task.cancel().await {
        Ok(()) => check("it ended before it was cancelled", false),
        Err(error) => check(&error, error.is_cancelled()),
    }
}

async fn resumed(client: &Client) -> Step {
    title("A verification is resumed from its saved token");
    let mut task = client.verify_store(StoreId(3), true).start().await?;
    let mut log = follow(&mut task, 3).await?;
    let saved = serde_json::to_string(task.token().ok_or("the call has no token")?)?;
    drop(task);
    say!("        (dropped and resumed)");
    let token: StatusToken = serde_json::from_str(&saved)?;
    let mut task: Task<()> = client.resume(token)?;
    log.push_str(&follow(&mut task, usize::MAX).await?);
    check("the call ended well", task.await.is_ok())?;
    let lines: Vec<&str> = log.lines().collect();
    let mut unique = lines.clone();
    unique.dedup();
    check(
        format!("{} lines of log, none lost and none repeated", lines.len()),
        lines == unique && log.contains("Finished."),
    )
}

/// Prints up to `most` updates of a task and returns their log.
async fn follow(task: &mut Task<()>, most: usize) -> Result<String, Box<dyn Error>> {
    let mut log = String::new();
    for _ in 0..most {
        let Some(update) = task.next().await? else { break };
        for line in update.lines() {
            say!(
                "        {:>3.0} %  {}",
                update.percent().unwrap_or_default(),
                printable(line)
            );
        }
        log.push_str(update.log());
    }
    Ok(log)
}

async fn instances(client: &spe::Client) -> Step {
    title("Service Provider Edition: environment, instances and their users");
    let environment = client.get_environment_info().await?;
    check(
        format!(
            "{} runs version {}",
            printable(environment.server_name.as_str()),
            printable(&environment.version)
        ),
        !environment.version.is_empty(),
    )?;
    let instances = client.get_instances(spe::InstanceFilter::All).await?;
    for instance in &instances {
        let users = client.instance(&instance.instance_id).get_users().await?;
        say!(
            "        {:<8} {:<10} {} users",
            printable(instance.instance_id.as_ref()).to_string(),
            printable(&instance.status.to_string()).to_string(),
            users.len()
        );
    }
    check(format!("{} instances", instances.len()), !instances.is_empty())
}
