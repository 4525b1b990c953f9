//! Users, their privileges, and their rights on folders.

use serde_json::Value;

use super::{Call, Handler, Outcome, Reply, null, value};
use crate::envelope::Failure;
use crate::logs;
use crate::state::users::{self, User};
use crate::task::Script;

pub(super) fn handler(function: &str) -> Option<Handler> {
    Some(match function {
        "GetUsers" => get_users,
        "GetUserInfo" => get_user_info,
        "CreateUser" => create_user,
        "DeleteUser" => delete_user,
        "RenameUser" => rename_user,
        "SetUserFullName" => |call| change(call, |user, call| {
            user.full_name = call.arguments.owned_text("fullName");
            Ok(())
        }),
        "SetUserDistinguishedName" => |call| change(call, |user, call| {
            user.distinguished_name = call.arguments.owned_text("distinguishedName");
            Ok(())
        }),
        "SetUserEmailAddresses" => |call| change(call, |user, call| {
            user.email_addresses = users::list(call.arguments.optional_text("emailAddresses"));
            Ok(())
        }),
        "SetUserPop3UserNames" => |call| change(call, |user, call| {
            user.pop3_user_names = users::list(call.arguments.optional_text("pop3UserNames"));
            Ok(())
        }),
        _ => return None,
    })
}
