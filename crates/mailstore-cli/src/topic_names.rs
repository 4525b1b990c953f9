//! The names of the commands that are made from the catalogs.

use heck::ToKebabCase as _;

/// Returns whether a function of the topic `own` is listed in `topic`. Maintenance is no thing, so its functions are also
/// in the topic of the thing that their name contains.
pub(crate) fn is_in(own: &str, topic: &str, wire: &str) -> bool {
    let singular = singular(topic);
    let names = |word: &str| word == topic || word == singular;
    own == topic || own == "maintenance" && wire.to_kebab_case().split('-').any(names)
}

/// Returns the names of the functions of a topic as commands, as short as they can be told apart.
pub(crate) fn names_in(topic: &str, functions: &[&str]) -> Vec<String> {
    let full: Vec<String> = functions.iter().map(|wire| wire.to_kebab_case()).collect();
    let short: Vec<String> = functions.iter().map(|wire| short_name(topic, wire)).collect();
    let is_unique = |names: &[String], index: usize| {
        let others = names.iter().zip(&full).enumerate();
        others
            .filter(|(other, _)| *other != index)
            .all(|(_, (other, full))| *other != names[index] && *full != names[index])
    };
    // One store and all stores: `verify` and `verify-all`.
    let with_all: Vec<String> = short
        .iter()
        .zip(&full)
        .enumerate()
        .map(|(index, (short_name, full))| {
            let is_plural = full.split('-').any(|word| word == topic);
            if is_plural && !is_unique(&short, index) {
                format!("{short_name}-all")
            } else {
                short_name.clone()
            }
        })
        .collect();
    (0..full.len())
        .map(|index| {
            if is_unique(&with_all, index) {
                with_all[index].clone()
            } else {
                full[index].clone()
            }
        })
        .collect()
}

/// Returns the name of a function within its topic: `VerifyStore` is `verify` in `stores`, and `GetStores` is `list`.
fn short_name(topic: &str, wire: &str) -> String {
    let full = wire.to_kebab_case();
    let singular = singular(topic);
    let words: Vec<&str> = full
        .split('-')
        .filter(|word| *word != topic && *word != singular)
        .collect();
    match words.as_slice() {
        [] => full,
        ["get"] if full.ends_with(topic) => "list".to_owned(),
        _ => words.join("-"),
    }
}

/// Returns the singular of the name of a topic.
fn singular(topic: &str) -> String {
    match topic {
        "indexes" => "index".to_owned(),
        "directory" => "directory".to_owned(),
        plural => plural.strip_suffix('s').unwrap_or(plural).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_leave_out_the_topic() {
        for (topic, wire, short) in [
            ("stores", "VerifyStore", "verify"),
            ("stores", "GetStores", "list"),
            ("users", "GetUserInfo", "get-info"),
            ("users", "SetUserPassword", "set-password"),
            ("indexes", "RebuildStoreIndex", "rebuild-store"),
        ] {
            assert_eq!(short_name(topic, wire), short);
        }
    }

    #[test]
    fn names_that_would_be_equal_are_longer() {
        let names = names_in(
            "stores",
            &["VerifyStore", "VerifyStores", "GetStores", "GetStore"],
        );
        assert_eq!(names, ["verify", "verify-all", "list", "get"]);
    }

    #[test]
    fn maintenance_is_also_in_the_topic_of_the_thing() {
        assert!(is_in("maintenance", "stores", "VerifyStore"));
        assert!(is_in("maintenance", "maintenance", "VerifyStore"));
        assert!(!is_in("maintenance", "users", "VerifyStore"));
        assert!(!is_in("profiles", "stores", "RunStoreProfile"));
    }
}
