//! The time range and the number of samples.

use wire_values::{FromJson, Json, Problem, Reader};

/// The time range and the number of samples.
///
/// The page of the vendor does not describe the form of the times, so they are JSON.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Bounds {
    /// The time of the first sample.
    pub start: Json,
    /// The time of the last sample.
    pub end: Json,
    /// Number of samples.
    pub samples: i64,
}

impl FromJson for Bounds {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
        let json = reader.json()?;
        let problem = || Problem::expected("a list of the start, the end and the number of samples", &json);
        let values: Vec<Json> = json.decode().map_err(|_| problem())?;
        let [start, end, samples] = values.try_into().map_err(|_| problem())?;
        Ok(Self {
            start,
            end,
            samples: i64::from_json(&samples)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire_values::from_json;

    #[test]
    fn three_values_are_bounds() {
        let bounds: Bounds = from_json(r#"[10, "2026-01-01", 3]"#).unwrap();
        assert_eq!((bounds.start, bounds.samples), (Json::from(10), 3));
        for text in ["[1, 2]", "[1, 2, 3, 4]", r#"[1, 2, "x"]"#, "null"] {
            assert!(from_json::<Bounds>(text).is_err(), "{text}");
        }
    }
}
