//! Suggests a name for one that does not exist.

/// The likeness above which a name is suggested.
const LIKE: f64 = 0.85;

/// Returns the name that is most similar to `name`, or `None` if no name is similar. Case makes no difference.
pub fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_ascii_lowercase();
    names
        .into_iter()
        .map(|other| (strsim::jaro_winkler(&name, &other.to_ascii_lowercase()), other))
        .filter(|(likeness, _)| *likeness > LIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, other)| other)
}
