//! `mailstore coverage`: prints how much of each edition is typed and documented.

use comfy_table::{CellAlignment, Table, presets};
use mailstore_codegen::coverage::{Coverage, is_typed};
use mailstore_codegen::model::{Api, Type};

use crate::exit::Failed;
use crate::output::print;
use crate::source::Source;

/// Print how much of each edition this program types and documents.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    source: Source,
    /// Also list the arguments that have only the type of the dump, and the functions whose result is `Json`.
    #[arg(long)]
    plain: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let generated = arguments.source.generate()?;
    let mut text = format!("{}\n", table(&generated.apis));
    if arguments.plain {
        for api in &generated.apis {
            text += &plain(api);
        }
    }
    print(&text)
}

fn table(apis: &[Api]) -> Table {
    let counted: Vec<Coverage> = apis.iter().map(Coverage::of).collect();
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_header(std::iter::once("").chain(apis.iter().map(|api| api.short.as_str())));
    let mut row = |name: &str, count: fn(&Coverage) -> usize| {
        let counts = counted.iter().map(|coverage| count(coverage).to_string());
        table.add_row(std::iter::once(name.to_owned()).chain(counts));
    };
    row("functions", |c| c.functions);
    row("- documented", |c| c.functions_documented);
    row("- with an example that is compiled", |c| c.functions_with_example);
    row("arguments", |c| c.arguments);
    row("- documented", |c| c.arguments_documented);
    row("- with a richer type than the dump", |c| c.arguments_typed);
    row("- secrets", |c| c.secrets);
    row("results", |c| c.functions);
    row("- typed", |c| c.results_typed);
    row("- nothing", |c| c.results_null);
    row("- JSON, because their members are not public", |c| c.results_json);
    row("results that are documented", |c| c.evidence[0]);
    row("- observed", |c| c.evidence[1]);
    row("- inferred", |c| c.evidence[2]);
    row("- unknown", |c| c.evidence[3]);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

fn plain(api: &Api) -> String {
    let mut text = format!("\n{}: arguments that have only the type of the dump\n", api.title);
    for function in api.functions() {
        let plain: Vec<&str> = function
            .arguments
            .iter()
            .filter(|argument| !is_typed(argument))
            .map(|argument| argument.wire.as_str())
            .collect();
        if !plain.is_empty() {
            text += &format!("  {}: {}\n", function.wire, plain.join(", "));
        }
    }
    text += &format!("{}: results without public members\n", api.title);
    for function in api.functions() {
        if matches!(&function.result, Type::Json) || function.result == Type::List(Box::new(Type::Json)) {
            text += &format!("  {}\n", function.wire);
        }
    }
    text
}
