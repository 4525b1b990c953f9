//! How a module is used: its root object, its classes and its error objects.

use serde_json::{Value, json};
use wire_values::Json;

/// A step from the module to the object whose functions are called.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Step {
    /// Takes the first of these attributes that exists.
    Get(Vec<String>),
    /// Calls the object with these arguments.
    Call(Vec<Json>),
    /// Enters the object as a context manager, as `with` does. It is left when the connection ends, and what it then
    /// raises is ignored. If Python is killed, it is not left.
    Enter,
}

impl Step {
    /// Takes the first of these attributes that exists.
    pub fn get<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Self {
        Self::Get(names.into_iter().map(Into::into).collect())
    }

    /// Calls the object without arguments.
    pub fn call() -> Self {
        Self::Call(Vec::new())
    }

    pub(crate) fn to_value(&self) -> Value {
        match self {
            Self::Get(names) => json!({ "get": names }),
            Self::Call(arguments) => json!({ "call": arguments }),
            Self::Enter => json!({ "enter": true }),
        }
    }
}

/// A class whose objects stay in Python. Rust holds a [`Handle`](crate::Handle) to each.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Class {
    /// Name of the class.
    pub name: &'static str,
    /// The module that has the class, if it is not the main module.
    pub module: Option<&'static str>,
    /// Methods without arguments that only read. Every handle has their results.
    pub snapshot: &'static [&'static str],
    /// The methods that may be called.
    pub methods: &'static [&'static str],
    /// Further methods that change nothing outside the object, such as setters of an object that is not sent yet. A
    /// read-only connection allows them.
    pub reads: &'static [&'static str],
}

impl Class {
    /// Starts a class without methods. The setters are `const` and add the other facts.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            module: None,
            snapshot: &[],
            methods: &[],
            reads: &[],
        }
    }

    /// Sets the module that has the class.
    #[must_use]
    pub const fn module(mut self, module: &'static str) -> Self {
        self.module = Some(module);
        self
    }

    /// Sets the methods without arguments that only read. Every handle has their results.
    #[must_use]
    pub const fn snapshot(mut self, methods: &'static [&'static str]) -> Self {
        self.snapshot = methods;
        self
    }

    /// Sets the methods that may be called.
    #[must_use]
    pub const fn methods(mut self, methods: &'static [&'static str]) -> Self {
        self.methods = methods;
        self
    }

    /// Sets further methods that change nothing outside the object. They must also be in `methods`.
    #[must_use]
    pub const fn reads(mut self, methods: &'static [&'static str]) -> Self {
        self.reads = methods;
        self
    }

    pub(crate) fn only_reads(&self, method: &str) -> bool {
        self.snapshot.contains(&method) || self.reads.contains(&method)
    }

    pub(crate) fn to_value(self) -> Value {
        json!({ "snapshot": self.snapshot, "methods": self.methods, "module": self.module })
    }
}

/// The first result of each function is an error object with these getters.
#[derive(Clone, Copy, Debug)]
pub struct FirstResult {
    /// The method that returns the code. Zero means success.
    pub code: &'static str,
    /// The method that returns the description.
    pub description: &'static str,
}

impl FirstResult {
    pub(crate) fn to_value(self) -> Value {
        json!({ "first": true, "code": self.code, "description": self.description })
    }
}
