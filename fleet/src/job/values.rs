//! The arguments of a job, as requests contain them.

use std::collections::BTreeMap;

use mailstore_codegen::model::{Argument, ArgumentKind, Function};
use mailstore_reach::{Catalog, check_value, find, is_instance, is_secret};
use miette::{Report, miette};
use toml::Value;

use super::Job;
use super::problem::Problem;

/// Returns the arguments of a call, without the instance and the store. Adds a problem for each one that is wrong.
pub(super) fn arguments(
    job: &Job,
    catalog: &Catalog,
    function: &Function,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, String> {
    let mut arguments = BTreeMap::new();
    for (name, value) in &job.arguments {
        let field = format!("arguments.{name}");
        let argument = match find("argument", &function.arguments, |argument| &argument.wire, name) {
            Ok(argument) => argument,
            Err(report) => {
                problems.push(Problem::of_report(field, &report));
                continue;
            }
        };
        match one(catalog, argument, value) {
            Ok(text) => {
                if arguments.insert(argument.wire.clone(), text).is_some() {
                    problems.push(Problem::new(field, format!("`{}` is given twice", argument.wire)));
                }
            }
            Err(report) => problems.push(Problem::of_report(field, &report)),
        }
    }
    let store = store_argument(job, function, problems);
    for argument in &function.arguments {
        let name = &argument.wire;
        if arguments.contains_key(name) || is_instance(argument) || store == Some(name) {
            continue;
        }
        if let Some(fixed) = &argument.fixed {
            arguments.insert(name.clone(), fixed.clone());
        } else if argument.is_required() && !job.arguments.contains_key(name) {
            problems.push(missing(job, function, argument));
        }
    }
    arguments
}

/// Returns the argument that receives the number of a store, if the function is called for each store.
fn store_argument<'a>(job: &Job, function: &'a Function, problems: &mut Vec<Problem>) -> Option<&'a String> {
    let name = &job.for_each_store.as_ref()?.argument;
    let field = "for-each-store.argument";
    let argument = match find("argument", &function.arguments, |argument| &argument.wire, name) {
        Ok(argument) => argument,
        Err(report) => {
            problems.push(Problem::of_report(field, &report));
            return None;
        }
    };
    if argument.sent_as() != ArgumentKind::Number {
        let message = format!("`{}` is not a number, so it cannot be a store", argument.wire);
        problems.push(Problem::new(field, message));
    }
    if job.arguments.contains_key(&argument.wire) {
        let message = format!("`{}` is also in `arguments`", argument.wire);
        problems.push(Problem::new(field, message));
    }
    Some(&argument.wire)
}

fn missing(job: &Job, function: &Function, argument: &Argument) -> Problem {
    let name = &argument.wire;
    if is_secret(argument) {
        let message = format!("{} needs the argument `{name}`, which is a secret", function.wire);
        return Problem::new("function", message).with_help("A job cannot contain secrets.");
    }
    let field = if job.arguments.is_empty() {
        "function"
    } else {
        "arguments"
    };
    let problem = Problem::new(field, format!("{} needs the argument `{name}`", function.wire));
    if name == "id" {
        problem.with_help("`[for-each-store]` calls the function for each store.")
    } else {
        problem
    }
}

/// Returns one argument as the request contains it.
fn one(catalog: &Catalog, argument: &Argument, value: &Value) -> Result<String, Report> {
    let name = &argument.wire;
    if is_secret(argument) {
        return Err(miette!(
            "`{name}` is a secret. A job cannot contain secrets, because the journal of the engine would keep them"
        ));
    }
    if is_instance(argument) {
        return Err(miette!("the targets of the job choose the instance"));
    }
    let text = text(argument, value)?;
    check_value(catalog, argument, &text, Some(""))?;
    Ok(text)
}

fn text(argument: &Argument, value: &Value) -> Result<String, Report> {
    let name = &argument.wire;
    let is_json = argument.sent_as() == ArgumentKind::Json;
    match value {
        Value::String(text) => Ok(text.clone()),
        _ if is_json => json(value),
        Value::Integer(number) => Ok(number.to_string()),
        Value::Boolean(value) => Ok(value.to_string()),
        Value::Datetime(time) => Ok(time.to_string()),
        Value::Array(items) if items.is_empty() => Err(miette!("the list `{name}` is empty")),
        Value::Array(items) => {
            let items = items.iter().map(|item| match item {
                Value::String(text) if !text.contains(',') => Ok(text.clone()),
                Value::Integer(number) => Ok(number.to_string()),
                _ => Err(miette!(
                    "the items of `{name}` are numbers, or texts without a comma"
                )),
            });
            Ok(items.collect::<Result<Vec<_>, _>>()?.join(","))
        }
        Value::Float(_) => Err(miette!("`{name}` cannot have a fraction")),
        Value::Table(_) => Err(miette!("`{name}` is not a table")),
    }
}

/// Returns a value as JSON whose members are sorted, so that their order in the file makes no difference.
fn json(value: &Value) -> Result<String, Report> {
    let mut json = serde_json::to_value(value).map_err(|error| miette!("the value is not JSON: {error}"))?;
    json.sort_all_objects();
    Ok(json.to_string())
}
