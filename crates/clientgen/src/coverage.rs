//! Counts how much of an API the overlays type and document.

use crate::model::{Api, Argument, Effect, Evidence, Function, Shape, Type};

/// The counts of one edition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Coverage {
    /// Number of functions.
    pub functions: usize,
    /// Functions with a summary and a known effect.
    pub functions_documented: usize,
    /// Functions with an example that is compiled as a doc test.
    pub functions_with_example: usize,
    /// Number of arguments, including those that a handle fills in.
    pub arguments: usize,
    /// Arguments with a description, and arguments that a handle fills in.
    pub arguments_documented: usize,
    /// Arguments with a richer type than that of the dump or with a fixed value, and arguments that a handle fills in
    /// or that are combined.
    pub arguments_typed: usize,
    /// Arguments that are secrets.
    pub secrets: usize,
    /// Functions whose result has any other type, such as a type of an overlay, a string, a number or a boolean.
    pub results_typed: usize,
    /// Functions that return nothing, as most functions that change something do.
    pub results_null: usize,
    /// Functions whose result is any JSON value or a list of them, because its members are not public.
    pub results_json: usize,
    /// Functions by the evidence for their result: documented, observed, inferred, unknown.
    pub evidence: [usize; 4],
}

impl Coverage {
    /// Counts the functions and arguments of an edition.
    pub fn of(api: &Api) -> Self {
        let mut coverage = Self::default();
        for function in api.functions() {
            coverage.add(function);
            let example = api.examples && !function.example.is_empty();
            coverage.functions_with_example += usize::from(example);
        }
        coverage
    }

    fn add(&mut self, function: &Function) {
        self.functions += 1;
        self.functions_documented += usize::from(is_documented(function));
        for argument in &function.arguments {
            self.arguments += 1;
            self.arguments_documented += usize::from(argument.by_handle || !argument.doc.trim().is_empty());
            self.arguments_typed += usize::from(is_typed(argument));
            self.secrets += usize::from(argument.ty == Type::Secret);
        }
        match &function.result {
            Type::Null => self.results_null += 1,
            Type::Json => self.results_json += 1,
            Type::List(item) if **item == Type::Json => self.results_json += 1,
            _ => self.results_typed += 1,
        }
        self.evidence[match function.evidence {
            Some(Evidence::Documented) => 0,
            Some(Evidence::Observed) => 1,
            Some(Evidence::Inferred) => 2,
            None => 3,
        }] += 1;
    }
}

/// Whether a function has a summary and a known effect.
pub fn is_documented(function: &Function) -> bool {
    !function.summary.trim().is_empty() && function.effect != Effect::Unknown
}

/// Whether the type or value of an argument is known beyond the type in the dump.
pub fn is_typed(argument: &Argument) -> bool {
    let plain = matches!(argument.ty, Type::String | Type::Number | Type::Bool | Type::Json);
    !plain || argument.fixed.is_some() || argument.in_combined || argument.by_handle
}

/// Whether the type of an argument is an id: a number or string that identifies something on the server.
pub fn is_id(argument: &Argument) -> bool {
    matches!(
        &argument.ty,
        Type::Named {
            shape: Shape::NumberId | Shape::TextId | Shape::AnyId,
            ..
        }
    )
}
