//! The arguments of one call, and the body of the request made from them.
//!
//! The items of a list are separated by commas. JSON is a string in one field. A missing argument has no field, and an
//! empty string is an empty field (all observed).

use std::borrow::Cow;
use std::fmt;

use secrecy::zeroize::Zeroizing;
use serde::Serialize;
use wire_values::{Json, ToArgument, Unsendable};

use crate::secrets::Secrets;

/// The text of a value, or why it cannot be sent. The text is overwritten when it is dropped, because it may be a
/// password.
type Sent = Result<Zeroizing<String>, Unsendable>;

/// The arguments of one call, in the order in which they were set. Setting an argument again replaces its value.
#[derive(Clone, Default)]
pub(crate) struct Arguments {
    /// Setters cannot fail, so an invalid value is kept as an error, which is returned when the call is sent.
    pairs: Vec<(Cow<'static, str>, Sent)>,
    secrets: Secrets,
}

impl Arguments {
    pub(crate) fn set(&mut self, name: Cow<'static, str>, value: &dyn ToArgument) {
        let text = value.to_argument();
        if let (true, Ok(secret)) = (value.is_secret(), &text) {
            self.secrets.add(secret);
        }
        self.put(name, text.map(Cow::into_owned));
    }

    pub(crate) fn set_list<'a>(
        &mut self,
        name: Cow<'static, str>,
        items: impl Iterator<Item = Result<Cow<'a, str>, Unsendable>>,
    ) {
        self.put(name, join(items));
    }

    pub(crate) fn set_json(&mut self, name: Cow<'static, str>, value: &(impl Serialize + ?Sized)) {
        self.put(name, serde_json::to_string(value).map_err(Unsendable::not_json));
    }

    /// Sets an argument to an object. Its secrets are those strings that its public form lacks.
    pub(crate) fn set_object(
        &mut self,
        name: Cow<'static, str>,
        whole: Result<Json, Unsendable>,
        public: Result<Json, Unsendable>,
    ) {
        if let (Ok(whole), Ok(public)) = (&whole, &public) {
            self.secrets.add_json(whole, public);
        }
        self.put(name, whole.map(|json| json.text().to_owned()));
    }

    /// The values that are sent as secrets.
    pub(crate) fn secrets(&self) -> Secrets {
        self.secrets.clone()
    }

    /// Leaves an argument out.
    pub(crate) fn unset(&mut self, name: &str) {
        self.pairs.retain(|(existing, _)| existing != name);
    }

    /// Leaves an argument out if its value is the JSON `null`.
    pub(crate) fn unset_null(&mut self, name: &str) {
        let is_null = |value: &Sent| value.as_ref().is_ok_and(|text| text.as_str() == "null");
        self.pairs
            .retain(|(existing, value)| existing != name || !is_null(value));
    }

    pub(crate) fn put(&mut self, name: Cow<'static, str>, value: Result<String, Unsendable>) {
        let value = value.map(Zeroizing::new);
        match self.pairs.iter_mut().find(|(existing, _)| *existing == name) {
            Some((_, old)) => *old = value,
            None => self.pairs.push((name, value)),
        }
    }

    /// Returns the body of the request in the format `application/x-www-form-urlencoded`.
    ///
    /// # Errors
    /// The first argument that cannot be sent.
    pub(crate) fn into_body(self) -> Result<String, (Cow<'static, str>, Unsendable)> {
        // A text that grows leaves copies of its content in memory, so it gets its final size first.
        let longest = |text: &str| 3 * text.len() + 1;
        let length = self
            .pairs
            .iter()
            .map(|(name, value)| longest(name) + value.as_ref().map_or(0, |value| longest(value)));
        let mut form = form_urlencoded::Serializer::new(String::with_capacity(length.sum()));
        for (name, value) in self.pairs {
            match value {
                Ok(value) => form.append_pair(&name, &value),
                Err(problem) => return Err((name, problem)),
            };
        }
        Ok(form.finish())
    }
}

fn join<'a>(items: impl Iterator<Item = Result<Cow<'a, str>, Unsendable>>) -> Result<String, Unsendable> {
    let mut list = String::new();
    for (index, item) in items.enumerate() {
        let item = item?;
        if item.contains(',') {
            return Err(Unsendable::form(&format!(
                "item {index} contains a comma, and the server separates the items of a list by commas"
            )));
        }
        if item.is_empty() {
            return Err(Unsendable::form(&format!(
                "item {index} is empty, and the server ignores empty items"
            )));
        }
        if index > 0 {
            list.push(',');
        }
        list.push_str(&item);
    }
    if list.is_empty() {
        Err(Unsendable::form(
            "the list is empty, but the server rejects an empty list: leave the argument out, or pass the word `none` if the vocabulary contains it",
        ))
    } else {
        Ok(list)
    }
}

/// Shows only names, because values may be passwords.
impl fmt::Debug for Arguments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.pairs.iter().map(|(name, _)| name))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(fill: impl FnOnce(&mut Arguments)) -> String {
        let mut arguments = Arguments::default();
        fill(&mut arguments);
        arguments.into_body().expect("sendable")
    }

    #[test]
    fn strings_are_percent_encoded_as_utf8() {
        let body = body(|a| a.set("fullName".into(), &"Jürgen & Söhne + 100 %="));
        assert_eq!(body, "fullName=J%C3%BCrgen+%26+S%C3%B6hne+%2B+100+%25%3D");
    }

    #[test]
    fn an_empty_string_is_sent_as_an_empty_field() {
        assert_eq!(body(|a| a.set("folder".into(), &"")), "folder=");
    }

    #[test]
    fn setting_an_argument_again_replaces_it() {
        let body = body(|a| {
            a.set("name".into(), &"first");
            a.set("name".into(), &"second");
        });
        assert_eq!(body, "name=second");
    }

    #[test]
    fn setting_an_argument_again_replaces_an_invalid_value() {
        let body = body(|a| {
            a.set_list("privileges".into(), std::iter::empty());
            a.set_list("privileges".into(), std::iter::once(Ok("none".into())));
        });
        assert_eq!(body, "privileges=none");
    }

    #[test]
    fn lists_are_separated_by_commas() {
        let items = ["login", "changePassword"];
        let body = body(|a| a.set_list("privileges".into(), items.iter().map(ToArgument::to_argument)));
        assert_eq!(body, "privileges=login%2CchangePassword");
    }

    #[test]
    fn a_comma_inside_a_list_item_is_rejected() {
        let mut arguments = Arguments::default();
        arguments.set_list(
            "emailAddresses".into(),
            ["a@example.com", "b,c@example.com"]
                .iter()
                .map(ToArgument::to_argument),
        );
        let (name, problem) = arguments.into_body().expect_err("refused");
        assert_eq!(name, "emailAddresses");
        assert!(problem.to_string().starts_with("item 1 contains a comma"));
    }

    /// Left out silently, an empty list of login privileges would grant all of them.
    #[test]
    fn an_empty_list_is_rejected() {
        let mut arguments = Arguments::default();
        arguments.set_list("loginPrivileges".into(), std::iter::empty());
        assert!(arguments.into_body().is_err());
    }

    #[test]
    fn json_is_sent_as_text_in_one_field() {
        let body = body(|a| a.set_json("config".into(), &serde_json::json!({"enabled": true})));
        assert_eq!(body, "config=%7B%22enabled%22%3Atrue%7D");
    }

    #[test]
    fn debug_shows_names_but_no_values() {
        let mut arguments = Arguments::default();
        arguments.set("password".into(), &"hunter2");
        assert_eq!(format!("{arguments:?}"), r#"["password"]"#);
    }
}
