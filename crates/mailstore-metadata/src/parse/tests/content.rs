//! Tests of lists with invalid content.

use super::{assert_error, error};

#[test]
fn wrong_types() {
    let cases = [
        (
            r#"[[]]"#,
            "d:1:2: a function must be an object, but is an array",
            "[]: this is an array",
        ),
        (
            r#"[{"name":1}]"#,
            "d:1:10: \"name\" of a function must be a string, but is a number",
            "1: this is a number",
        ),
        (
            r#"[{"name":"F","args":{}}]"#,
            "d:1:21: \"args\" of function \"F\" must be an array, but is an object",
            "{}: this is an object",
        ),
        (
            r#"[{"name":"F","args":["x"]}]"#,
            "d:1:22: an argument of function \"F\" must be an object, but is a string",
            "\"x\": this is a string",
        ),
        (
            r#"[{"name":"F","args":[{"name":null}]}]"#,
            "d:1:30: \"name\" of an argument of function \"F\" must be a string, but is null",
            "null: this is null",
        ),
        (
            r#"[{"name":"F","args":[{"name":"a","type":true}]}]"#,
            "d:1:41: \"type\" of argument \"a\" of function \"F\" must be a string, but is a boolean",
            "true: this is a boolean",
        ),
        (
            r#"[{"name":"F","args":[{"name":"a","type":"json","nullable":null}]}]"#,
            "d:1:59: \"nullable\" of argument \"a\" of function \"F\" must be true or false, but is null",
            "null: this is null",
        ),
        (
            r#"[{"name":"F","path":1}]"#,
            "d:1:21: \"path\" of function \"F\" must be a string, but is a number",
            "1: this is a number",
        ),
    ];
    for (text, message, mark) in cases {
        assert_error(text, message, &[mark]);
    }
}

#[test]
fn missing_members() {
    let cases = [
        (
            r#"[{}]"#,
            "d:1:2: a function has no \"name\"",
            "{}: \"name\" is missing here",
        ),
        (
            r#"[{"name":"F","args":[{}]}]"#,
            "d:1:22: an argument of function \"F\" has no \"name\"",
            "{}: \"name\" is missing here",
        ),
        (
            r#"[{"name":"F","args":[{"name":"a"}]}]"#,
            "d:1:22: argument \"a\" of function \"F\" has no \"type\"",
            "{\"name\":\"a\"}: \"type\" is missing here",
        ),
        (
            r#"[{"name":"F","args":[{"name":"a","type":"json"}]}]"#,
            "d:1:22: argument \"a\" of function \"F\" has no \"nullable\"",
            "{\"name\":\"a\",\"type\":\"json\"}: \"nullable\" is missing here",
        ),
    ];
    for (text, message, mark) in cases {
        assert_error(text, message, &[mark]);
    }
}

#[test]
fn members_that_occur_twice() {
    assert_error(
        r#"[{"name":"F","n\u0061me":"F"}]"#,
        "d:1:14: \"name\" occurs twice in a function",
        &["\"name\": first here", "\"n\\u0061me\": here again"],
    );
    assert_error(
        r#"[{"name":"F","args":[{"x":1,"x":1}]}]"#,
        "d:1:29: \"x\" occurs twice in an argument of function \"F\"",
        &["\"x\": first here", "\"x\": here again"],
    );
}

#[test]
fn functions_and_arguments_that_are_listed_twice() {
    assert_error(
        "[{\"name\":\"F\"},\n{\"name\":\"G\"},\n{\"name\":\"F\"}]",
        "d:3:9: function \"F\" is listed twice",
        &["\"F\": first listed here", "\"F\": listed again here"],
    );
    assert_error(
        r#"[{"name":"F","args":[{"name":"a","type":"json","nullable":true},{"name":"a"}]}]"#,
        "d:1:73: argument \"a\" of function \"F\" is listed twice",
        &["\"a\": first listed here", "\"a\": listed again here"],
    );
}

#[test]
fn unknown_types() {
    for word in ["String", "integer", ""] {
        assert_error(
            &format!(r#"[{{"name":"F","args":[{{"name":"a","type":"{word}","nullable":true}}]}}]"#),
            &format!("d:1:41: argument \"a\" of function \"F\" has the unknown type {word:?}"),
            &[&format!("{word:?}: unknown type")],
        );
    }
}

#[test]
fn invalid_names() {
    assert_error(
        r#"[{"name":""}]"#,
        "d:1:10: the name \"\" of a function is empty",
        &["\"\": invalid name"],
    );
    assert_error(
        "[{\"name\":\"\u{e4}b c\"}]",
        "d:1:11: the name \"\u{e4}b c\" of a function contains the character '\u{e4}' (U+00E4)",
        &["\u{e4}: not allowed in a name"],
    );
    assert_error(
        r#"[{"name":"a\nb"}]"#,
        "d:1:10: the name \"a\\nb\" of a function contains the character '\\n' (U+000A)",
        &["\"a\\nb\": not allowed in a name"],
    );
    assert_error(
        r#"[{"name":"F","args":[{"name":"../x"}]}]"#,
        "d:1:33: the name \"../x\" of an argument of function \"F\" contains the character '/' (U+002F)",
        &["/: not allowed in a name"],
    );
    assert_error(
        r#"[{"name":".."}]"#,
        "d:1:10: the name \"..\" of a function starts with '.'",
        &["\"..\": invalid name"],
    );
    let long = error(format!(r#"[{{"name":"{}"}}]"#, "x".repeat(300))).to_string();
    assert!(
        long.ends_with("xxx...\" of a function has 300 characters; the maximum is 255"),
        "{long}"
    );
}

#[test]
fn invalid_paths() {
    assert_error(
        r#"[{"name":"F","path":"/api/"}]"#,
        "d:1:21: the path \"/api/\" of function \"F\" starts with a slash",
        &["\"/api/\": invalid path"],
    );
    assert_error(
        r#"[{"name":"F","path":"api/../x/"}]"#,
        "d:1:21: the path \"api/../x/\" of function \"F\" has a part that starts with '.'",
        &["\"api/../x/\": invalid path"],
    );
}
