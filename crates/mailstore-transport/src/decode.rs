//! From a JSON result to a typed value, with the place in the result on every error.
//!
//! This is no serde format on purpose: a derived deserializer per result type is what makes generated clients
//! slow to compile, and keeping unknown members would make it slower still. Here each object is split into the texts of
//! its members once, and each type takes its members out of it.
//!
//! The rules for values that are not as expected:
//!
//! * A text that holds a number and nothing else is read as the number where a number is expected; `"true"` and
//!   `"false"` in any case are read as booleans. Nothing else is converted.
//! * A number is whole if its value is: `3`, `3.0` and `3e0` are the same. A number that does not fit is refused, never
//!   rounded.
//! * An optional member whose value cannot be read is `None`, and stays as it was sent in the record's [`Unknown`]
//!   members, which name it as [`unreadable`](Unknown::unreadable). So one odd value does not make a whole list
//!   unreadable.
//! * Any other value that cannot be read is a [`Problem`] that names its place.

use std::fmt;

use secrecy::SecretString;

use crate::json::Json;

/// A type that a result, or a part of one, can be read as.
///
/// ```
/// use mailstore_transport::{FromJson, Json};
///
/// let sizes = Vec::<i64>::from_json(&serde_json::json!([1, 2]).into()).expect("an array of numbers");
/// assert_eq!(sizes, [1, 2]);
/// ```
pub trait FromJson: Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// The value has another shape; the [`Problem`] names the place.
    fn from_json(json: &Json) -> Result<Self, Problem>;

    /// What a member of this type is if its value cannot be read; `None` if that is a problem of the whole record.
    #[doc(hidden)]
    fn if_unreadable() -> Option<Self> {
        None
    }
}

/// What is wrong with a result, and where.
#[derive(Debug, thiserror::Error)]
#[error("{}: {message}", self.path())]
pub struct Problem {
    message: String,
    /// From the inside out.
    steps: Vec<Place>,
}

#[derive(Debug)]
enum Place {
    Member(String),
    Index(usize),
}

impl Problem {
    /// The value is not what was expected.
    pub fn expected(what: &str, found: &Json) -> Self {
        Self {
            message: format!("expected {what}, found {}", found.kind()),
            steps: Vec::new(),
        }
    }

    /// The place in the result, such as `result[3].userName`.
    pub fn path(&self) -> String {
        let mut path = String::from("result");
        for step in self.steps.iter().rev() {
            match step {
                Place::Member(name) => {
                    path.push('.');
                    path.push_str(name);
                }
                Place::Index(index) => path.push_str(&format!("[{index}]")),
            }
        }
        path
    }

    fn at(mut self, step: Place) -> Self {
        self.steps.push(step);
        self
    }
}

/// Accepts every answer and reads nothing of it.
///
/// Some setters have been observed to answer `null`, and for the others it is inferred, so a result is not an error.
impl FromJson for () {
    fn from_json(_: &Json) -> Result<Self, Problem> {
        Ok(())
    }
}

/// `true` or `false`; also as a text, in any case.
impl FromJson for bool {
    fn from_json(json: &Json) -> Result<Self, Problem> {
        let text = json.text();
        let word = text
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .unwrap_or(text);
        if word.eq_ignore_ascii_case("true") {
            Ok(true)
        } else if word.eq_ignore_ascii_case("false") {
            Ok(false)
        } else {
            Err(Problem::expected("a boolean", json))
        }
    }
}

/// A whole number; also as a text.
impl FromJson for i64 {
    fn from_json(json: &Json) -> Result<Self, Problem> {
        let number = json.number().and_then(whole);
        number.ok_or_else(|| Problem::expected("a whole number of at most 64 bits", json))
    }
}

/// A TCP port: a whole number; also as a text.
impl FromJson for u16 {
    fn from_json(json: &Json) -> Result<Self, Problem> {
        let port = json
            .number()
            .and_then(whole)
            .and_then(|number| number.try_into().ok());
        port.ok_or_else(|| Problem::expected("a whole number up to 65535", json))
    }
}

