//! Values of optional arguments: a value or an `Option` of a value.

use jiff::civil;

/// A value of an optional argument. Every setter of a request accepts the value itself or an `Option` of it.
///
/// `None` leaves the argument out, even if the setter was called before.
///
/// ```
/// use wire_values::IntoOption;
///
/// fn setter(full_name: impl IntoOption<&'static str>) -> Option<&'static str> {
///     full_name.into_option()
/// }
/// assert_eq!(setter("Jane"), Some("Jane"));
/// assert_eq!(setter(Some("Jane")), Some("Jane"));
/// assert_eq!(setter(None), None);
/// ```
///
/// | type of the setter | accepted values |
/// | --- | --- |
/// | `impl IntoOption<T>` | `T`, `Option<T>` |
/// | `impl IntoOption<&str>` | also `&String`; for an `Option<String>`, pass `as_deref()` |
/// | `impl IntoOption<Vec<T>>` | also `[T; N]`, `&[T]`, `&Vec<T>`; for an iterator, `collect` it into a `Vec` |
/// | `impl IntoOption<Vec<String>>` | also arrays, vectors and slices of `&str` |
/// | `impl IntoOption<DateTime>` | also a [`Date`](civil::Date), which means its midnight |
/// | a set of words | also one word, and an array or a vector of words |
///
/// An empty list is not the same as `None`. The server would misread it, so the request fails before it is sent.
pub trait IntoOption<T> {
    /// Returns the value, or `None` if the argument is left out.
    fn into_option(self) -> Option<T>;
}

impl<T> IntoOption<T> for T {
    fn into_option(self) -> Option<T> {
        Some(self)
    }
}

impl<T> IntoOption<T> for Option<T> {
    fn into_option(self) -> Option<T> {
        self
    }
}

impl<'a> IntoOption<&'a str> for &'a String {
    fn into_option(self) -> Option<&'a str> {
        Some(self)
    }
}

impl IntoOption<civil::DateTime> for civil::Date {
    fn into_option(self) -> Option<civil::DateTime> {
        Some(self.into())
    }
}

impl<T, const N: usize> IntoOption<Vec<T>> for [T; N] {
    fn into_option(self) -> Option<Vec<T>> {
        Some(self.into())
    }
}

impl<T: Clone> IntoOption<Vec<T>> for &[T] {
    fn into_option(self) -> Option<Vec<T>> {
        Some(self.to_vec())
    }
}

impl<T: Clone> IntoOption<Vec<T>> for &Vec<T> {
    fn into_option(self) -> Option<Vec<T>> {
        Some(self.clone())
    }
}

impl<T: Clone, const N: usize> IntoOption<Vec<T>> for &[T; N] {
    fn into_option(self) -> Option<Vec<T>> {
        Some(self.to_vec())
    }
}

impl<'a, T> IntoOption<&'a [T]> for &'a Vec<T> {
    fn into_option(self) -> Option<&'a [T]> {
        Some(self)
    }
}

impl<'a, T, const N: usize> IntoOption<&'a [T]> for &'a [T; N] {
    fn into_option(self) -> Option<&'a [T]> {
        Some(self)
    }
}

impl<const N: usize> IntoOption<Vec<String>> for [&str; N] {
    fn into_option(self) -> Option<Vec<String>> {
        Some(self.map(str::to_owned).into())
    }
}

impl IntoOption<Vec<String>> for Vec<&str> {
    fn into_option(self) -> Option<Vec<String>> {
        Some(self.into_iter().map(str::to_owned).collect())
    }
}

impl IntoOption<Vec<String>> for &[&str] {
    fn into_option(self) -> Option<Vec<String>> {
        Some(self.iter().copied().map(str::to_owned).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setter_accepts_a_string_an_option_and_a_plain_none() {
        fn text<'a>(value: impl IntoOption<&'a str>) -> Option<&'a str> {
            value.into_option()
        }
        let owned = "jane".to_owned();
        let maybe = Some("jane".to_owned());
        for given in [
            text("jane"),
            text(&owned),
            text(Some("jane")),
            text(maybe.as_deref()),
        ] {
            assert_eq!(given, Some("jane"));
        }
        assert_eq!(text(None), None);
    }

    #[test]
    fn number_literals_need_no_suffix() {
        fn number(value: impl IntoOption<i64>) -> Option<i64> {
            value.into_option()
        }
        assert_eq!(
            (number(5), number(Some(5)), number(None)),
            (Some(5), Some(5), None)
        );
    }

    #[test]
    fn lists_are_accepted_in_any_container() {
        fn list(value: impl IntoOption<Vec<String>>) -> Option<Vec<String>> {
            value.into_option()
        }
        let owned = vec!["a".to_owned()];
        let given = [
            list(["a"]),
            list(vec!["a"]),
            list(["a"].as_slice()),
            list(&owned),
            list(owned.as_slice()),
            list(["a".to_owned()]),
            list(Some(owned.clone())),
            list(owned.clone()),
        ];
        assert!(given.iter().all(|given| given.as_ref() == Some(&owned)));
        assert_eq!(list(None), None);
        assert_eq!(list([] as [&str; 0]), Some(Vec::new()));
    }
}
