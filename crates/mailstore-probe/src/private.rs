//! Private strings: names of people and things. They also occur as names of members and as words.

use std::collections::BTreeSet;

/// Maximum length of names that are shown.
const LONGEST_NAME: usize = 40;

/// Every string of a response outside of vocabularies, and the user and instance of the requests.
///
/// A name or word that equals one of these strings may be private, such as a user name or a host name.
#[derive(Clone, Default)]
pub struct Private(BTreeSet<String>);

impl Private {
    /// Creates the set from these strings.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut private = Self::default();
        texts.into_iter().for_each(|text| private.add(text));
        private
    }

    /// Adds a string. Adds the parts of an e-mail address as well.
    pub fn add(&mut self, text: &str) {
        if let Some((name, host)) = text.split_once('@') {
            self.add(name);
            self.add(host);
        }
        if text.len() <= LONGEST_NAME {
            self.0.insert(text.to_lowercase());
        }
    }

    /// Returns whether a name of a member or a word of a vocabulary may be shown: it looks like a name, and no
    /// response contains it as a string elsewhere.
    pub fn may_show(&self, name: &str) -> bool {
        let is_key = name.len() >= 16 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && name.len() <= LONGEST_NAME
            && !is_key
            && !self.0.contains(&name.to_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::Private;

    #[test]
    fn words_that_look_like_names_but_are_not_private_are_shown() {
        let private = Private::of(["Jane@example.com", "host1"]);
        for name in ["userName", "Office365_Modern", "baseDN", "id"] {
            assert!(private.may_show(name), "{name}");
        }
        let long = "x".repeat(41);
        for name in [
            "jane",
            "HOST1",
            "jane doe",
            "j.doe",
            "",
            "1",
            "_",
            "jané",
            "deadbeefdeadbeef",
            &long,
        ] {
            assert!(!private.may_show(name), "{name}");
        }
    }
}
