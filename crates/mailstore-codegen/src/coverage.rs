//! How much of an API is typed and documented beyond what its dump says.

use crate::model::{Api, Argument, Evidence, Function, Shape, Type};

/// Counts over one edition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Coverage {
    /// Functions.
    pub functions: usize,
    /// Functions with a sentence, a known effect and a topic.
    pub functions_documented: usize,
    /// Functions with an example that is compiled.
    pub functions_with_example: usize,
    /// Arguments, those that a handle fills in included.
    pub arguments: usize,
    /// Arguments with a sentence.
    pub arguments_documented: usize,
    /// Arguments with more of a type than the word of the dump, or with a value that is always the same.
    pub arguments_typed: usize,
    /// Arguments that are secrets.
    pub secrets: usize,
    /// Functions whose result is a type of its own, or a plain text, number or boolean.
    pub results_typed: usize,
    /// Functions whose result is nothing, which is the rule for those that change something.
    pub results_null: usize,
    /// Functions whose result is any JSON, or a list of it, because its members are not public.
    pub results_json: usize,
    /// Functions by how their result is known: documented, observed, inferred, or not at all.
    pub evidence: [usize; 4],
}

impl Coverage {
    /// Counts over an edition.
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

/// Whether somebody wrote what the function does, and what it may do to the server.
pub fn is_documented(function: &Function) -> bool {
    !function.summary.trim().is_empty() && function.effect != crate::model::Effect::Unknown
}

/// Whether more is known of an argument than the word of the dump.
pub fn is_typed(argument: &Argument) -> bool {
    let plain = matches!(argument.ty, Type::String | Type::Number | Type::Bool | Type::Json);
    !plain || argument.fixed.is_some() || argument.in_combined || argument.by_handle
}

/// Whether an argument is one of the numbers and texts that name something on the server.
pub fn is_id(argument: &Argument) -> bool {
    matches!(
        &argument.ty,
        Type::Named {
            shape: Shape::NumberId | Shape::TextId,
            ..
        }
    )
}
