//! The README and the guide to server upgrades quote the current output of commands.

use std::process::Command;

use crate::programs::{programs, root};

fn read(path: &str) -> String {
    let text = std::fs::read_to_string(root().join(path)).expect(path);
    text.replace("\r\n", "\n")
}

/// The commands in the `console` blocks, and the lines that are quoted below each of them.
fn quoted(guide: &str) -> Vec<(String, Vec<String>)> {
    let mut commands: Vec<(String, Vec<String>)> = Vec::new();
    let blocks = guide.split("```console\n").skip(1);
    for line in blocks.flat_map(|block| block.split("```").next().unwrap_or_default().lines()) {
        match line.strip_prefix("$ mailstore ") {
            Some(arguments) => commands.push((arguments.to_owned(), Vec::new())),
            None => commands
                .last_mut()
                .expect("a block begins with a command")
                .1
                .push(line.to_owned()),
        }
    }
    commands
}

#[test]
fn the_guide_quotes_the_output_of_the_commands() {
    let guide = read("docs/server-upgrades.md");
    let commands = quoted(&guide);
    assert!(commands.len() >= 4, "too few examples were found");
    for (arguments, lines) in commands {
        let output = Command::new(&programs()["mailstore"])
            .args(arguments.split(' '))
            .current_dir(root())
            .env("NO_COLOR", "1")
            .output()
            .expect("it runs");
        let printed = String::from_utf8(output.stdout).expect("text");
        let mut rest = printed.lines();
        let mut gap = false;
        for line in lines {
            if line == "..." {
                gap = true;
                continue;
            }
            let found = if gap {
                rest.by_ref().find(|found| *found == line)
            } else {
                rest.next()
            };
            assert_eq!(found, Some(line.as_str()), "mailstore {arguments}\n{printed}");
            gap = false;
        }
        assert!(
            gap || rest.next().is_none(),
            "the guide does not quote the whole output of mailstore {arguments}"
        );
    }
}

#[test]
fn the_readme_contains_the_current_coverage() {
    let output = Command::new(&programs()["mailstore"])
        .arg("coverage")
        .current_dir(root())
        .output()
        .expect("it runs");
    let printed = String::from_utf8(output.stdout).expect("text");
    assert!(
        read("README.md").contains(printed.trim()),
        "the README must contain this table:\n{printed}"
    );
}

/// The compile-fail tests contain the message of the compiler.
#[test]
fn the_guide_quotes_the_message_of_the_compiler() {
    let guide = read("docs/server-upgrades.md");
    let snapshot = read("tests/tests/compile_fail/program_for_server_9.snap");
    let (_, kept) = snapshot[3..]
        .split_once("---\n")
        .expect("a snapshot has a header");
    let start = guide.find("error[E0061]").expect("the guide quotes the compiler");
    let quote = guide[start..].split("```").next().expect("the block ends");
    assert!(kept.starts_with(quote.trim_end()), "{quote}");
}
