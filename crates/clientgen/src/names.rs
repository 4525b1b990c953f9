//! Derives Rust names from wire names. No other file creates Rust names.
//!
//! A wire name is never derived from a Rust name. Names are assigned in the order of the wire names, so the same dump
//! always gives the same Rust names.

use std::collections::BTreeSet;

use heck::{ToSnakeCase, ToUpperCamelCase};
use proc_macro2::{Ident, Span};

/// A Rust name. [`ident`](Self::ident) escapes keywords.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(String);

impl Name {
    /// A name that was given and not derived. It has passed [`is_snake`] or [`is_camel`].
    pub(crate) fn given(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// The name as an identifier, with `r#` before a keyword.
    pub fn ident(&self) -> Ident {
        if is_keyword(&self.0) {
            Ident::new_raw(&self.0, Span::call_site())
        } else {
            Ident::new(&self.0, Span::call_site())
        }
    }

    /// The name without `r#`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name in capitals, for a constant.
    pub fn constant(&self) -> Self {
        Self(self.0.to_uppercase())
    }
}

/// A set of names that must all be different.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    taken: BTreeSet<String>,
    /// Wire names whose Rust name was already taken, with the name that is used instead.
    pub(crate) renamed: Vec<(String, Name)>,
}

impl Scope {
    pub(crate) fn without<'a>(taken: impl IntoIterator<Item = &'a str>) -> Self {
        let mut scope = Self::default();
        scope.take(taken);
        scope
    }

    /// Reserves names that have not been claimed yet.
    pub(crate) fn take<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        self.taken.extend(names.into_iter().map(str::to_owned));
    }

    /// Claims the method, parameter or field name for a wire name, see [`Self::claim`].
    pub(crate) fn claim_snake(&mut self, wire: &str) -> Name {
        self.claim(wire, snake(wire))
    }

    /// Claims the type name for a wire name, see [`Self::claim`].
    pub(crate) fn claim_camel(&mut self, wire: &str) -> Name {
        self.claim(wire, camel(wire))
    }

    /// Claims a name. If it is taken, claims the first free name of `name_2`, `name_3`, ... (for a type `Name2`, ...).
    fn claim(&mut self, wire: &str, wanted: String) -> Name {
        // Removes the underscore of a keyword, because rustc warns about the case of `self__2` and `Self_2`.
        let base = wanted.trim_end_matches('_');
        let gap = if wanted.starts_with(char::is_uppercase) {
            ""
        } else {
            "_"
        };
        let numbered = (2_u64..).map(|number| format!("{base}{gap}{number}"));
        let mut candidates = std::iter::once(wanted.clone()).chain(numbered);
        let free = candidates.find(|name| !self.taken.contains(name));
        let name = Name(free.expect("there are more numbers than names"));
        self.taken.insert(name.0.clone());
        if name.0 != wanted {
            self.renamed.push((wire.to_owned(), name.clone()));
        }
        name
    }

    /// Claims exactly this name. `None` if it is taken.
    pub(crate) fn claim_exactly(&mut self, name: &str) -> Option<Name> {
        self.taken.insert(name.to_owned()).then(|| Name(name.to_owned()))
    }
}

/// Converts `GetServerInfo` to `get_server_info`. The result is never empty and never begins with a digit.
pub(crate) fn snake(wire: &str) -> String {
    usable(wire.to_snake_case(), "unnamed", 'n')
}

/// Converts `get-status` to `GetStatus`; `VerifyStore` is unchanged.
pub(crate) fn camel(wire: &str) -> String {
    usable(wire.to_upper_camel_case(), "Unnamed", 'N')
}

fn usable(name: String, otherwise: &str, digit_prefix: char) -> String {
    // Names in dumps are ASCII. Words in overlays may have other characters, which are left out.
    let ascii = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_');
    let name: String = ascii.take(LONGEST).collect();
    let name = name.trim_end_matches('_').to_owned();
    match name.chars().next() {
        None => otherwise.to_owned(),
        Some(first) if first.is_ascii_digit() => format!("{digit_prefix}{name}"),
        Some(_) if CANNOT_BE_RAW.contains(&name.as_str()) => format!("{name}_"),
        Some(_) => name,
    }
}

/// Whether a text is in snake case and can be the name of a module, method, parameter or field.
pub(crate) fn is_snake(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !text.contains("__")
        && !CANNOT_BE_RAW.contains(&text)
}

/// Whether a text is in upper camel case and can be the name of a type or variant.
pub(crate) fn is_camel(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.chars().all(|c| c.is_ascii_alphanumeric())
        && !CANNOT_BE_RAW.contains(&text)
}

pub(crate) fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name)
}

