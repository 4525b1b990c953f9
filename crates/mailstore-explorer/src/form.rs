//! The form that the page sends, as arguments in the order of the function list.

use std::collections::BTreeMap;
use std::fmt;

use mailstore_transport::SecretString;
use percent_encoding::percent_decode;

use crate::operation::Operation;
use crate::refusal::Refusal;

/// The arguments of a request that are sent.
pub(crate) struct Form(Vec<Field>);

/// An argument with its value.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) value: SecretString,
    pub(crate) is_secret: bool,
    pub(crate) is_required: bool,
}

impl Form {
    /// Reads a form. Blank fields are left out, because the server treats an empty text as a value. `fixed` are the
    /// arguments that have only one valid value. They are added.
    ///
    /// # Errors
    /// The form is not UTF-8, has an unknown or repeated field, or lacks a required one.
    pub(crate) fn read(
        operation: Operation,
        body: &[u8],
        fixed: &BTreeMap<String, String>,
    ) -> Result<Self, Refusal> {
        let name = operation.name();
        if String::from_utf8(percent_decode(body).collect()).is_err() {
            return Err(Refusal::Form("The form is not UTF-8.".to_owned()));
        }
        let known = operation.arguments();
        let mut values: BTreeMap<String, String> = BTreeMap::new();
        for (field, value) in form_urlencoded::parse(body) {
            if !known.iter().any(|argument| argument.name == field) {
                return Err(Refusal::Form(format!(
                    "{name} has no argument with the name of a field of the form."
                )));
            }
            if value.is_empty() {
                continue;
            }
            if values.insert(field.to_string(), value.into_owned()).is_some() {
                return Err(Refusal::Form(format!(
                    "The form contains the argument `{field}` twice."
                )));
            }
        }
        let mut fields = Vec::new();
        for argument in known {
            let value = values.remove(argument.name);
            match value.or_else(|| fixed.get(argument.name).cloned()) {
                Some(value) => fields.push(Field {
                    name: argument.name,
                    value: value.into(),
                    is_secret: argument.is_secret,
                    is_required: !argument.is_optional,
                }),
                None if argument.is_optional => {}
                None => {
                    return Err(Refusal::Form(format!(
                        "{name} needs the argument `{}`.",
                        argument.name
                    )));
                }
            }
        }
        Ok(Self(fields))
    }

    pub(crate) fn fields(&self) -> &[Field] {
        &self.0
    }

    /// Returns the value of a field.
    pub(crate) fn get(&self, name: &str) -> Option<&SecretString> {
        let field = self.0.iter().find(|field| field.name == name)?;
        Some(&field.value)
    }
}

/// Shows only names, because values may be passwords.
impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|field| field.name))
            .finish()
    }
}
