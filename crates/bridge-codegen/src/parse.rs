//! Parses function lists. Every error has a line and a column.

use crate::error::ListError;
use crate::list::BridgeDump;

impl BridgeDump {
    /// Parses a function list. Errors contain `name`, such as the path of the file.
    ///
    /// A byte order mark is accepted. The order of functions, constants, classes and members does not matter.
    ///
    /// # Errors
    /// The text is longer than [`MAX_BYTES`](Self::MAX_BYTES), is not UTF-8 or JSON, or is not a function list of
    /// format 1: a member is missing, unknown or has another type, or a name is invalid or occurs twice.
    ///
    /// ```
    /// use bridge_codegen::BridgeDump;
    ///
    /// let text = r#"{
    ///   "format": 1, "module": "shop", "version": "1.0", "python": null,
    ///   "functions": [{"name": "orders.cancel", "parameters": [{"name": "order"}]}],
    ///   "constants": {}, "classes": {}
    /// }"#;
    /// let list = BridgeDump::parse("shop.json", text.as_bytes())?;
    /// assert!(list.function("orders.cancel").is_some());
    ///
    /// let error = BridgeDump::parse("shop.json", b"{\n  \"format\": 2}").unwrap_err();
    /// assert!(error.to_string().starts_with("shop.json:2:"));
    /// # Ok::<(), bridge_codegen::ListError>(())
    /// ```
    pub fn parse(name: &str, text: &[u8]) -> Result<Self, ListError> {
        if text.len() > Self::MAX_BYTES {
            let problem = format!("the list has more than {} bytes", Self::MAX_BYTES);
            return Err(ListError::new(name, "", 0, problem));
        }
        let text = match std::str::from_utf8(text) {
            Ok(text) => text,
            Err(error) => {
                let valid = text.get(..error.valid_up_to()).unwrap_or_default();
                let valid = String::from_utf8_lossy(valid);
                let problem = "the text is not UTF-8".to_owned();
                return Err(ListError::new(name, &valid, valid.len(), problem));
            }
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut list: Self =
            serde_json::from_str(text).map_err(|error| ListError::of_json(name, text, &error))?;
        list.functions.sort_by(|a, b| a.key().cmp(b.key()));
        Ok(list)
    }
}
