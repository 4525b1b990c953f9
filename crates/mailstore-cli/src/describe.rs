//! `mailstore describe`: everything that is known about a function.

use mailstore_codegen::model::{Evidence, Function, Type};
use mailstore_reach::{Catalog, Edition, about_argument, kind_of_argument, name_of_type, without_markdown};

use crate::catalog;
use crate::exit::Failed;
use crate::output::{print, table};

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
    let catalog = catalog::built_in(edition)?;
    let function = catalog.function(&arguments.function).map_err(Failed::usage)?;
    print(&description(function, &catalog))
}

/// Returns everything that is known about a function.
fn description(function: &Function, catalog: &Catalog) -> String {
    let mut text = format!("{}\n", function.wire);
    for sentences in [&function.summary, &function.doc] {
        if !sentences.is_empty() {
            text.push_str(&format!("\n{}\n", without_markdown(catalog, sentences)));
        }
    }
    let effect = without_markdown(catalog, function.effect.description());
    text.push_str(&format!("\nEffect: {effect}\n"));
    if function.long {
        text.push_str("Runs for minutes or hours.\n");
    }
    if !function.since.is_empty() {
        text.push_str(&format!("First seen in version: {}\n", function.since));
    }
    if !function.arguments.is_empty() {
        let mut table = table();
        for argument in &function.arguments {
            table.add_row([
                argument.wire.clone(),
                kind_of_argument(catalog, argument),
                about_argument(catalog, argument),
            ]);
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
        (Type::Null, words) => without_markdown(catalog, words),
        (result, "") => name_of_type(result),
        (result, words) => format!("{}. {}", name_of_type(result), without_markdown(catalog, words)),
    };
    text.push_str(&format!("\nResult{evidence}: {result}\n"));
    let fields = catalog.fields(function);
    if !fields.is_empty() {
        let mut table = table();
        for field in fields {
            table.add_row([
                field.wire.clone(),
                name_of_type(&field.ty),
                without_markdown(catalog, &field.doc),
            ]);
        }
        text.push_str(&format!("{table}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::surface;

    #[test]
    fn every_function_of_both_editions_is_described_with_its_arguments() {
        for edition in Edition::ALL {
            let catalog = catalog::built_in(edition).expect("the built-in list is valid");
            let functions = catalog.api.functions();
            assert_eq!(functions.len(), surface(edition).functions.len());
            for function in functions {
                let text = description(function, &catalog);
                assert!(text.contains("Effect: "), "{text}");
                let known = surface(edition)
                    .function(&function.wire)
                    .expect("a known function");
                for argument in known.arguments {
                    assert!(
                        text.lines()
                            .any(|line| line.trim_start().starts_with(argument.name)),
                        "{} is missing in {text}",
                        argument.name
                    );
                }
            }
        }
    }

    #[test]
    fn descriptions_have_wire_names_instead_of_rust_names() {
        let catalog = catalog::built_in(Edition::Server).expect("the built-in list is valid");
        for function in catalog.api.functions() {
            let text = description(function, &catalog);
            for other in catalog.api.functions() {
                let method = format!("`{}`", other.method.as_str());
                assert!(!text.contains(&method), "{} contains {method}", function.wire);
            }
        }
    }
}
