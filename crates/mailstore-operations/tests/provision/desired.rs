//! Invalid files get one clear message with a place.

use mailstore_operations::provision::Desired;

fn problem(toml: &str) -> String {
    Desired::from_toml(toml).unwrap_err().to_string()
}

#[test]
fn an_unknown_field_is_an_error_with_its_line() {
    let text = problem("version = 1\n[[user]]\nname = \"jane\"\nfullname = \"Jane\"\n");
    assert!(
        text.contains("line 4") && text.contains("unknown field `fullname`"),
        "{text}"
    );
}

#[test]
fn another_version_is_an_error() {
    assert!(problem("version = 2\n").contains("version 1"));
}

#[test]
fn one_user_in_two_cases_is_an_error_with_both_lines() {
    let text = problem("version = 1\n[[user]]\nname = \"jane\"\n\n[[user]]\nname = \"JANE\"\n");
    assert_eq!(text, "line 5, user `JANE`: the user is also in line 2");
}

#[test]
fn one_address_of_two_users_is_an_error() {
    let text = problem(
        "version = 1\n[[user]]\nname = \"a\"\nemails = [\"X@example.com\"]\n[[user]]\nname = \"b\"\nemails = [\"x@example.com\"]\n",
    );
    assert!(text.contains("also belongs to the user `a`"), "{text}");
}

#[test]
fn a_misspelt_privilege_is_an_error_with_a_suggestion() {
    let text = problem("version = 1\n[[user]]\nname = \"jane\"\nprivileges = [\"chagePassword\"]\n");
    assert!(text.contains("Did you mean `changePassword`?"), "{text}");
}

#[test]
fn admin_beside_another_privilege_is_an_error() {
    let text = problem("version = 1\n[[user]]\nname = \"jane\"\nprivileges = [\"admin\", \"login\"]\n");
    assert!(text.contains("`privileges`"), "{text}");
}

#[test]
fn an_absent_user_with_fields_is_an_error() {
    let text = problem("version = 1\n[[user]]\nname = \"jane\"\nstate = \"absent\"\nemails = []\n");
    assert!(text.contains("an absent user has no other fields"), "{text}");
}

#[test]
fn a_password_in_the_file_is_an_error_without_the_password() {
    let text = problem("version = 1\n[[user]]\nname = \"jane\"\npassword = \"hunter2\"\n");
    assert!(!text.contains("hunter2"), "{text}");
    let text = problem("version = 1\n[[profile]]\nname = \"p\"\ndetails = { password = \"hunter2\" }\n");
    assert!(
        text.contains("outside of `details`") && !text.contains("hunter2"),
        "{text}"
    );
}

#[test]
fn the_schema_describes_the_file() {
    let schema = serde_json::to_value(Desired::schema()).unwrap();
    assert!(schema.pointer("/properties/user").is_some(), "{schema}");
    assert_eq!(schema.pointer("/additionalProperties"), Some(&false.into()));
}
