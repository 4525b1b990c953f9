//! The OpenAPI documents of `metadata/mailstore/openapi`.

use mailstore_codegen::model::Api;
use mailstore_codegen::openapi::{Version, document};
use mailstore_codegen::{Generated, Tree};

/// The committed documents: for each edition, `NAME.json` in version 3.1 and `3.0/NAME.json` in version 3.0.
pub(crate) fn documents(generated: &Generated) -> Tree {
    let versions = [("", Version::V3_1), ("3.0/", Version::V3_0)];
    let file = |api: &Api, (folder, version)| {
        (
            format!("{folder}{}.json", api.name.replace('_', "-")),
            document(generated, api, version),
        )
    };
    generated
        .apis
        .iter()
        .flat_map(|api| versions.map(|version| file(api, version)))
        .collect()
}
