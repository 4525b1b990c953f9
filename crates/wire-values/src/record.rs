//! Reads an object member by member, for the macro `record!`.

use std::borrow::Cow;

use crate::decode::Unknown;
use crate::problem::{Place, Problem};
use crate::reader::{FromJson, Reader};

/// Reads an object in one pass. Used by generated code.
///
/// Each client compiles the generic methods once for each type of a field. Code that does not depend on the type is
/// therefore in methods that are not generic.
#[doc(hidden)]
#[derive(Debug)]
pub struct Record<'r, 'j> {
    reader: &'r mut Reader<'j>,
    start: usize,
    depth: usize,
    is_inside: bool,
    /// Whether a member with a field occurred twice.
    repeated: bool,
    /// The members with a field that could not be decoded.
    failed: Vec<(&'static str, Problem)>,
    /// The problem of the first field that has no value.
    problem: Option<Problem>,
    unknown: Unknown,
}

impl<'r, 'j> Record<'r, 'j> {
    pub fn new(reader: &'r mut Reader<'j>) -> Self {
        Self {
            start: reader.start(),
            depth: reader.depth(),
            is_inside: false,
            repeated: false,
            failed: Vec::new(),
            problem: None,
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

    /// Reads the member with this name. If its value cannot be decoded, [`fill`](Self::fill) decides what to do, after
    /// all members were read. If several members have the same name, the last one is used.
    pub fn read<T: FromJson>(&mut self, name: &'static str, field: &mut Option<T>) -> Result<(), Problem> {
        let start = self.reader.start();
        self.repeated |= field.is_some();
        match self.reader.read() {
            Ok(value) => {
                *field = Some(value);
                self.forget_failure(name);
                Ok(())
            }
            Err(problem) => {
                *field = None;
                self.pass(name, start, problem, T::if_unreadable().is_some())
            }
        }
    }

    /// Removes the failure of an earlier member with this name.
    #[inline]
    fn forget_failure(&mut self, name: &str) {
        if !self.failed.is_empty() {
            self.repeated |= self.take_failure(name).is_some();
        }
    }

    fn take_failure(&mut self, name: &str) -> Option<Problem> {
        let place = self.failed.iter().position(|(failed, _)| *failed == name)?;
        Some(self.failed.swap_remove(place).1)
    }

    /// Skips a member that could not be decoded. Keeps it in `unknown` if it is optional.
    #[cold]
    fn pass(
        &mut self,
        name: &'static str,
        start: usize,
        problem: Problem,
        is_optional: bool,
    ) -> Result<(), Problem> {
        self.forget_failure(name);
        self.failed.push((name, problem));
        self.reader.set_depth(self.depth + 1);
        self.reader.rewind(start);
        if is_optional {
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

    /// Sets a field without a value. An `Option` is `None` if the member is missing or cannot be decoded. For other
    /// fields, [`rest`](Self::rest) returns the problem.
    pub fn fill<T: FromJson>(&mut self, name: &'static str, field: &mut Option<T>) {
        if field.is_none() {
            *field = self.default(name);
        }
    }

    #[inline(never)]
    fn default<T: FromJson>(&mut self, name: &'static str) -> Option<T> {
        let problem = match self.take_failure(name) {
            Some(problem) => problem,
            None => match T::read(&mut Reader::new("null")) {
                Ok(value) => return Some(value),
                Err(problem) => problem,
            },
        };
        let value = T::if_unreadable();
        self.lack(name, problem, value.is_some());
        value
    }

    fn lack(&mut self, name: &'static str, problem: Problem, is_optional: bool) {
        if is_optional {
            self.unknown.push_unreadable(name);
        } else {
            self.problem
                .get_or_insert_with(|| problem.at(Place::Member(name.to_owned())));
        }
    }

    /// Returns the members without a field. `fields` are the names of the members that have a field.
    ///
    /// # Errors
    /// A field has no value.
    pub fn rest(mut self, fields: &[&str]) -> Result<Unknown, Problem> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        if self.repeated && !self.unknown.is_empty() {
            self.collect_again(fields)?;
        }
        self.reader.set_depth(self.depth);
        Ok(self.unknown)
    }

    /// Returns the problem of an object that lacks a field. [`rest`](Self::rest) returns a problem with the name of the
    /// field before.
    #[cold]
    pub fn incomplete() -> Problem {
        Problem::new("a member is missing")
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
                $(record.fill($wire, &mut $field);)*
                let unknown = ::core::option::Option::Some(record.rest(&[$($wire),*])?);
                match ($($field,)* unknown) {
                    ($(::core::option::Option::Some($field),)* ::core::option::Option::Some(unknown)) => {
                        ::core::result::Result::Ok(Self { $($field,)* unknown })
                    }
                    _ => ::core::result::Result::Err($crate::Record::incomplete()),
                }
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
