//! Where the arguments of a call go: by their place, or by keyword.

use std::borrow::Cow;

use crate::error::Error;
use crate::form::quoted;
use crate::function::{Argument, Function};

/// A given argument.
#[derive(Clone)]
pub(crate) struct Given {
    pub(crate) name: Cow<'static, str>,
    /// Setters cannot fail, so an invalid value is kept as an error, which is returned when the call is sent.
    pub(crate) value: Result<String, String>,
    pub(crate) by_keyword: bool,
}

/// The arguments of a request, as JSON.
#[derive(Default)]
pub(crate) struct Placed {
    positional: Vec<String>,
    keywords: Vec<String>,
}

impl Given {
    fn value(&self) -> Result<String, Error> {
        let problem = |problem: &String| Error::value(format!("argument `{}`: {problem}", self.name));
        self.value.as_ref().cloned().map_err(problem)
    }

    fn keyword(&self) -> Result<String, Error> {
        Ok(format!("{}:{}", quoted(&self.name), self.value()?))
    }
}

impl Placed {
    /// Places the arguments of a function.
    ///
    /// Required arguments are sent by their place, and optional ones by keyword. A required argument after one that is
    /// not sent by its place is sent by keyword, too. With `all_by_place`, optional arguments are sent by their place,
    /// and a gap is an error.
    pub(crate) fn new(function: &Function, given: &[Given], all_by_place: bool) -> Result<Self, Error> {
        let mut placed = Self::default();
        // The first argument that is not sent by its place.
        let mut gap = None;
        for argument in function.arguments {
            match given.iter().find(|given| given.name == argument.name) {
                Some(given) => placed.add(argument, given, &mut gap, all_by_place)?,
                None if argument.is_required() => {
                    let problem = format!("argument `{}` is missing", argument.name);
                    return Err(Error::configuration(problem));
                }
                None => _ = gap.get_or_insert(argument.name),
            }
        }
        let unlisted = given
            .iter()
            .filter(|given| function.argument(&given.name).is_none());
        for given in unlisted {
            if given.by_keyword {
                placed.keywords.push(given.keyword()?);
            } else if function.arguments.is_empty() {
                placed.positional.push(given.value()?);
            } else {
                let problem = format!("the function has no argument `{}`", given.name);
                return Err(Error::configuration(problem));
            }
        }
        Ok(placed)
    }

    fn add(
        &mut self,
        argument: &Argument,
        given: &Given,
        gap: &mut Option<&'static str>,
        all_by_place: bool,
    ) -> Result<(), Error> {
        let is_by_keyword = given.by_keyword || argument.by_name;
        match (is_by_keyword, all_by_place, &gap) {
            (false, true, Some(gap)) => {
                let problem = format!("argument `{}` also needs argument `{gap}`", argument.name);
                return Err(Error::configuration(problem));
            }
            (false, true, None) => self.positional.push(given.value()?),
            (false, false, None) if argument.is_required() => self.positional.push(given.value()?),
            _ => {
                gap.get_or_insert(argument.name);
                self.keywords.push(given.keyword()?);
            }
        }
        Ok(())
    }

    /// Returns the members of the request.
    pub(crate) fn members(&self) -> String {
        let mut members = format!("\"args\":[{}]", self.positional.join(","));
        if !self.keywords.is_empty() {
            members.push_str(&format!(",\"kwargs\":{{{}}}", self.keywords.join(",")));
        }
        members
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::function::ArgumentKind;

    const fn any(name: &'static str) -> Argument {
        Argument::new(name, ArgumentKind::Any)
    }

    static FUNCTION: Function =
        Function::new("f").arguments(&[any("a"), any("b").default("1"), any("c"), any("d").nullable()]);
    static BY_NAME: Function = Function::new("f").arguments(&[any("a"), any("b").by_name(), any("c")]);
    static UNKNOWN: Function = Function::new("f");

    fn placed(function: &Function, names: &[&'static str], all_by_place: bool) -> Result<String, String> {
        let given = names.iter().map(|name| Given {
            name: Cow::Borrowed(name),
            value: Ok(format!("\"{name}\"")),
            by_keyword: false,
        });
        Placed::new(function, &given.collect::<Vec<_>>(), all_by_place)
            .map(|placed| placed.members())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn required_arguments_keep_their_places() {
        for (names, members) in [
            (&["a", "c"][..], r#""args":["a"],"kwargs":{"c":"c"}"#),
            (&["c", "b", "a"], r#""args":["a"],"kwargs":{"b":"b","c":"c"}"#),
            (&["a", "c", "d"], r#""args":["a"],"kwargs":{"c":"c","d":"d"}"#),
        ] {
            assert_eq!(placed(&FUNCTION, names, false).unwrap(), members);
        }
        assert_eq!(
            placed(&BY_NAME, &["a", "b", "c"], false).unwrap(),
            r#""args":["a"],"kwargs":{"b":"b","c":"c"}"#
        );
        assert_eq!(
            placed(&UNKNOWN, &["y", "x"], false).unwrap(),
            r#""args":["y","x"]"#
        );
    }

    #[test]
    fn without_keywords_a_gap_is_an_error() {
        assert_eq!(
            placed(&FUNCTION, &["a", "b", "c", "d"], true).unwrap(),
            r#""args":["a","b","c","d"]"#
        );
        assert_eq!(
            placed(&FUNCTION, &["a", "c"], true).unwrap_err(),
            "argument `c` also needs argument `b`"
        );
    }

    #[test]
    fn missing_and_unknown_arguments_are_errors() {
        assert_eq!(
            placed(&FUNCTION, &["a"], false).unwrap_err(),
            "argument `c` is missing"
        );
        assert_eq!(
            placed(&FUNCTION, &["a", "c", "x"], false).unwrap_err(),
            "the function has no argument `x`"
        );
    }
}
