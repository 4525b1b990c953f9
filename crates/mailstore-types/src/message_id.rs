//! The address of a message.

use std::borrow::Cow;

crate::text::text! {
    /// Address of a message in the archive: the number of its store, a colon, and a number within the store, such as
    /// `3:42` (documented).
    MessageId,
    "address of a message",
    "expected the number of a store, a colon and a number, such as `3:42`",
    |text| parts(text).map(|_| Cow::Borrowed(text))
}

impl MessageId {
    /// Creates the address of the message with this number in this store.
    pub fn new(store: impl Into<i64>, number: u64) -> Self {
        Self(format!("{}:{number}", store.into()).into())
    }

    /// Returns the number of the store, or `None` if the server sent an unknown format.
    pub fn store(&self) -> Option<i64> {
        parts(&self.0).map(|(store, _)| store)
    }

    /// Returns the number within the store, or `None` if the server sent an unknown format.
    pub fn number(&self) -> Option<u64> {
        parts(&self.0).map(|(_, number)| number)
    }
}

fn parts(text: &str) -> Option<(i64, u64)> {
    let (store, number) = text.split_once(':')?;
    Some((store.parse().ok()?, number.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::MessageId;

    #[test]
    fn an_address_consists_of_store_and_number() {
        let id: MessageId = "3:42".parse().unwrap();
        assert_eq!((id.store(), id.number()), (Some(3), Some(42)));
        assert_eq!(MessageId::new(3, 42), id);
        for bad in ["", "3", "3:", ":42", "3:4:2", "a:b", "3:-1"] {
            assert!(bad.parse::<MessageId>().is_err(), "{bad:?}");
        }
    }
}
