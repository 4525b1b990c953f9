//! Arguments of a call: how a value becomes the text of a form field.
//!
//! The rules are the server's: booleans in lower case, numbers in plain digits, lists separated by commas, JSON
//! as text in one field, an absent argument not sent at all, an empty text sent as an empty text.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

/// A value that can be sent as one argument.
///
/// Ids, vocabularies and the other types of the API implement it; so do texts, whole numbers, booleans,
/// [`SecretString`], and the date-times and times of [`civil`](jiff::civil).
pub trait ToArgument {
    /// The text of the form field, not yet percent-encoded.
    ///
    /// # Errors
    /// The server would refuse the value, or understand something else. A request reports it when it is sent, before
    /// anything goes to the server.
    fn to_argument(&self) -> Result<Cow<'_, str>, Unsendable>;
}

/// A value that is sent as several arguments at once, such as the schedule of a job.
pub trait ToArguments {
    /// Wire names and texts of the form fields, or why one of them cannot be sent. What is not among them is not sent.
    fn to_arguments(&self) -> Vec<(&'static str, Result<String, Unsendable>)>;
}

impl ToArgument for str {
    fn to_argument(&self) -> Result<Cow<'_, str>, Unsendable> {
        Ok(Cow::Borrowed(self))
    }
}

impl ToArgument for String {
    fn to_argument(&self) -> Result<Cow<'_, str>, Unsendable> {
        Ok(Cow::Borrowed(self))
    }
}

impl ToArgument for bool {
    fn to_argument(&self) -> Result<Cow<'_, str>, Unsendable> {
        Ok(Cow::Borrowed(if *self { "true" } else { "false" }))
    }
}

macro_rules! whole_number {
    ($($number:ty)*) => {$(
        impl ToArgument for $number {
            fn to_argument(&self) -> Result<Cow<'_, str>, Unsendable> {
                Ok(Cow::Owned(self.to_string()))
            }
        }
    )*};
}
whole_number!(i32 i64 u16 u32 u64 usize);

impl ToArgument for SecretString {
    fn to_argument(&self) -> Result<Cow<'_, str>, Unsendable> {
        Ok(Cow::Borrowed(self.expose_secret()))
    }
}

impl<T: ToArgument + ?Sized> ToArgument for &T {
    fn to_argument(&self) -> Result<Cow<'_, str>, Unsendable> {
        (**self).to_argument()
    }
}

/// Why an argument cannot be sent. Never holds the value.
#[derive(Clone, Debug, thiserror::Error)]
#[error(transparent)]
pub struct Unsendable(Reason);

impl Unsendable {
    /// The value is not as the server wants it. `rule` says how it has to be, and not how it is: it may be secret.
    pub fn form(rule: &str) -> Self {
        Self(Reason::Form(rule.to_owned()))
    }
}

#[derive(Clone, Debug, thiserror::Error)]
enum Reason {
    #[error("{0}")]
    Form(String),
    #[error("item {index} contains a comma, and the server separates the items of a list by commas")]
    CommaInItem { index: usize },
    #[error(
        "the list is empty, and the server takes an empty text for no valid list: leave the argument out, or say `none` where there is such a word"
    )]
    EmptyList,
    #[error("item {index} is empty, and the server would read it as no item")]
    EmptyItem { index: usize },
    #[error("the value cannot be written as JSON")]
    Json(#[source] Arc<serde_json::Error>),
}

/// The arguments of one call, in the order they were given. Setting one again replaces its value.
#[derive(Clone, Default)]
pub(crate) struct Arguments {
    /// Builders cannot fail, so what cannot be sent is kept here and reported when the call is sent.
    pairs: Vec<(Cow<'static, str>, Result<String, Unsendable>)>,
}

impl Arguments {
    pub(crate) fn set(&mut self, name: Cow<'static, str>, value: impl ToArgument) {
        self.put(name, value.to_argument().map(Cow::into_owned));
    }