/// The value of a JSON number, if it is whole and fits. No digit is rounded.
pub(crate) fn whole(number: &str) -> Option<i64> {
    if let Ok(number) = number.parse() {
        return Some(number);
    }
    let (mantissa, exponent) = match number.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (number, 0),
    };
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digit = |c: char| c.is_ascii_digit();
    if !integer.trim_start_matches('-').chars().all(is_digit) || !fraction.chars().all(is_digit) {
        return None;
    }
    let mut digits = format!("{integer}{}", fraction.trim_end_matches('0'));
    let scale = i64::from(exponent) - i64::try_from(fraction.trim_end_matches('0').len()).ok()?;
    if scale < 0 {
        let cut = usize::try_from(-scale).ok()?.min(digits.len());
        let zeros = digits.split_off(digits.len() - cut);
        if !zeros.bytes().all(|digit| matches!(digit, b'0' | b'-')) {
            return None;
        }
        return if matches!(&*digits, "" | "-") {
            Some(0)
        } else {
            digits.parse().ok()
        };
    }
    if digits.bytes().all(|digit| matches!(digit, b'0' | b'-')) {
        return Some(0);
    }
    // 64 bits have no more digits.
    digits.extend(std::iter::repeat_n('0', usize::try_from(scale).ok()?.min(20)));
    digits.parse().ok()
}

impl FromJson for String {
    fn from_json(json: &Json) -> Result<Self, Problem> {
        json.string().ok_or_else(|| Problem::expected("a text", json))
    }
}

impl FromJson for SecretString {
    fn from_json(json: &Json) -> Result<Self, Problem> {
        String::from_json(json).map(SecretString::from)
    }
}

/// `None` is `null`. A member that is absent is `None` too, and so is one that cannot be read, which then stays in the
/// record's [`Unknown`] members.
impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: &Json) -> Result<Self, Problem> {
        if json.is_null() {
            Ok(None)
        } else {
            T::from_json(json).map(Some)
        }
    }

    fn if_unreadable() -> Option<Self> {
        Some(None)
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: &Json) -> Result<Self, Problem> {
        let items = json.items().ok_or_else(|| Problem::expected("an array", json))?;
        let read =
            |(index, item)| T::from_json(item).map_err(|problem: Problem| problem.at(Place::Index(index)));
        items.iter().enumerate().map(read).collect()
    }
}

/// The members of an object that no field took, in the order in which the server sent them: those a newer server sends
/// and this version does not know, and those whose values it cannot read.
///
/// Each is kept exactly as it was sent, so an object that is sent back has them all.
#[derive(Clone, Default)]
pub struct Unknown {
    members: Vec<(String, Json)>,
    /// Names of members that a field has.
    unreadable: Vec<String>,
}

impl Unknown {
    /// The member with this wire name; of several, the last one.
    pub fn get(&self, name: &str) -> Option<&Json> {
        let mut members = self.members.iter().rev();
        members.find(|(member, _)| member == name).map(|(_, json)| json)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.members.iter().map(|(name, json)| (name.as_str(), json))
    }

    /// Names of the optional members that have a field, but whose values are not of its type. The fields are `None`, and
    /// [`get`](Self::get) gives what the server sent.
    pub fn unreadable(&self) -> impl Iterator<Item = &str> {
        self.unreadable.iter().map(String::as_str)
    }

    /// Sets a member, for an object that is sent back to the server. If a field has this name, the field decides unless
    /// it is `None`.
    pub fn insert(&mut self, name: &str, value: impl Into<Json>) {
        self.remove(name);
        self.members.push((name.to_owned(), value.into()));
    }

    /// Takes a member out; of several, all of them.
    pub fn remove(&mut self, name: &str) -> Option<Json> {
        let found = self.get(name).cloned();
        self.members.retain(|(member, _)| member != name);
        self.unreadable.retain(|member| member != name);
        found
    }

    pub(crate) fn members(&self) -> &[(String, Json)] {
        &self.members
    }

    /// Whether every member was known and read.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}

/// The same members with the same values, in any order; of members with the same name, the last one counts.
impl PartialEq for Unknown {
    fn eq(&self, other: &Self) -> bool {
        let within = |one: &Self, other: &Self| one.iter().all(|(name, _)| one.get(name) == other.get(name));
        within(self, other) && within(other, self)
    }
}

/// Names only: nothing is known of the values, so they may be secret.
impl fmt::Debug for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.members.iter().map(|(name, _)| name))
            .finish()
    }
}

/// An object being taken apart, member by member. Used by generated code.
#[doc(hidden)]
#[derive(Debug)]
pub struct Members(Unknown);

