//! `mailstore metadata show`: prints the functions of a function list.

use mailstore_metadata::Function;
use mailstore_reach::find;

use super::place::Side;
use crate::exit::Failed;
use crate::output::{print, table};
use crate::server::Server;

/// Show the functions of a function list with their arguments, or the arguments of one function.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  mailstore metadata show server-24
  mailstore metadata show server-24 VerifyStore
  mailstore metadata show https://mailstore.example.com:8463")]
pub(crate) struct Arguments {
    /// The function list: a file, `-` for standard input, `https://host:port` for a server, `server` for the chosen
    /// server, or a list of this program, such as `server-24`.
    #[arg(value_name = "LIST")]
    list: String,
    /// The function. Case, hyphens and underscores make no difference.
    function: Option<String>,
    #[command(flatten)]
    server: Server,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let side = Side::read(&arguments.list, &arguments.server)?;
    for left_out in &side.known.left_out {
        mailstore_reach::warn!("note: {left_out}; the function is not shown");
    }
    let functions = side.known.dump.functions();
    print(&match &arguments.function {
        None => all(functions),
        Some(name) => {
            let name_of = |function: &Function| function.name.clone();
            let names: Vec<String> = functions.iter().map(name_of).collect();
            let name = find("function", &names, |name| name, name).map_err(Failed::usage)?;
            functions
                .iter()
                .filter(|function| function.name == *name)
                .map(one)
                .collect()
        }
    })
}

fn all(functions: &[Function]) -> String {
    functions
        .iter()
        .map(|function| function.signature() + "\n")
        .collect()
}

fn one(function: &Function) -> String {
    let mut table = table();
    table.set_header(["ARGUMENT", "TYPE", "REQUIRED"]);
    for argument in &function.arguments {
        let required = if argument.nullable { "no" } else { "yes" };
        table.add_row([
            argument.name.clone(),
            argument.kind.to_string(),
            required.to_owned(),
        ]);
    }
    if function.arguments.is_empty() {
        return format!("{} has no arguments\n", function.name);
    }
    format!("{}\n\n{table}\n", function.name)
}
