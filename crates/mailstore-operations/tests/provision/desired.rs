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

fn csv_problem(text: &str) -> String {
    Desired::from_csv(text).unwrap_err().to_string()
}

#[test]
fn users_in_csv_are_the_users_in_toml() {
    let csv = Desired::from_csv(
        "\u{feff}name,emails,privileges,full-name,own-archive,state,password-env\r\njane,a@example.com; b@example.com,none,\"Doe, Jane\",read,,JANE\r\n\r\njoe,,,,,absent,\r\n",
    );
    let toml = Desired::from_toml(
        "version = 1\n[[user]]\nname = \"jane\"\nemails = [\"a@example.com\", \"b@example.com\"]\nprivileges = []\nfull-name = \"Doe, Jane\"\nown-archive = [\"read\"]\npassword = { env = \"JANE\" }\n[[user]]\nname = \"joe\"\nstate = \"absent\"\n",
    );
    let users = |desired: Desired| {
        let users = desired.users.iter().map(|user| format!("{:?}", user.get_ref()));
        users.collect::<Vec<String>>()
    };
    assert_eq!(users(csv.unwrap()), users(toml.unwrap()));
}

#[test]
fn wrong_csv_is_an_error_with_its_line() {
    assert_eq!(
        csv_problem("name,emial\n"),
        "line 1: unknown column `emial`. Did you mean `emails`?"
    );
    assert_eq!(csv_problem("emails\n"), "line 1: the column `name` is missing");
    assert_eq!(csv_problem(""), "line 1: the column `name` is missing");
    assert_eq!(
        csv_problem("name,name\n"),
        "line 1: the column `name` occurs twice"
    );
    assert_eq!(
        csv_problem("name,emails\njane\n"),
        "line 2: the line has 1 cells, but the header has 2"
    );
    assert_eq!(
        csv_problem("name\njane\n\nJANE\n"),
        "line 4, user `JANE`: the user is also in line 2"
    );
}

#[test]
fn a_csv_file_without_users_changes_nothing() {
    assert!(Desired::from_csv("name,state\n").unwrap().users.is_empty());
}

#[test]
fn a_profile_is_named_either_with_owners_or_without() {
    let file = "version = 1\n[[profile]]\nname = \"P\"\nstate = \"absent\"\n[[profile]]\nname = \"P\"\nowner = \"jane\"\n";
    let problem = Desired::from_toml(file).unwrap_err().to_string();
    assert!(problem.starts_with("line 5, profile `P`"), "{problem}");
}

#[test]
fn a_word_of_a_list_is_one_word() {
    let file = "version = 1\n[[user]]\nname = \"a\"\nprivileges = [\"login,archive\"]\n";
    let problem = Desired::from_toml(file).unwrap_err().to_string();
    assert!(problem.contains("login,archive"), "{problem}");
}

#[test]
fn one_archive_is_in_a_file_once() {
    let file = "version = 1\n[[user]]\nname = \"a\"\nfolders = { \"B\" = [\"read\"], \"b\" = [] }\n";
    let problem = Desired::from_toml(file).unwrap_err().to_string();
    assert!(problem.contains("twice"), "{problem}");
}

#[test]
fn passwords_are_found_within_details() {
    for details in ["proxy = { Password = \"hunter2\" }", "clientSecret = \"hunter2\""] {
        let file = format!("version = 1\n[[profile]]\nname = \"P\"\ndetails = {{ {details} }}\n");
        let problem = Desired::from_toml(&file).unwrap_err().to_string();
        assert!(
            problem.contains("secret") && !problem.contains("hunter2"),
            "{problem}"
        );
    }
}

#[test]
fn arguments_of_a_command_are_not_in_debug_output() {
    let source = mailstore_operations::provision::SecretSource::Command {
        command: vec!["vault".into(), "hunter2".into()],
    };
    assert!(!format!("{source:?}").contains("hunter2"));
}

#[test]
fn values_beside_none_and_cells_of_semicolons_are_refused_with_their_place() {
    for (cell, problem) in [
        (
            "none;a@example.com",
            "`none` removes all values, so no other value can be beside it",
        ),
        (
            "a@example.com; None",
            "`none` removes all values, so no other value can be beside it",
        ),
        (";", "there are only semicolons"),
    ] {
        let text = format!("name,emails\njohn,j@example.com\njane,{cell}\n");
        let error = Desired::from_csv(&text).unwrap_err().to_string();
        assert!(error.starts_with("line 3: column `emails`: "), "{error}");
        assert!(error.contains(problem), "{error}");
    }
    for cell in ["none", "None", "none;"] {
        let text = format!("name,emails\njane,{cell}\n");
        let desired = Desired::from_csv(&text).unwrap();
        assert_eq!(desired.users[0].get_ref().emails, Some(Vec::new()), "{cell}");
    }
    for list in [
        "privileges = [\"none\", \"login\"]",
        "privileges = [\"admin\", \"login\"]",
        "own-archive = [\"none\", \"read\"]",
    ] {
        let text = format!("version = 1\n[[user]]\nname = \"jane\"\n{list}\n");
        let error = Desired::from_toml(&text).unwrap_err().to_string();
        assert!(error.starts_with("line 2, user `jane`: "), "{error}");
    }
}