/// The maximum length of a name. rustdoc writes a file for most names, and file systems limit file names to 255 bytes.
const LONGEST: usize = 120;

/// Keywords that cannot be names even with `r#`.
const CANNOT_BE_RAW: [&str; 4] = ["self", "Self", "super", "crate"];

/// Keywords of every edition up to 2024, strict and reserved.
const KEYWORDS: [&str; 48] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait",
    "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wire_names_become_rust_names() {
        for (wire, rust) in [
            ("GetServerInfo", "get_server_info"),
            ("InitializeMFA", "initialize_mfa"),
            ("SetUserPop3UserNames", "set_user_pop3_user_names"),
            (
                "CreateClientOneTimeUrlForArchiveAdmin",
                "create_client_one_time_url_for_archive_admin",
            ),
            ("instanceID", "instance_id"),
            ("timeZoneID", "time_zone_id"),
            ("timeZoneId", "time_zone_id"),
            ("totalIOReadBytes", "total_io_read_bytes"),
            ("get-status", "get_status"),
            ("3D", "n3d"),
            ("$", "unnamed"),
        ] {
            assert_eq!(snake(wire), rust, "{wire}");
        }
        assert_eq!(snake(&"Long".repeat(60)).len(), LONGEST - 1);
        assert_eq!(camel("get-status"), "GetStatus");
        assert_eq!(camel("3D"), "N3d");
    }

    #[test]
    fn keywords_are_escaped_in_rust() {
        let mut scope = Scope::default();
        assert_eq!(scope.claim_snake("type").ident().to_string(), "r#type");
        assert_eq!(scope.claim_snake("Gen").ident().to_string(), "r#gen");
        assert_eq!(scope.claim_snake("self").ident().to_string(), "self_");
        assert_eq!(scope.claim_camel("Self").ident().to_string(), "Self_");
    }

    #[test]
    fn every_keyword_is_escaped() {
        for keyword in KEYWORDS {
            let name = Scope::default().claim_snake(keyword);
            syn::parse_str::<Ident>(&name.ident().to_string()).expect(keyword);
            assert!(
                syn::parse_str::<Ident>(keyword).is_err() || SOFT.contains(&keyword),
                "{keyword} is not a keyword"
            );
        }
        // Reserved only in newer language editions than the one that `syn` assumes.
        const SOFT: [&str; 1] = ["gen"];
    }

    #[test]
    fn colliding_names_are_numbered_and_reported() {
        let mut scope = Scope::without(["call"]);
        assert_eq!(scope.claim_snake("getUsers").as_str(), "get_users");
        assert_eq!(scope.claim_snake("GetUsers").as_str(), "get_users_2");
        assert_eq!(scope.claim_snake("Call").as_str(), "call_2");
        let renamed: Vec<&str> = scope.renamed.iter().map(|(wire, _)| wire.as_str()).collect();
        assert_eq!(renamed, ["GetUsers", "Call"]);
    }

    /// rustc would warn about `self__2` and `Self_2` in every client.
    #[test]
    fn numbered_keywords_have_the_case_that_rust_expects() {
        let mut scope = Scope::default();
        let names = ["self", "SELF", "Self"].map(|wire| scope.claim_snake(wire));
        assert_eq!(names.each_ref().map(Name::as_str), ["self_", "self_2", "self_3"]);
        let names = ["self", "SELF"].map(|wire| scope.claim_camel(wire));
        assert_eq!(names.each_ref().map(Name::as_str), ["Self_", "Self2"]);
    }

    #[test]
    fn given_names_are_claimed_unchanged_or_rejected() {
        let mut scope = Scope::without(["start"]);
        assert_eq!(scope.claim_exactly("store_type").unwrap().as_str(), "store_type");
        assert_eq!(scope.claim_exactly("store_type"), None);
        assert_eq!(scope.claim_exactly("start"), None);
    }

    #[test]
    fn only_snake_case_and_camel_case_are_accepted() {
        for good in ["a", "store_type", "type", "n3_d", "type_"] {
            assert!(is_snake(good), "{good}");
        }
        for bad in [
            "",
            "_",
            "_a",
            "A",
            "storeType",
            "a__b",
            "self",
            "crate",
            "3d",
            "a-b",
            "\u{e4}",
            "r#type",
        ] {
            assert!(!is_snake(bad), "{bad}");
        }
        for good in ["A", "StoreId", "SQLServer", "N3D"] {
            assert!(is_camel(good), "{good}");
        }
        for bad in ["", "a", "Self", "Store_Id", "3D", "Vec<u8>", "\u{c4}", "A B"] {
            assert!(!is_camel(bad), "{bad}");
        }
    }
}
