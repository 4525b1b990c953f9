//! Calls in a real terminal: the progress bar, Ctrl-C, tables and colours.

use std::process::Command;

use crate::pty::Terminal;
use crate::support::Server;

/// What the shell prints if the settings of the terminal are those from before the command.
const RESTORED: &str = "the terminal is restored";

/// Runs a command line of `mailstore` in a shell, which then compares the settings of the terminal.
fn in_shell(server: &Server, words: &[&str]) -> Terminal {
    let command = server.command(words);
    let line = shlex::try_join(
        [command.get_program()]
            .into_iter()
            .chain(command.get_args())
            .map(|word| word.to_str().unwrap()),
    )
    .unwrap();
    let mut shell = Command::new("sh");
    // The shell waits for the command after Ctrl-C.
    let script = format!(
        "trap : INT; before=$(stty -g); {line}; code=$?; [ $before = $(stty -g) ] && echo {RESTORED}; exit $code"
    );
    shell.args(["-c", &script]);
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell.env("TERM", "xterm").env_remove("NO_COLOR");
    Terminal::start(shell)
}

fn verify(server: &Server) -> Terminal {
    let words = server.with_trust("call", &["VerifyStore", "id=1", "includeIndexes=false"]);
    in_shell(server, &words)
}

#[test]
fn a_bar_is_drawn_below_the_log_and_ctrl_c_cancels_the_call() {
    let server = Server::start();
    let mut terminal = verify(&server);
    terminal.expect("VerifyStore [00:00:");
    terminal.expect("0 %");
    terminal.expect("Verifying file group #1...");
    // The bar is drawn again below the line.
    terminal.expect("VerifyStore [00:00:");
    terminal.press_ctrl_c();
    terminal.expect("Asking the server to cancel the call. Press Ctrl-C to leave it running.");
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(7), "{shown}");
    assert!(shown.contains(RESTORED), "{shown}");
    // The bar is removed at the end.
    let end = shown
        .rsplit_once("The operation was cancelled")
        .map_or("", |(_, end)| end);
    assert!(!end.contains("VerifyStore ["), "{shown}");
}

#[test]
fn a_second_ctrl_c_leaves_the_call_running_and_says_how_to_return() {
    let server = Server::start();
    let mut terminal = verify(&server);
    terminal.expect("Verifying file group #1...");
    server
        .simulator
        .inject("cancel stall-before".parse().unwrap())
        .unwrap();
    terminal.press_ctrl_c();
    terminal.expect("Asking the server to cancel the call.");
    terminal.press_ctrl_c();
    terminal.expect("mailstore tasks watch");
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(7), "{shown}");
    assert!(shown.contains(&server.token_file()), "{shown}");
    assert!(shown.contains(RESTORED), "{shown}");
}

#[test]
fn a_terminal_gets_tables_and_colours() {
    let server = Server::start();
    let (code, shown) = in_shell(&server, &server.with_trust("stores list", &[])).end();
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains("2.36 GiB") && !shown.contains('{'), "{shown}");
    let words = server.with_trust("stores list", &["-o", "json"]);
    let (_, shown) = in_shell(&server, &words).end();
    assert!(shown.contains("\u{1b}[36m\"id\"\u{1b}[0m: 1"), "{shown:?}");
}

#[test]
fn a_dangerous_call_is_confirmed_by_typing_its_target() {
    let server = Server::start();
    for (typed, code, starts) in [("ana", 3, 0), ("anna", 0, 1)] {
        let words = server.with_trust("users create", &["anna", "none"]);
        let _ = crate::support::run(&mut server.command(&words));
        let words = server.with_trust("users delete", &["anna"]);
        let mut terminal = in_shell(&server, &words);
        terminal.expect("Type `anna` to continue:");
        terminal.type_line(typed);
        let (ended, shown) = terminal.end();
        assert_eq!(ended, Some(code), "{shown}");
        assert_eq!(server.simulator.starts("DeleteUser"), starts);
    }
}