    pub(crate) fn set_list<'a>(
        &mut self,
        name: Cow<'static, str>,
        items: impl Iterator<Item = Result<Cow<'a, str>, Unsendable>>,
    ) {
        self.put(name, join(items));
    }

    pub(crate) fn set_json(&mut self, name: Cow<'static, str>, value: &(impl Serialize + ?Sized)) {
        self.put(
            name,
            serde_json::to_string(value).map_err(|error| Unsendable(Reason::Json(Arc::new(error)))),
        );
    }

    /// Leaves an argument out.
    pub(crate) fn unset(&mut self, name: &str) {
        self.pairs.retain(|(existing, _)| existing != name);
    }

    /// Leaves an argument out if its text is the JSON `null`.
    pub(crate) fn unset_null(&mut self, name: &str) {
        let is_null = |value: &Result<String, Unsendable>| value.as_ref().is_ok_and(|text| text == "null");
        self.pairs
            .retain(|(existing, value)| existing != name || !is_null(value));
    }

    pub(crate) fn put(&mut self, name: Cow<'static, str>, value: Result<String, Unsendable>) {
        match self.pairs.iter_mut().find(|(existing, _)| *existing == name) {
            Some((_, old)) => *old = value,
            None => self.pairs.push((name, value)),
        }
    }

    /// The body of the request, `application/x-www-form-urlencoded`; or the first argument that cannot be sent.
    pub(crate) fn into_body(self) -> Result<String, (Cow<'static, str>, Unsendable)> {
        let mut form = form_urlencoded::Serializer::new(String::new());
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
            return Err(Unsendable(Reason::CommaInItem { index }));
        }
        if item.is_empty() {
            return Err(Unsendable(Reason::EmptyItem { index }));
        }
        if index > 0 {
            list.push(',');
        }
        list.push_str(&item);
    }
    if list.is_empty() {
        Err(Unsendable(Reason::EmptyList))
    } else {
        Ok(list)
    }
}

/// Names only: values may be passwords.
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
    fn text_is_percent_encoded_as_utf8() {
        let body = body(|a| a.set("fullName".into(), "Jürgen & Söhne + 100 %="));
        assert_eq!(body, "fullName=J%C3%BCrgen+%26+S%C3%B6hne+%2B+100+%25%3D");
    }

    #[test]
    fn an_empty_text_is_sent_as_an_empty_text() {
        assert_eq!(body(|a| a.set("folder".into(), "")), "folder=");
    }

    #[test]
    fn booleans_are_lower_case_and_numbers_plain() {
        assert_eq!(true.to_argument().unwrap(), "true");
        assert_eq!(false.to_argument().unwrap(), "false");
        assert_eq!((-7_i64).to_argument().unwrap(), "-7");
    }

    #[test]
    fn setting_an_argument_again_replaces_it() {
        let body = body(|a| {
            a.set("name".into(), "first");
            a.set("name".into(), "second");
        });
        assert_eq!(body, "name=second");
    }

    #[test]
    fn setting_an_argument_again_replaces_one_that_cannot_be_sent() {
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
    fn a_comma_inside_a_list_item_is_refused() {
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
    fn an_empty_list_is_refused() {
        let mut arguments = Arguments::default();
        arguments.set_list("loginPrivileges".into(), std::iter::empty());
        assert!(arguments.into_body().is_err());
    }

    #[test]
    fn json_is_one_field_of_text() {
        let body = body(|a| a.set_json("config".into(), &serde_json::json!({"enabled": true})));
        assert_eq!(body, "config=%7B%22enabled%22%3Atrue%7D");
    }

    #[test]
    fn debug_shows_names_and_no_values() {
        let mut arguments = Arguments::default();
        arguments.set("password".into(), "hunter2");
        assert_eq!(format!("{arguments:?}"), r#"["password"]"#);
    }
}
