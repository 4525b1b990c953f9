//! The facts about the two editions that are needed to fetch a function list.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use mailstore_metadata::Edition;
use mailstore_transport::{Effect, Function, Surface};

/// Parses an edition from the command line.
pub fn edition_parser() -> impl TypedValueParser<Value = Edition> {
    let value = |edition: Edition| {
        let help = match edition {
            Edition::Server => "MailStore Server: the Administration API",
            Edition::Spe => "The Service Provider Edition: the Management API",
        };
        PossibleValue::new(edition.as_str()).help(help)
    };
    PossibleValuesParser::new(Edition::ALL.map(value)).try_map(|word| word.parse::<Edition>())
}

/// Returns the surface that is known before the function list is fetched: the port, and the function that returns the
/// version.
pub(crate) fn surface(edition: Edition) -> &'static Surface {
    match edition {
        Edition::Server => &SERVER,
        Edition::Spe => &SPE,
    }
}

static GET_SERVER_INFO: Function = info(Edition::Server);
static GET_ENVIRONMENT_INFO: Function = info(Edition::Spe);

static SERVER: Surface = before_asking(Edition::Server, &[&GET_SERVER_INFO]);
static SPE: Surface = before_asking(Edition::Spe, &[&GET_ENVIRONMENT_INFO]);

const fn before_asking(edition: Edition, functions: &'static [&'static Function]) -> Surface {
    Surface::new(edition.as_str(), edition.title())
        .port(edition.port())
        .functions(functions)
}

const fn info(edition: Edition) -> Function {
    Function::new(edition.info_function())
        .path("api/invoke/")
        .effect(Effect::Read)
}