impl Members {
    pub fn of(json: &Json) -> Result<Self, Problem> {
        match json.members() {
            Some(members) => Ok(Self(Unknown {
                members,
                unreadable: Vec::new(),
            })),
            None => Err(Problem::expected("an object", json)),
        }
    }

    /// Reads a member and takes it out. An `Option` also takes an absent one, and leaves one where it is that cannot be
    /// read.
    pub fn take<T: FromJson>(&mut self, name: &str) -> Result<T, Problem> {
        let read = match self.0.get(name) {
            Some(json) => T::from_json(json),
            None => T::from_json(&Json::null()),
        };
        match (read, T::if_unreadable()) {
            (Ok(value), _) => {
                self.0.remove(name);
                Ok(value)
            }
            (Err(_), Some(value)) => {
                self.0.unreadable.push(name.to_owned());
                Ok(value)
            }
            (Err(problem), None) => Err(problem.at(Place::Member(name.to_owned()))),
        }
    }

    pub fn rest(self) -> Unknown {
        self.0
    }
}

/// Implements [`FromJson`] for a struct with the field `unknown` beside the named ones. Used by generated code.
#[doc(hidden)]
#[macro_export]
macro_rules! record {
    ($name:ident { $($field:ident = $wire:literal),* $(,)? }) => {
        impl $crate::FromJson for $name {
            fn from_json(json: &$crate::Json) -> ::core::result::Result<Self, $crate::Problem> {
                let mut members = $crate::Members::of(json)?;
                ::core::result::Result::Ok(Self {
                    $($field: members.take($wire)?,)*
                    unknown: members.rest(),
                })
            }
        }

        impl $name {
            /// Members of the answer that this version has no field for.
            pub fn unknown(&self) -> &$crate::Unknown {
                &self.unknown
            }
        }
    };
}

