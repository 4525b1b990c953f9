//! Reads an object member by member, for the macro `record!`.

use std::borrow::Cow;

use crate::decode::Unknown;
use crate::problem::{Place, Problem};
use crate::reader::{FromJson, Reader};

/// Reads an object in one pass. Used by generated code.
#[doc(hidden)]
#[derive(Debug)]
pub struct Record<'r, 'j> {
    reader: &'r mut Reader<'j>,
    start: usize,
    depth: usize,
    is_inside: bool,
    /// Whether a member with a field occurred twice.
    repeated: bool,
    unknown: Unknown,
}

/// The value of a field so far. If several members have the same name, the last one is used.
#[doc(hidden)]
pub type Slot<T> = Option<Result<T, Problem>>;

impl<'r, 'j> Record<'r, 'j> {
    pub fn new(reader: &'r mut Reader<'j>) -> Self {
        Self {
            start: reader.start(),
            depth: reader.depth(),
            is_inside: false,
            repeated: false,
            unknown: Unknown::default(),
            reader,
        }
    }

    /// Returns the name of the next member.
    #[inline]
    pub fn next_name(&mut self) -> Result<Option<Cow<'j, str>>, Problem> {
        if self.is_inside {
            self.reader.next_name()
        } else {
            self.is_inside = true;
            self.reader.first_name()
        }
    }

    /// Reads the member with this name. If its value cannot be decoded, [`take`](Self::take) decides what to do, after
    /// all members were read.
    pub fn read<T: FromJson>(&mut self, name: &str, slot: &mut Slot<T>) -> Result<(), Problem> {
        let start = self.reader.start();
        self.repeated |= slot.is_some();
        let read = self.reader.read::<T>();
        if read.is_err() {
            self.pass(name, start, T::if_unreadable().is_some())?;
        }
        *slot = Some(read);
        Ok(())
    }

    /// Skips a member that could not be decoded. Keeps it in `unknown` if it is optional.
    fn pass(&mut self, name: &str, start: usize, keep: bool) -> Result<(), Problem> {
        self.reader.set_depth(self.depth + 1);
        self.reader.rewind(start);
        if keep {
            self.keep(name.to_owned())
        } else {
            self.reader.skip()
        }
    }

    /// Reads a member without a field into `unknown`.
    pub fn keep(&mut self, name: String) -> Result<(), Problem> {
        let json = self.reader.json()?;
        self.unknown.push(name, json);
        Ok(())
    }

    /// Returns the value of a field. An `Option` is `None` if the member is missing or cannot be decoded.
    pub fn take<T: FromJson>(&mut self, name: &str, slot: Slot<T>) -> Result<T, Problem> {
        let read = slot.unwrap_or_else(|| T::read(&mut Reader::new("null")));
        match (read, T::if_unreadable()) {
            (Ok(value), _) => Ok(value),
            (Err(_), Some(value)) => {
                self.unknown.push_unreadable(name);
                Ok(value)
            }
            (Err(problem), None) => Err(problem.at(Place::Member(name.to_owned()))),
        }
    }

    /// Returns the members without a field. `fields` are the names of the members that have a field.
    pub fn rest(mut self, fields: &[&str]) -> Result<Unknown, Problem> {
        if self.repeated && !self.unknown.is_empty() {
            self.collect_again(fields)?;
        }
        self.reader.set_depth(self.depth);
        Ok(self.unknown)
    }

    /// Reads the object again to collect the members without a field. If a member with a field occurs several times,
    /// all of its values are kept if the last one cannot be decoded, and none otherwise.
    fn collect_again(&mut self, fields: &[&str]) -> Result<(), Problem> {
        self.reader.set_depth(self.depth);
        self.reader.rewind(self.start);
        self.is_inside = false;
        let mut unknown = Unknown::default();
        while let Some(name) = self.next_name()? {
            let json = self.reader.json()?;
            if !fields.contains(&&*name) || self.unknown.unreadable().any(|member| member == name) {
                unknown.push(name.into_owned(), json);
            }
        }
        for name in self.unknown.unreadable() {
            unknown.push_unreadable(name);
        }
        self.unknown = unknown;
        Ok(())
    }
}

/// Keeps every member of an object.
impl FromJson for Unknown {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
        let mut record = Record::new(reader);
        while let Some(name) = record.next_name()? {
            record.keep(name.into_owned())?;
        }
        record.rest(&[])
    }
}

/// Implements [`FromJson`] and [`ToJson`](crate::ToJson) for a struct with the named fields and the field `unknown`.
/// Used by generated code.
#[doc(hidden)]
#[macro_export]
macro_rules! record {
    ($name:ident { $($field:ident = $wire:literal),* $(,)? }) => {
        impl $crate::FromJson for $name {
            fn read(reader: &mut $crate::Reader<'_>) -> ::core::result::Result<Self, $crate::Problem> {
                $(let mut $field = ::core::option::Option::None;)*
                let mut record = $crate::Record::new(reader);
                while let ::core::option::Option::Some(name) = record.next_name()? {
                    match &*name {
                        $($wire => record.read($wire, &mut $field)?,)*
                        _ => record.keep(name.into_owned())?,
                    }
                }
                ::core::result::Result::Ok(Self {
                    $($field: record.take($wire, $field)?,)*
                    unknown: record.rest(&[$($wire),*])?,
                })
            }
        }

        $crate::object!($name { $($field = $wire),* });

        impl $name {
            /// Returns the members of the response for which this version has no field.
            pub fn unknown(&self) -> &$crate::Unknown {
                &self.unknown
            }
        }
    };
}
