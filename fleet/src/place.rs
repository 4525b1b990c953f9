//! The place of logs and results that a job chooses: a folder, or an object store.

use std::path::{Path, PathBuf};

/// The longest prefix in a bucket. An object has a name of at most 1024 bytes.
const LONGEST_PREFIX: usize = 200;

/// Where the workers write logs and results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A folder of the worker's machine.
    Folder(PathBuf),
    /// An object store with the interface of S3.
    Store {
        /// The name of the bucket.
        bucket: String,
        /// The beginning of the names of all objects. It is empty, or it ends with `/`.
        prefix: String,
    },
}

impl Place {
    /// Reads the field `logs` of a job.
    ///
    /// # Errors
    /// The text is empty, or is no URL like `s3://bucket/prefix`. The error does not contain the text, which may
    /// contain credentials.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        if text.trim().is_empty() {
            return Err("the folder of the logs is empty");
        }
        let Some((scheme, rest)) = text.split_once("://") else {
            return Ok(Self::Folder(PathBuf::from(text)));
        };
        if text.contains(['@', '?', '#']) {
            return Err(
                "the URL has a user, a query or a fragment. The worker reads the credentials from its environment",
            );
        }
        if scheme != "s3" {
            return Err("the logs are written to a folder or to `s3://bucket/prefix`");
        }
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if !is_bucket(bucket) {
            return Err("the bucket has 3 to 63 lower-case letters without accents, digits, `-` and `.`");
        }
        let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
        if prefix.is_empty() {
            return Ok(Self::Store {
                bucket: bucket.to_owned(),
                prefix: String::new(),
            });
        }
        if prefix.len() > LONGEST_PREFIX || !prefix.split('/').all(is_segment) {
            return Err(
                "the prefix has at most 200 letters without accents, digits, `-`, `_`, `.` and `/`, and no part of it is empty, `.` or `..`",
            );
        }
        Ok(Self::Store {
            bucket: bucket.to_owned(),
            prefix: format!("{prefix}/"),
        })
    }

    /// Returns the field `logs` of a job with the folder of the job before a relative path.
    pub fn absolute(logs: &str, folder: &Path) -> String {
        match Self::parse(logs) {
            Ok(Self::Store { .. }) => logs.to_owned(),
            _ => folder.join(logs).display().to_string(),
        }
    }
}

fn is_bucket(text: &str) -> bool {
    let is_valid = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
    (3..=63).contains(&text.len()) && text.chars().all(is_valid) && !text.starts_with(['-', '.'])
}

fn is_segment(text: &str) -> bool {
    let is_valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !text.is_empty() && text != "." && text != ".." && text.chars().all(is_valid)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_folder_or_an_object_store() {
        assert_eq!(Place::parse("logs/a").unwrap(), Place::Folder("logs/a".into()));
        for (text, expected) in [
            ("s3://fleet", ""),
            ("s3://fleet/", ""),
            ("s3://fleet/a/b/", "a/b/"),
        ] {
            let Place::Store { bucket, prefix } = Place::parse(text).unwrap() else {
                panic!("{text}");
            };
            assert_eq!((bucket.as_str(), prefix.as_str()), ("fleet", expected));
        }
    }

    #[test]
    fn a_url_with_credentials_is_refused_and_not_repeated() {
        for text in [
            "s3://canary:canary@fleet/a",
            "s3://fleet/a?key=canary",
            "s3://fleet/a#canary",
            "gs://canary/a",
            "s3://Canary/a",
            "s3://fleet/canary/../a",
            "s3://fleet/canary//a",
            "s3:///canary",
            "s3://fleet/canary%2f",
        ] {
            let error = Place::parse(text).unwrap_err();
            assert!(!error.contains("anary"), "{error}");
        }
    }

    #[test]
    fn a_relative_folder_begins_in_the_folder_of_the_job() {
        let folder = Path::new("/jobs");
        assert_eq!(
            Place::absolute("logs", folder),
            folder.join("logs").display().to_string()
        );
        assert_eq!(Place::absolute("s3://fleet/a", folder), "s3://fleet/a");
    }
}
