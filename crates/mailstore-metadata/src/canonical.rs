//! Writes dumps in canonical form: functions sorted, one per line, so that a line diff can compare two dumps.

use crate::function::{Argument, Function};

/// Writes functions. They must be sorted, and their names must be checked.
///
/// The order of members is `name`, `args` (`name`, `type`, `nullable`), `path`. `path` is written only if the
/// function has one.
pub(crate) fn write(functions: &[Function]) -> String {
    let lines: Vec<String> = functions.iter().map(function).collect();
    let newline = if lines.is_empty() { "" } else { "\n" };
    format!("[\n{}{newline}]\n", lines.join(",\n"))
}

fn function(function: &Function) -> String {
    let arguments: Vec<String> = function.arguments.iter().map(argument).collect();
    let path = match &function.path {
        Some(path) => format!(r#", "path": {}"#, string(path)),
        None => String::new(),
    };
    format!(
        r#"  {{"name": {}, "args": [{}]{path}}}"#,
        string(&function.name),
        arguments.join(", ")
    )
}

fn argument(argument: &Argument) -> String {
    let Argument { name, kind, nullable } = argument;
    format!(
        r#"{{"name": {}, "type": "{kind}", "nullable": {nullable}}}"#,
        string(name)
    )
}

/// Quotes a name or a path. [`crate::name`] has checked it, so none of its characters needs an escape in JSON.
fn string(text: &str) -> String {
    format!("\"{text}\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::function::ArgumentKind;

    #[test]
    fn a_dump_without_functions_is_two_lines() {
        assert_eq!(write(&[]), "[\n]\n");
    }

    #[test]
    fn every_function_is_on_its_own_line() {
        let id = Argument {
            name: "id".to_owned(),
            kind: ArgumentKind::Number,
            nullable: false,
        };
        let all = Argument {
            name: "all".to_owned(),
            kind: ArgumentKind::Bool,
            nullable: true,
        };
        let functions = [
            Function {
                name: "A".to_owned(),
                arguments: vec![],
                path: None,
            },
            Function {
                name: "B".to_owned(),
                arguments: vec![id, all],
                path: Some("api/".to_owned()),
            },
        ];
        assert_eq!(
            write(&functions),
            r#"[
  {"name": "A", "args": []},
  {"name": "B", "args": [{"name": "id", "type": "number", "nullable": false}, {"name": "all", "type": "bool", "nullable": true}], "path": "api/"}
]
"#
        );
    }
}
