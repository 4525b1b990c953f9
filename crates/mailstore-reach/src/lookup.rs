//! Finds a function or an argument by a name that a user typed.

use mailstore_transport::printable;
use miette::{Report, miette};

use crate::nearest::nearest;

/// Returns the item with this name. Case, hyphens and underscores make no difference.
///
/// # Errors
/// No item has the name. The error suggests the most similar name. `what` is the kind of the items, such as `function`.
pub fn find<'a, T>(
    what: &str,
    items: &'a [T],
    name_of: impl Fn(&T) -> &str,
    name: &str,
) -> Result<&'a T, Report> {
    let wanted = simple(name);
    if let Some(item) = items.iter().find(|item| simple(name_of(item)) == wanted) {
        return Ok(item);
    }
    let similar = nearest(&wanted, items.iter().map(&name_of));
    let name = printable(name);
    Err(match similar {
        Some(similar) => miette!(
            help = format!("Did you mean `{similar}`?"),
            "no {what} is called `{name}`"
        ),
        None => miette!("no {what} is called `{name}`"),
    })
}

/// Returns a name without case, hyphens and underscores.
fn simple(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '-' | '_'))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 3] = ["GetServerInfo", "GetUsers", "VerifyStore"];

    fn named(name: &str) -> Result<&'static str, String> {
        let find = find("function", &NAMES, |name| name, name);
        find.copied().map_err(|report| {
            format!(
                "{report}. {}",
                report.help().map(|help| help.to_string()).unwrap_or_default()
            )
        })
    }

    #[test]
    fn case_hyphens_and_underscores_make_no_difference() {
        for name in ["VerifyStore", "verifystore", "verify-store", "VERIFY_STORE"] {
            assert_eq!(named(name), Ok("VerifyStore"));
        }
    }

    #[test]
    fn a_similar_name_is_suggested() {
        let error = named("VerfyStore").expect_err("a wrong name");
        assert_eq!(
            error,
            "no function is called `VerfyStore`. Did you mean `VerifyStore`?"
        );
        let error = named("xyz\u{1b}[2J").expect_err("a wrong name");
        assert_eq!(error, r"no function is called `xyz\u{1b}[2J`. ");
    }
}
