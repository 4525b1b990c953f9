//! Writes a function that decodes a result by the wire name of its function, for tools that check responses.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::module_doc;
use super::prose::one_line;
use super::rust_type::{owned, runtime_name, tokens};
use crate::model::{Api, Effect};

/// A function `decode` with the result type of every read-only function.
pub(super) fn decoders(api: &Api, client: &TokenStream, runtime: &TokenStream) -> TokenStream {
    let docs = module_doc(&format!(
        "Decodes the results of the {} as the client does.",
        one_line(&api.title)
    ));
    let functions = api.functions();
    let reads = functions
        .into_iter()
        .filter(|function| function.effect == Effect::Read);
    let mut by_type: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut from_runtime: Vec<&str> = vec!["FromJson", "Json", "Problem"];
    for function in reads {
        by_type
            .entry(owned(&function.result))
            .or_default()
            .push(&function.wire);
        from_runtime.extend(runtime_name(&function.result));
    }
    from_runtime.sort_unstable();
    from_runtime.dedup();
    let from_runtime = from_runtime.into_iter().map(tokens);
    let arms = by_type.iter().map(|(ty, functions)| {
        let ty = tokens(ty);
        quote! { #(#functions)|* => read::<#ty>(result) }
    });
    quote! {
        #docs
        use #client::*;
        use #runtime::{#(#from_runtime),*};

        /// Decodes a result as the client does. Returns `None` for a function that is unknown or not read-only.
        ///
        /// # Errors
        /// The client cannot decode the result.
        pub fn decode(function: &str, result: &Json) -> Option<Result<(), Problem>> {
            Some(match function {
                #(#arms,)*
                _ => return None,
            })
        }

        fn read<T: FromJson>(result: &Json) -> Result<(), Problem> {
            T::from_json(result).map(drop)
        }
    }
}
