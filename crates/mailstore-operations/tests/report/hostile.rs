//! Names that try to leave their place, and many customers.

use mailstore_operations::Reading;
use mailstore_operations::report::{csv, html, json};
use mailstore_operations::runs::Situation;
use mailstore_operations::snapshot::Snapshot;

use crate::made_up::{report, runs, snapshot};

const NAMES: [&str; 8] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "</style><b>",
    "=cmd|' /C calc'!A0",
    "\u{202e}gnp.exe",
    "شركة الأرشيف",
    "&lt;already&amp;",
    "line\nbreak\u{0}\u{1b}[31m",
];

/// A snapshot with the name in every place that a server fills.
fn hostile(number: usize, name: &str) -> Snapshot {
    let mut snapshot = snapshot(&format!("{name}{number}"), "2026-11-28", 5, 6, 7);
    snapshot.name = name.to_owned();
    snapshot.server = format!("https://{name}");
    snapshot.messages = Reading::not_read(name);
    let mut figures = runs(&[(Situation::Failed, 1)]);
    figures.troubled[0].name = name.to_owned();
    snapshot.profiles = Reading::Value(figures);
    if let Reading::Value(users) = &mut snapshot.users {
        users.without.push(name.to_owned());
    }
    snapshot
}

fn page(names: &[&str]) -> String {
    let all = names
        .iter()
        .enumerate()
        .map(|(number, name)| hostile(number, name));
    html(&report(all, 24))
}

#[test]
fn no_name_becomes_a_part_of_the_page() {
    let clean = page(&["a", "b", "c", "d", "e", "f", "g", "h"]);
    let page = page(&NAMES);
    // The same elements are in both pages.
    let elements = |page: &str| -> Vec<String> {
        let parts = page.split('<').skip(1);
        parts
            .map(|part| part.split([' ', '>']).next().unwrap().to_owned())
            .collect()
    };
    assert!(elements(&clean) == elements(&page), "{page}");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    for text in ["onerror=alert(1)>", "\u{202e}", "\u{0}", "\u{1b}"] {
        assert!(!page.contains(text), "{text:?}");
    }
    assert!(page.contains("شركة الأرشيف"));
}

#[test]
fn the_page_has_a_policy_and_nothing_that_could_be_requested() {
    let page = page(&["ACME"]);
    let policy = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">";
    assert_eq!(page.matches(policy).count(), 1);
    // The policy comes before everything that it forbids.
    assert!(page.find(policy) < page.find("<style>"));
    let rest = page.replace(policy, "");
    for text in [
        "http", "src=", "href", "url(", "@import", "<script", "<link", "<form", "<a ", "<base",
    ] {
        assert!(!rest.contains(text), "{text}");
    }
}

#[test]
fn no_cell_of_the_text_is_a_formula() {
    let all = NAMES
        .iter()
        .enumerate()
        .map(|(number, name)| hostile(number, name));
    let text = csv(&report(all, 24));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    for row in reader.records() {
        for cell in &row.unwrap() {
            assert!(!cell.trim_start().starts_with(['=', '+', '@', '-']), "{cell}");
        }
    }
    assert!(text.contains("\"'=cmd|' /C calc'!A0\""), "{text}");
}

#[test]
fn the_json_keeps_every_name() {
    let all = NAMES
        .iter()
        .enumerate()
        .map(|(number, name)| hostile(number, name));
    let value: serde_json::Value = serde_json::from_str(&json(&report(all, 24))).unwrap();
    let customers = value["customers"].as_array().unwrap();
    for name in NAMES {
        assert!(
            customers
                .iter()
                .any(|customer| customer["latest"]["name"] == name),
            "{name}"
        );
    }
}

#[test]
fn a_thousand_customers_are_all_in_the_page() {
    let all = (0..1000).map(|number| snapshot(&format!("c{number:04}"), "2026-11-28", 1, 1, 1));
    let report = report(all, 24);
    let page = html(&report);
    assert_eq!(page.matches("<th scope=\"row\"><bdi>").count(), 1000);
    assert_eq!(report.totals[0].users.sum, 1000);
    let long = "x".repeat(200);
    assert!(self::page(&[&long]).contains(&long));
}
