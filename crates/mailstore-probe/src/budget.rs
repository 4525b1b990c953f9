//! Limits the memory of a run: the responses are kept as text until all are there, and are decoded one at a time.

use mailstore_transport::Json;
use serde_json::Value;

use crate::call::Trouble;

/// Maximum number of values in one response. A decoded value needs up to 1 KB.
const VALUES: usize = 250_000;

/// Maximum number of values in all responses.
const ALL_VALUES: usize = 1_000_000;

/// Maximum size of all responses in bytes.
const ALL_BYTES: usize = 64 * 1024 * 1024;

/// What the responses of a run have used.
#[derive(Default)]
pub(crate) struct Budget {
    values: usize,
    bytes: usize,
}

impl Budget {
    /// Decodes a response that is kept, or returns why it is not compared.
    pub(crate) fn take(&mut self, response: &Json) -> Result<Value, Trouble> {
        let (values, bytes) = (values_in(response.text()), response.text().len());
        if values > VALUES {
            return Err(too_large(format!("it has more than {VALUES} values")));
        }
        if self.values + values > ALL_VALUES {
            return Err(too_large(format!(
                "all responses have more than {ALL_VALUES} values"
            )));
        }
        if self.bytes + bytes > ALL_BYTES {
            return Err(too_large(format!(
                "all responses have more than {ALL_BYTES} bytes"
            )));
        }
        let value = response.decode().map_err(|_| {
            Trouble::Failed(
                "the result is nested too deeply, or has a number that is too large to compare".to_owned(),
            )
        })?;
        self.values += values;
        self.bytes += bytes;
        Ok(value)
    }
}

fn too_large(reason: String) -> Trouble {
    Trouble::Failed(format!("the response is too large to compare: {reason}"))
}

/// Returns the maximum number of values that valid JSON text has.
fn values_in(json: &str) -> usize {
    let (mut values, mut inside, mut escaped) = (1, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = inside,
            b'"' => inside = !inside,
            b',' | b'[' | b'{' if !inside => values += 1,
            _ => {}
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_values_is_counted_outside_of_strings() {
        for (json, values) in [
            ("1", 1),
            (r#""a,b[{\",\\""#, 1),
            ("[1,2,3]", 4),
            (r#"[{"a":1,"b":[]},{}]"#, 7),
        ] {
            assert_eq!(values_in(json), values, "{json}");
        }
    }

    #[test]
    fn responses_beyond_the_limits_are_not_decoded() {
        let list = |count: usize| -> Json { format!("[{}1]", "1,".repeat(count - 2)).parse().expect("JSON") };
        let mut budget = Budget::default();
        let reason = |trouble: Trouble| trouble.to_string();
        assert!(
            reason(budget.take(&list(VALUES + 1)).expect_err("too large"))
                .contains("more than 250000 values")
        );
        for _ in 0..ALL_VALUES / VALUES {
            assert!(budget.take(&list(VALUES)).is_ok());
        }
        assert!(reason(budget.take(&list(2)).expect_err("too large")).contains("all responses"));
        let mut budget = Budget::default();
        let text: Json = format!("\"{}\"", "x".repeat(ALL_BYTES / 2))
            .parse()
            .expect("JSON");
        assert!(budget.take(&text).is_ok());
        assert!(reason(budget.take(&text).expect_err("too large")).contains("67108864 bytes"));
    }
}
