//! A connection that ends with a block.

use jetstream_api::{Builder, Error};

use super::print::Result;

pub(super) async fn run(api: Builder) -> Result<()> {
    // with api:
    let result: std::result::Result<(), Error> = api
        .scope(|_client| async {
            // pass
            Ok(())
        })
        .await;
    Ok(result?)
}