#[cfg(test)]
#[allow(unreachable_pub, reason = "the macros are made for public types")]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[derive(Debug)]
    struct Person {
        user_name: String,
        full_name: Option<String>,
        unknown: Unknown,
    }
    record!(Person { user_name = "userName", full_name = "fullName" });

    fn read<T: FromJson>(value: serde_json::Value) -> Result<T, Problem> {
        T::from_json(&value.into())
    }

    fn text<T: FromJson>(text: &str) -> Result<T, Problem> {
        T::from_json(&text.parse().unwrap())
    }

    #[test]
    fn absent_and_null_members_are_none_and_unknown_ones_are_kept() {
        let person: Person = read(json!({"userName": "jane", "fullName": null, "quota": 5})).unwrap();
        assert_eq!(
            (person.user_name.as_str(), person.full_name.as_deref()),
            ("jane", None)
        );
        assert_eq!(person.unknown().get("quota"), Some(&5.into()));
        assert_eq!(person.unknown().unreadable().count(), 0);
    }

    #[test]
    fn unknown_members_are_kept_as_they_were_sent_and_in_their_order() {
        let sent = r#"{"z":123456789012345678901234567890,"userName":"jane","a":1e400,"m":[1.0, -0],"z":2}"#;
        let person: Person = text(sent).unwrap();
        let kept: Vec<_> = person
            .unknown()
            .iter()
            .map(|(name, json)| format!("{name}={json}"))
            .collect();
        assert_eq!(
            kept,
            [
                "z=123456789012345678901234567890",
                "a=1e400",
                "m=[1.0, -0]",
                "z=2"
            ]
        );
        assert_eq!(person.unknown().get("z"), Some(&2.into()));
    }

    #[test]
    fn an_optional_member_that_cannot_be_read_is_none_and_stays_in_unknown() {
        let people: Vec<Person> = read(json!([
            {"userName": "jane", "fullName": ["Jane"]},
            {"userName": "john", "fullName": "John"},
        ]))
        .unwrap();
        assert_eq!(
            (people[0].full_name.as_deref(), people[1].full_name.as_deref()),
            (None, Some("John"))
        );
        assert_eq!(people[0].unknown().unreadable().collect::<Vec<_>>(), ["fullName"]);
        assert_eq!(people[0].unknown().get("fullName"), Some(&json!(["Jane"]).into()));
        assert!(people[1].unknown().is_empty());
    }

    #[test]
    fn of_a_member_that_comes_twice_the_last_one_counts() {
        let person: Person = text(r#"{"userName":"jane","userName":"john"}"#).unwrap();
        assert_eq!(person.user_name, "john");
        assert!(person.unknown().is_empty());
    }

    #[test]
    fn a_problem_names_the_place() {
        let problem = read::<Vec<Person>>(json!([{"userName": "jane"}, {"userName": 7}])).unwrap_err();
        assert_eq!(
            problem.to_string(),
            "result[1].userName: expected a text, found a number"
        );
    }

    #[test]
    fn a_missing_member_is_a_problem_unless_optional() {
        assert_eq!(
            read::<Person>(json!({})).unwrap_err().to_string(),
            "result.userName: expected a text, found null"
        );
    }

    #[test]
    fn whole_numbers_are_read_however_they_are_written_and_never_rounded() {
        for (written, number) in [
            ("3000000000000", 3_000_000_000_000),
            ("3.0", 3),
            ("3e0", 3),
            ("1.5E+15", 1_500_000_000_000_000),
            ("1200e-2", 12),
            ("-0", 0),
            ("-0.0", 0),
            ("0e99", 0),
            ("-7.00", -7),
            ("\"300\"", 300),
            ("\"-3.0\"", -3),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
            ("9223372036854775807.000", i64::MAX),
        ] {
            assert_eq!(text::<i64>(written).unwrap(), number, "{written}");
        }
        for written in [
            "3.5",
            "0.1",
            "5e-1",
            "3.00000000000000000001",
            "9223372036854775808",
            "9223372036854775807.5",
            "123456789012345678901234567890",
            "1e400",
            "1e99999999999",
            "1e-400",
            "1234567890123456789012345678900e-1",
            "true",
            "null",
            "[3]",
            "\"\"",
            "\"-\"",
            "\"+3\"",
            "\" 3\"",
            "\"3 GB\"",
            "\"0x3\"",
            "\"NaN\"",
            "\"1,000\"",
            "\"3e\"",
        ] {
            assert!(text::<i64>(written).is_err(), "{written}");
        }
        assert!(text::<u16>("65536").is_err() && text::<u16>("-1").is_err());
        assert_eq!(text::<u16>("8463.0").unwrap(), 8463);
    }

    #[test]
    fn booleans_are_read_from_words_in_any_case_and_from_nothing_else() {
        for (written, flag) in [
            ("true", true),
            ("false", false),
            ("\"True\"", true),
            ("\"FALSE\"", false),
        ] {
            assert_eq!(text::<bool>(written).unwrap(), flag, "{written}");
        }
        for written in ["1", "0", "\"1\"", "\"yes\"", "\"\"", "null", "\" true\""] {
            assert!(text::<bool>(written).is_err(), "{written}");
        }
    }

    #[test]
    fn unknown_members_show_no_value() {
        let person: Person = read(json!({"userName": "jane", "apiKey": "hunter2"})).unwrap();
        assert!(!format!("{person:?}").contains("hunter2"));
    }

    proptest! {
        /// Written with a point and an exponent that move it, a number stays the same.
        #[test]
        fn a_whole_number_is_the_same_in_every_form(number: i64, places in 1_usize..19, zeros in 0_usize..9) {
            let digits = number.unsigned_abs().to_string();
            let padded = format!("{digits:0>20}");
            let (integer, fraction) = padded.split_at(20 - places);
            let integer = integer.trim_start_matches('0');
            let integer = if integer.is_empty() { "0" } else { integer };
            let sign = if number < 0 { "-" } else { "" };
            for form in [
                format!("{number}.{}", "0".repeat(zeros + 1)),
                format!("{sign}{integer}.{fraction}e{places}"),
                format!("{number}{}e-{zeros}", "0".repeat(zeros)),
            ] {
                prop_assert_eq!(text::<i64>(&form).ok(), Some(number), "{}", form);
            }
        }

        #[test]
        fn no_number_makes_a_panic(form in "-?[0-9]{1,25}(\\.[0-9]{1,25})?([eE][+-]?[0-9]{1,12})?") {
            if let Some(found) = whole(&form) {
                let near: f64 = form.parse().unwrap();
                prop_assert!((found as f64 - near).abs() <= near.abs() * 1e-15);
            }
        }
    }
}
