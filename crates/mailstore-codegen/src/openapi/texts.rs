//! Converts descriptions from overlays: replaces Rust names with wire names.

use std::collections::BTreeMap;

use clientgen::Generated;
use clientgen::model::{Api, Evidence, Function, TypeBody, TypeDef};
use clientgen::text::{evidence_word, one_line, prose, result_sentence, seen};

/// Wire names by the Rust names that descriptions use.
pub(super) struct Texts {
    /// The value is `None` if several wire names have the same Rust name.
    wire: BTreeMap<String, Option<String>>,
}

impl Texts {
    /// Collects the names of an edition. Descriptions that editions share may also mention functions that this edition
    /// lacks.
    pub(super) fn of(generated: &Generated, api: &Api) -> Self {
        let mut texts = Self::of_apis([api], &generated.shared_types);
        for (name, wire) in Self::of_apis(&generated.apis, &[]).wire {
            texts.wire.entry(name).or_insert(wire);
        }
        texts
    }

    fn of_apis<'a>(apis: impl IntoIterator<Item = &'a Api> + Clone, types: &[TypeDef]) -> Self {
        let mut texts = Self {
            wire: BTreeMap::new(),
        };
        let own = apis.clone().into_iter().flat_map(|api| &api.types);
        for (name, wire) in types.iter().chain(own).flat_map(part_names) {
            texts.add(name, wire);
        }
        let functions: Vec<&Function> = apis.into_iter().flat_map(Api::functions).collect();
        for argument in functions.iter().flat_map(|function| &function.arguments) {
            texts.add(argument.name.as_str().to_owned(), &argument.wire);
        }
        // If a method and an argument have the same name, a description most likely means the method.
        for function in functions {
            let name = function.method.as_str().to_owned();
            texts.wire.insert(name, Some(function.wire.clone()));
        }
        texts
    }

    fn add(&mut self, name: String, wire: &str) {
        let entry = self.wire.entry(name).or_insert_with(|| Some(wire.to_owned()));
        if entry.as_deref() != Some(wire) {
            *entry = None;
        }
    }

    /// Converts a description to paragraphs of Markdown.
    pub(super) fn prose(&self, text: &str) -> String {
        self.renamed(&prose(text))
    }

    /// Converts a description to one line of Markdown.
    pub(super) fn line(&self, text: &str) -> String {
        self.renamed(&one_line(text))
    }

    /// The sentence that says when something was first seen. Empty if unknown.
    pub(super) fn since(&self, since: &str) -> String {
        match since {
            "" => String::new(),
            since => format!(" First seen: {}.", self.line(since)),
        }
    }

    /// The description of a function: documentation, result and effect.
    pub(super) fn function(&self, function: &Function) -> String {
        let mut paragraphs = vec![self.prose(&function.doc)];
        for parts in &function.combined {
            let arguments: Vec<String> = parts.arguments.iter().map(|name| format!("`{name}`")).collect();
            paragraphs.push(format!(
                "The arguments {} form one value: {}",
                arguments.join(", "),
                self.line(&parts.doc)
            ));
        }
        paragraphs.push(self.renamed(&result_sentence(function)));
        paragraphs.push(format!("{}{}", function.effect.description(), seen(function)));
        if function.long {
            paragraphs.push(
                "Long-running: expect a response with the `statusCode` `running` and a `token`.".to_owned(),
            );
        }
        paragraphs.retain(|paragraph| !paragraph.is_empty());
        paragraphs.join("\n\n")
    }

    /// Replaces Rust names in inline code with wire names.
    fn renamed(&self, text: &str) -> String {
        let mut renamed = String::new();
        for (place, part) in text.split('`').enumerate() {
            if place > 0 {
                renamed.push('`');
            }
            let name = part.strip_suffix("()").unwrap_or(part);
            // A plain word such as `name` either has the same wire name or is not a Rust name.
            let wire = (place % 2 == 1 && name.contains(['_', ':']))
                .then(|| self.wire.get(name)?.as_deref())
                .flatten();
            renamed.push_str(wire.unwrap_or(part));
        }
        renamed
    }
}

/// The Rust names and wire names of the parts of a type that descriptions may mention.
fn part_names(definition: &TypeDef) -> Vec<(String, &str)> {
    match &definition.body {
        TypeBody::NumberId | TypeBody::TextId | TypeBody::AnyId | TypeBody::Parts => Vec::new(),
        TypeBody::Words { words, .. } | TypeBody::Set { alone: words, .. } => words
            .iter()
            .map(|word| {
                (
                    format!("{}::{}", definition.name, word.variant.as_str()),
                    word.wire.as_str(),
                )
            })
            .collect(),
        TypeBody::Record { fields } => fields
            .iter()
            .map(|field| (field.name.as_str().to_owned(), field.wire.as_str()))
            .collect(),
    }
}

/// The word for a grade of evidence, if there is one.
pub(super) fn evidence(evidence: Option<Evidence>) -> Option<&'static str> {
    evidence.map(evidence_word)
}
