//! Users, their privileges, and their rights on folders.

use serde_json::Value;

use super::call::{Call, Handler, Outcome, Reply, null, value};
use crate::arguments::Arguments;
use crate::envelope::Failure;
use crate::logs;
use crate::state::users::{self, User};
use crate::tasks::Script;

pub(super) fn handler(function: &str) -> Option<Handler> {
    Some(match function {
        "GetUsers" => get_users,
        "GetUserInfo" => get_user_info,
        "CreateUser" => create_user,
        "DeleteUser" => delete_user,
        "RenameUser" => rename_user,
        "SetUserAuthentication" => |call| change(call, set_authentication),
        "SetUserDistinguishedName" => |call| change(call, set_distinguished_name),
        "SetUserEmailAddresses" => |call| change(call, set_email_addresses),
        "SetUserFullName" => |call| change(call, set_full_name),
        "SetUserLoginPrivileges" => |call| change(call, set_login_privileges),
        "SetUserPassword" => |call| change(call, set_password),
        "SetUserPop3UserNames" => |call| change(call, set_pop3_user_names),
        "SetUserPrivileges" => |call| change(call, set_privileges),
        "SetUserPrivilegesOnFolder" => |call| change(call, set_privileges_on_folder),
        "ClearUserPrivilegesOnFolders" => |call| change(call, clear_privileges_on_folders),
        "InitializeMFA" => |call| change(call, initialize_mfa),
        "DisableMFA" => |call| change(call, disable_mfa),
        "DeleteAppPasswords" => |call| change(call, |_, _| Ok(())),
        "SyncUsersWithDirectoryServices" => sync_users,
        _ => return None,
    })
}

pub(super) fn is_long(function: &str) -> bool {
    function == "SyncUsersWithDirectoryServices"
}

fn get_users(call: &mut Call<'_>) -> Outcome {
    value(
        call.archive()?
            .users
            .all()
            .map(User::summary)
            .collect::<Vec<Value>>(),
    )
}

fn get_user_info(call: &mut Call<'_>) -> Outcome {
    let name = call.arguments.text("userName")?;
    value(call.archive()?.users.find(name)?.info())
}

fn create_user(call: &mut Call<'_>) -> Outcome {
    let arguments = call.arguments;
    let mut user = User::new(arguments.text("userName")?, &[]);
    user.set_privileges(arguments.text("privileges")?)?;
    user.set_login_privileges(arguments.optional_text("loginPrivileges"))?;
    user.full_name = arguments.owned_text("fullName");
    user.distinguished_name = arguments.owned_text("distinguishedName");
    if let Some(authentication) = arguments.optional_text("authentication") {
        user.set_authentication(authentication)?;
    }
    user.password_set = arguments.optional_text("password").is_some();
    call.archive()?.users.add(user)?;
    null()
}

/// The folders of a deleted user are kept (inferred).
fn delete_user(call: &mut Call<'_>) -> Outcome {
    let name = call.arguments.text("userName")?;
    call.archive()?.users.delete(name)?;
    null()
}

/// The folders keep the old name (inferred).
fn rename_user(call: &mut Call<'_>) -> Outcome {
    let (old, new) = (
        call.arguments.text("oldUserName")?,
        call.arguments.text("newUserName")?,
    );
    call.archive()?.users.rename(old, new)?;
    null()
}

/// Changes the user whose name is in `userName`.
fn change(call: &mut Call<'_>, change: fn(&mut User, &Arguments) -> Result<(), Failure>) -> Outcome {
    let arguments = call.arguments;
    let name = arguments.text("userName")?;
    change(call.archive()?.users.find_mut(name)?, arguments)?;
    null()
}

fn set_authentication(user: &mut User, arguments: &Arguments) -> Result<(), Failure> {
    user.set_authentication(arguments.text("authentication")?)
}

fn set_distinguished_name(user: &mut User, arguments: &Arguments) -> Result<(), Failure> {
    user.distinguished_name = arguments.owned_text("distinguishedName");
    Ok(())
}

fn set_email_addresses(user: &mut User, arguments: &Arguments) -> Result<(), Failure> {
    user.email_addresses = users::list(arguments.optional_text("emailAddresses"));
    Ok(())
}

fn set_full_name(user: &mut User, arguments: &Arguments) -> Result<(), Failure> {
    user.full_name = arguments.owned_text("fullName");
    Ok(())
}

fn set_login_privileges(user: &mut User, arguments: &Arguments) -> Result<(), Failure> {
    user.set_login_privileges(Some(arguments.text("loginPrivileges")?))
}

fn set_password(user: &mut User, arguments: &Arguments) -> Result<(), Failure> {
    arguments.text("password")?;
    user.password_set = true;
    Ok(())
}

fn set_pop3_user_names(user: &mut User, arguments: &Arguments) -> Result<(), Failure> {
    user.pop3_user_names = users::list(arguments.optional_text("pop3UserNames"));
    Ok(())
}

fn set_privileges(user: &mut User, arguments: &Arguments) -> Result<(), Failure> {
    user.set_privileges(arguments.text("privileges")?)
}

fn set_privileges_on_folder(user: &mut User, arguments: &Arguments) -> Result<(), Failure> {
    user.set_privileges_on_folder(arguments.text("folder")?, arguments.text("privileges")?)
}

fn clear_privileges_on_folders(user: &mut User, _: &Arguments) -> Result<(), Failure> {
    user.folders.clear();
    Ok(())
}

/// The result of the real function is not published. It may be a secret.
fn initialize_mfa(user: &mut User, _: &Arguments) -> Result<(), Failure> {
    user.mfa = true;
    Ok(())
}

fn disable_mfa(user: &mut User, _: &Arguments) -> Result<(), Failure> {
    user.mfa = false;
    Ok(())
}

/// A user of the directory who is not in the archive until the directory is synchronised.
const NEW_IN_DIRECTORY: &str = "erika.mustermann";

/// Finds one new user in the directory, and adds the user unless this is a dry run. The progress has no percentage.
fn sync_users(call: &mut Call<'_>) -> Outcome {
    let site = call.guarded_site()?;
    let dry = call.arguments.optional_flag("dryRun").unwrap_or(false);
    let is_new = call.state.archive(&site)?.users.find(NEW_IN_DIRECTORY).is_err();
    let found = match (is_new, dry) {
        (false, _) => "No changes.".to_owned(),
        (true, true) => format!("User {NEW_IN_DIRECTORY} would be created."),
        (true, false) => format!("User {NEW_IN_DIRECTORY} has been created."),
    };
    let log = vec![
        logs::line("Connecting to directory services..."),
        logs::line("Reading users..."),
        logs::line("Comparing users..."),
        logs::piece(&[&found, "Finished."]),
    ];
    let finish = Box::new(move |state: &mut crate::state::State, _| {
        let users = &mut state.archive(&site)?.users;
        if !dry && users.find(NEW_IN_DIRECTORY).is_err() {
            users.add(User {
                full_name: Some("Erika Mustermann".to_owned()),
                distinguished_name: Some(format!("CN={NEW_IN_DIRECTORY},DC=example,DC=com")),
                authentication: "directoryServices".to_owned(),
                email_addresses: vec![format!("{NEW_IN_DIRECTORY}@example.com")],
                ..User::new(NEW_IN_DIRECTORY, &["login"])
            })?;
        }
        Ok(Value::Null)
    });
    Ok(Reply::Long(Script {
        log,
        percent: false,
        finish,
    }))
}
