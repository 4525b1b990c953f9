//! Converts a function list to the input of `clientgen`.

use clientgen::listing::{Argument, ArgumentKind, Function as Listed, Listing, OutArgument};

use crate::function::{Function, ParameterKind};
use crate::list::BridgeDump;

impl BridgeDump {
    /// Returns the input of the generator. `source` is the name of the list in headers and errors.
    ///
    /// Functions whose parameters are not known have no method. They are part of the catalog, so that programs can call
    /// them by name.
    pub fn listing(&self, source: &str) -> Listing {
        let functions = self.functions.iter().map(listed).collect();
        Listing::new(source, self.digest(), functions)
            .expect("lists are parsed with stricter rules for names than those of a listing")
    }
}

fn listed(function: &Function) -> Listed {
    let signature = function.signature();
    Listed {
        name: function.name.clone(),
        overload: function.overload.clone(),
        by_name_only: signature.is_none(),
        arguments: signature
            .into_iter()
            .flatten()
            .map(|parameter| Argument {
                name: parameter.name.clone(),
                kind: ArgumentKind::Any,
                nullable: false,
                default: parameter.default.clone(),
                by_name: parameter.kind == ParameterKind::Keyword && parameter.default.is_none(),
            })
            .collect(),
        path: String::new(),
        since: function.since.clone(),
        out: out_arguments(function),
    }
}

/// The parameters that the function fills, with their places among all parameters.
fn out_arguments(function: &Function) -> Vec<OutArgument> {
    let parameters = function.parameters.iter().flatten().enumerate();
    let out = parameters.filter_map(|(index, parameter)| {
        let class = parameter.out.clone()?;
        Some(OutArgument { index, class })
    });
    out.collect()
}
