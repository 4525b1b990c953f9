//! An e-mail address.

use std::borrow::Cow;

crate::text::text! {
    /// An e-mail address, such as `jane@example.com`.
    ///
    /// Only what would break a list of addresses is checked: whether the address exists is for mail servers to say.
    EmailAddress,
    "e-mail address",
    "it is a name, one `@` and a host, without blanks and commas",
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
    fn what_would_break_a_list_of_addresses_is_no_address() {
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
