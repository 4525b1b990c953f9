//! An e-mail address.

use std::borrow::Cow;

crate::text::text! {
    /// An e-mail address, such as `jane@example.com`.
    ///
    /// Rejects only strings that would break a list of addresses. Does not check whether the address exists.
    EmailAddress,
    "e-mail address",
    "expected a name, one `@` and a host, without white space and commas",
    |text| {
        let (name, host) = text.split_once('@')?;
        let breaks = |c: char| c.is_whitespace() || c.is_control() || c == ',';
        let good = !name.is_empty() && !host.is_empty() && !host.contains('@') && !text.contains(breaks);
        good.then_some(Cow::Borrowed(text))
    }
}

#[cfg(test)]
mod tests {
    use super::EmailAddress;

    #[test]
    fn strings_that_would_break_a_list_of_addresses_are_rejected() {
        for good in [
            "jane@example.com",
            "jane+mail@localhost",
            "j\u{fc}rgen@example.com",
        ] {
            assert_eq!(good.parse::<EmailAddress>().unwrap().as_str(), good);
        }
        for bad in [
            "",
            "jane",
            "@example.com",
            "jane@",
            "a@b@c",
            "a@b,c@d",
            "jane @example.com",
            "a@b\n",
        ] {
            assert!(bad.parse::<EmailAddress>().is_err(), "{bad:?}");
        }
    }
}
