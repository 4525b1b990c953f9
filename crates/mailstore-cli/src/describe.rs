//! `mailstore describe`: everything that is known about a function.

use mailstore_codegen::model::{Api, Argument, Evidence, Function, Type, TypeBody, TypeDef};
use mailstore_codegen::{Generated, Generator, known_overlays};
use mailstore_reach::Edition;
use miette::IntoDiagnostic as _;

use crate::exit::Failed;
use crate::lookup::find;
use crate::output::{print, table};
use crate::server::surface;

/// Describe a function: its effect, its arguments with their values, its result, and how the facts are known.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The function, such as `VerifyStore` or `verify-store`.
    function: String,
    /// The product.
    #[arg(long, value_parser = mailstore_reach::edition_parser(), default_value = "server")]
    edition: Edition,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let edition = arguments.edition;
    let functions = surface(edition).functions;
    let known = find(
        "function",
        functions,
        |function| function.name,
        &arguments.function,
    )
    .map_err(Failed::usage)?;
    let generated = known_facts(Generator::new("").only([known.name]), edition)?;
    let api = &generated.apis[0];
    let text = api
        .functions()
        .first()
        .map(|function| description(function, api, &generated));
    print(&text.unwrap_or_default())
}

/// Returns the model of an edition: the built-in function list with the facts of the overlays.
fn known_facts(generator: Generator, edition: Edition) -> Result<Generated, Failed> {
    let dump = mailstore_sim::function_list(edition)
        .into_diagnostic()
        .map_err(Failed::work)?;
    generator
        .single(dump, edition.as_str(), &known_overlays(edition))
        .into_diagnostic()
        .map_err(Failed::work)
}

fn description(function: &Function, api: &Api, generated: &Generated) -> String {
    let mut text = format!("{}\n", function.wire);
    for sentences in [&function.summary, &function.doc] {
        if !sentences.is_empty() {
            text.push_str(&format!("\n{}\n", plain(sentences)));
        }
    }
    text.push_str(&format!("\nEffect: {}\n", plain(function.effect.description())));
    if function.long {
        text.push_str("Runs for minutes or hours.\n");
    }
    let types = || api.types.iter().chain(&generated.shared_types);
    if !function.arguments.is_empty() {
        let mut table = table();
        for argument in &function.arguments {
            table.add_row([argument.wire.clone(), kind(argument, types()), about(argument)]);
        }
        text.push_str(&format!("\nArguments:\n{table}\n"));
    }
    let evidence = match function.evidence {
        Some(Evidence::Documented) => " (documented by the vendor)",
        Some(Evidence::Observed) => " (observed in published responses)",
        Some(Evidence::Inferred) => " (inferred from programs that use the API)",
        _ => " (not recorded how this is known)",
    };
    let result = match (&function.result, function.result_doc.as_str()) {
        (Type::Null, "") => "nothing".to_owned(),
        (Type::Null, words) => plain(words),
        (result, "") => name_of(result),
        (result, words) => format!("{}. {}", name_of(result), plain(words)),
    };
    text.push_str(&format!("\nResult{evidence}: {result}\n"));
    if let Some(name) = function.result.named()
        && let Some(definition) = types().find(|definition| definition.name == name)
        && let TypeBody::Record { fields } = &definition.body
    {
        let mut table = table();
        for field in fields {
            table.add_row([field.wire.clone(), name_of(&field.ty), plain(&field.doc)]);
        }
        text.push_str(&format!("{table}\n"));
    }
    text
}

/// Returns the type of an argument, with the words that it may have.
fn kind<'a>(argument: &Argument, mut types: impl Iterator<Item = &'a TypeDef>) -> String {
    let definition = argument
        .ty
        .named()
        .and_then(|name| types.find(|definition| definition.name == name));
    match definition.map(|definition| &definition.body) {
        Some(TypeBody::Words { words, .. }) => {
            let words: Vec<&str> = words.iter().map(|word| word.wire.as_str()).collect();
            words.join(" | ")
        }
        Some(TypeBody::NumberId) => "number".to_owned(),
        Some(TypeBody::TextId) => "string".to_owned(),
        Some(TypeBody::Record { .. }) => "json".to_owned(),
        _ => name_of(&argument.ty),
    }
}

/// Returns the description of an argument.
fn about(argument: &Argument) -> String {
    let mut words = vec![
        if argument.is_required() {
            "Required."
        } else {
            "Optional."
        }
        .to_owned(),
    ];
    if let Some(default) = &argument.default {
        words.push(format!("Default: {}.", plain(default)));
    }
    if argument.ty == Type::Secret {
        words.push("Secret: set it with `NAME=@FILE` or `NAME=-`.".to_owned());
    }
    if !argument.doc.is_empty() {
        words.push(plain(&argument.doc));
    }
    words.join(" ")
}

/// Returns the name of a type.
fn name_of(ty: &Type) -> String {
    match ty {
        Type::Null => "nothing".to_owned(),
        Type::String | Type::Secret => "string".to_owned(),
        Type::Number => "number".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Json => "json".to_owned(),
        Type::DateTime => "date and time (2026-01-31T23:59:59)".to_owned(),
        Type::Time => "time of day (23:59)".to_owned(),
        Type::Utc => "date and time in UTC".to_owned(),
        Type::EpochMilliseconds => "milliseconds since 1970-01-01 in UTC".to_owned(),
        Type::Seconds => "seconds".to_owned(),
        Type::Port => "port".to_owned(),
        Type::Named { name, .. } => name.clone(),
        Type::List(item) => format!("list of {}", name_of(item)),
        _ => "json".to_owned(),
    }
}

/// Returns Markdown without the marks that a terminal does not show.
fn plain(markdown: &str) -> String {
    markdown.replace("**", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_of_both_editions_is_described_with_its_arguments() {
        for edition in Edition::ALL {
            let generated = known_facts(Generator::new(""), edition).expect("the built-in list is valid");
            let api = &generated.apis[0];
            let functions = api.functions();
            assert_eq!(functions.len(), surface(edition).functions.len());
            for function in functions {
                let text = description(function, api, &generated);
                assert!(text.contains("Effect: "), "{text}");
                let known = surface(edition)
                    .function(&function.wire)
                    .expect("a known function");
                for argument in known.arguments {
                    assert!(
                        text.contains(&format!("\n {} ", argument.name)),
                        "{}: {text}",
                        argument.name
                    );
                }
            }
        }
    }
}
