//! Flattens the schemas of the fields of a form.

use std::collections::BTreeMap;

use mailstore_reach::INSTANCE_ARGUMENT;
use serde_json::{Map, Value, json};

/// The shared schemas of a document by their names.
pub(crate) struct Schemas(Map<String, Value>);

impl Schemas {
    pub(crate) fn of(document: &Map<String, Value>) -> Self {
        let schemas = document
            .get("components")
            .and_then(|components| components.get("schemas"));
        Self(schemas.and_then(Value::as_object).cloned().unwrap_or_default())
    }

    /// Returns the schema that a reference names, or the schema itself.
    fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let name = schema
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|reference| reference.strip_prefix("#/components/schemas/"));
        name.and_then(|name| self.0.get(name)).unwrap_or(schema)
    }
}

/// Marks a field that takes JSON. The page shows a text area for it. With the media type of the document, Swagger UI would
/// ask for a file.
const JSON: &str = "x-explorer-json";

/// Replaces the schemas of the fields of a form by flat ones. Returns the fields with only one valid value.
pub(crate) fn flatten_form(
    form: &mut Map<String, Value>,
    schemas: &Schemas,
    instance: Option<&str>,
) -> BTreeMap<String, String> {
    let mut fixed = BTreeMap::new();
    let required = form
        .get("required")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let fields = form.get_mut("properties").and_then(Value::as_object_mut);
    for (name, field) in fields.into_iter().flatten() {
        if let Some(value) = field.get("const") {
            fixed.insert(name.clone(), text_of(value));
        }
        let mut flat = flatten_field(field, schemas);
        if let Some(words) = flat.get_mut("enum").and_then(Value::as_array_mut)
            && required.iter().any(|required| required == name)
            && field.get("const").is_none()
        {
            // Swagger UI adds a blank choice to optional fields only. Without it, the first word looks chosen.
            words.insert(0, "".into());
        }
        if let Some(instance) = instance.filter(|_| name == INSTANCE_ARGUMENT) {
            flat.insert("example".to_owned(), instance.into());
        }
        *field = Value::Object(flat);
    }
    fixed
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Returns a schema without references and alternatives. Its example is empty, so that the form is empty at first.
fn flatten_field(field: &Value, schemas: &Schemas) -> Map<String, Value> {
    let whole = schemas.resolve(field);
    let mut flat = one_of(whole, schemas);
    // What the function says about the field is more exact than what the shared type says.
    for name in ["description", "format", "writeOnly", "deprecated"] {
        if let Some(value) = field.get(name).or_else(|| whole.get(name)) {
            flat.insert(name.to_owned(), value.clone());
        }
    }
    if field
        .get("contentMediaType")
        .is_some_and(|ty| ty == "application/json")
    {
        flat.insert(JSON.to_owned(), true.into());
    }
    if let Some(value) = field.get("const") {
        flat.insert("enum".to_owned(), json!([value]));
        flat.insert("example".to_owned(), value.clone());
        flat.insert("default".to_owned(), value.clone());
        return flat;
    }
    let is_list = flat.get("type").is_some_and(|ty| ty == "array");
    flat.insert("example".to_owned(), if is_list { json!([]) } else { json!("") });
    flat
}

/// Returns the type of a schema: the kind of its value, its words, and its items.
fn one_of(schema: &Value, schemas: &Schemas) -> Map<String, Value> {
    let alternatives = alternatives(schema, schemas);
    let ty = alternatives.iter().find_map(|one| one.get("type"));
    let ty = ty.cloned().unwrap_or_else(|| "string".into());
    let mut flat = Map::new();
    if let Some(items) = alternatives.iter().find_map(|one| one.get("items")) {
        flat.insert("items".to_owned(), one_of(items, schemas).into());
    }
    let words = words_of(&alternatives);
    if !words.is_empty() {
        flat.insert("enum".to_owned(), words.into());
    }
    flat.insert("type".to_owned(), ty);
    flat
}

/// Returns the schemas of which a value needs to match one.
fn alternatives<'a>(schema: &'a Value, schemas: &'a Schemas) -> Vec<&'a Value> {
    let schema = schemas.resolve(schema);
    match schema.get("anyOf").and_then(Value::as_array) {
        Some(parts) => parts
            .iter()
            .flat_map(|part| alternatives(part, schemas))
            .collect(),
        None => vec![schema],
    }
}

/// Returns the words of schemas that list them. Words that are not known yet are left out. If any other text is valid,
/// such as the name of an instance beside `*`, there are no words.
fn words_of(alternatives: &[&Value]) -> Vec<Value> {
    let unknown_word = json!({"type": "string"});
    let mut words = Vec::new();
    for schema in alternatives.iter().filter(|schema| ***schema != unknown_word) {
        let Some(listed) = schema.get("enum").and_then(Value::as_array) else {
            return Vec::new();
        };
        words.extend(listed.iter().cloned());
    }
    words
}
