//! The proxy settings of the environment, in child processes.

use super::certificates::builder;
use super::observe::{Called, kind};
use super::proxies::NAME;
use super::table::Table;

/// The variable that tells the child process of a test which builder to use.
const CHILD: &str = "PROXY_OF_CHILD";

/// Prints the cause of a failed connection, in a child process with proxies in its environment.
#[tokio::test]
async fn the_proxy_of_the_environment_is_used_unless_the_builder_says_otherwise() {
    if let Ok(setting) = std::env::var(CHILD) {
        let builder = match setting.as_str() {
            "none" => builder(NAME).no_proxy(),
            "given" => builder(NAME).proxy("http://127.0.0.1:2"),
            "last wins" => builder(NAME).no_proxy().proxy("http://127.0.0.1:2"),
            _ => builder(NAME),
        };
        let error = Called::Read.call(&builder.build().unwrap()).await.unwrap();
        let proxy = ["1", "2"]
            .into_iter()
            .find(|port| error.to_string().contains(&format!("http://127.0.0.1:{port}:")));
        println!("seen={}, proxy {}", kind(&error), proxy.unwrap_or("none"));
        return;
    }
    let mut table = Table::new("proxies of the environment");
    let dead = "http://127.0.0.1:1";
    for (attack, setting, environment, expected) in [
        ("no variable", "default", vec![], "Dns, proxy none"),
        (
            "HTTPS_PROXY",
            "default",
            vec![("HTTPS_PROXY", dead)],
            "Proxy, proxy 1",
        ),
        (
            "https_proxy",
            "default",
            vec![("https_proxy", dead)],
            "Proxy, proxy 1",
        ),
        (
            "ALL_PROXY",
            "default",
            vec![("ALL_PROXY", dead)],
            "Proxy, proxy 1",
        ),
        (
            "HTTP_PROXY is for other servers",
            "default",
            vec![("HTTP_PROXY", dead)],
            "Dns, proxy none",
        ),
        (
            "NO_PROXY with the host",
            "default",
            vec![("HTTPS_PROXY", dead), ("NO_PROXY", "a, archive.invalid")],
            "Dns, proxy none",
        ),
        (
            "NO_PROXY with its domain",
            "default",
            vec![("HTTPS_PROXY", dead), ("NO_PROXY", ".invalid")],
            "Dns, proxy none",
        ),
        (
            "NO_PROXY with *",
            "default",
            vec![("HTTPS_PROXY", dead), ("NO_PROXY", "*")],
            "Dns, proxy none",
        ),
        (
            "NO_PROXY with another host",
            "default",
            vec![("HTTPS_PROXY", dead), ("NO_PROXY", "other.invalid")],
            "Proxy, proxy 1",
        ),
        (
            "`no_proxy` on the builder",
            "none",
            vec![("HTTPS_PROXY", dead)],
            "Dns, proxy none",
        ),
        (
            "`proxy` on the builder",
            "given",
            vec![("HTTPS_PROXY", dead)],
            "Proxy, proxy 2",
        ),
        (
            "`proxy` on the builder, and NO_PROXY",
            "given",
            vec![("NO_PROXY", "*")],
            "Proxy, proxy 2",
        ),
        (
            "`no_proxy`, then `proxy`",
            "last wins",
            vec![("HTTPS_PROXY", dead)],
            "Proxy, proxy 2",
        ),
    ] {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        child.args([
            "--exact",
            "trust::proxy_environment::the_proxy_of_the_environment_is_used_unless_the_builder_says_otherwise",
            "--nocapture",
        ]);
        for name in ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"] {
            child.env_remove(name).env_remove(name.to_lowercase());
        }
        let output = child.env(CHILD, setting).envs(environment).output().unwrap();
        let output = String::from_utf8_lossy(&output.stdout).into_owned();
        let seen = output
            .lines()
            .find_map(|line| line.split_once("seen="))
            .map(|(_, seen)| seen.to_owned());
        table.equal(attack, expected, seen.unwrap_or(output));
    }
    table.assert_all_held();
}
