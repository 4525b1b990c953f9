//! `mailstore functions`: lists the functions of an edition.

use mailstore_reach::Edition;
use miette::miette;

use crate::exit::Failed;
use crate::output::{print, table};
use crate::server::surface;

/// List the functions that this program knows.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Only functions whose name contains this text. Case makes no difference.
    filter: Option<String>,
    /// The product.
    #[arg(long, value_parser = mailstore_reach::edition_parser(), default_value = "server")]
    edition: Edition,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let filter = arguments.filter.as_deref().unwrap_or_default().to_lowercase();
    let mut table = table();
    table.set_header(["FUNCTION", "EFFECT", "ARGUMENTS"]);
    let mut count = 0;
    for function in surface(arguments.edition).functions {
        if !function.name.to_lowercase().contains(&filter) {
            continue;
        }
        let argument = |argument: &mailstore_api::Argument| {
            if argument.nullable {
                format!("[{}]", argument.name)
            } else {
                argument.name.to_owned()
            }
        };
        let names: Vec<String> = function.arguments.iter().map(argument).collect();
        table.add_row([function.name, function.effect.as_str(), &names.join(" ")]);
        count += 1;
    }
    if count == 0 {
        return Err(Failed::usage(miette!(
            "no function of {} contains `{}`",
            arguments.edition.title(),
            mailstore_reach::printable(&filter)
        )));
    }
    print(&format!("{table}\n"))
}
