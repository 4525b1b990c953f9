//! Results read as the client reads them, by the name of the function: for tools that look at answers.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::module_doc;
use super::prose::one_line;
use super::rust_type::{owned, runtime_name, tokens};
use crate::model::{Api, Effect};

/// A function `decode` that knows the result type of every function that only reads.
pub(super) fn decoders(api: &Api, client: &TokenStream) -> TokenStream {
    let docs = module_doc(&format!(
        "The results of the {}, read as the client reads them.",
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
        use ::mailstore_transport::{#(#from_runtime),*};

        /// Reads a result as the client does; `None` for a function that the client has not, or that does not only
        /// read.
        ///
        /// # Errors
        /// The client cannot read it.
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
