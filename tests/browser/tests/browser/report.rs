//! The page of the report in Chromium.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use mailstore_api::civil;
use mailstore_operations::Reading;
use mailstore_operations::snapshot::Snapshot;
use serde_json::{Value, json};

use crate::history::{example, page, snapshot};
use crate::script::run;

/// The width of the text of an A4 page with the margins of the report, in pixels of CSS.
const A4: u32 = 703;

/// Names that try to leave their place or to be wider than the page.
fn hostile_names() -> Vec<String> {
    let long = "W".repeat(200);
    let mut names: Vec<String> = [
        "<script>document.title = 'ran'; alert(1)</script>",
        "\"><img src=https://example.com/x onerror=alert(1)>",
        "</style></table></main><iframe src=//example.com></iframe>",
        "=cmd|' /C calc'!A0",
        "\u{202e}gnp.exe\u{2066}",
        "شركة الأرشيف الطويلة جدا للبريد الإلكتروني",
        "家族👨‍👩‍👧‍👦企業🏴󠁧󠁢󠁳󠁣󠁴󠁿",
        "zero\u{200b}width\u{200d}\u{feff}\u{00ad}name",
        "line\nbreak\u{0}\u{1b}[31m\u{7}\u{9b}",
        "Z\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}algo",
        "",
        " ",
        "$archiveadmin",
    ]
    .map(str::to_owned)
    .to_vec();
    names.push(long);
    names.push("a word and another ".repeat(12));
    names
}

/// A history with the names in every place that a server fills.
fn hostile() -> Vec<Snapshot> {
    let day = civil::date(2026, 11, 28);
    let mut all = example();
    for (number, name) in hostile_names().iter().enumerate() {
        let mut one = snapshot(
            &format!("{name}{number}"),
            name,
            day,
            u64::MAX / 1000,
            i64::MAX / 1000,
            6,
        );
        let troubled = example().into_iter().find_map(|other| match other.profiles {
            Reading::Value(figures) if !figures.troubled.is_empty() => Some(figures),
            _ => None,
        });
        let mut troubled = troubled.unwrap();
        for one in &mut troubled.troubled {
            one.name.clone_from(name);
        }
        one.profiles = Reading::Value(troubled);
        one.server = format!("https://{name}");
        one.messages = Reading::not_read(name);
        if let Reading::Value(users) = &mut one.users {
            users.without.push(name.clone());
        }
        all.push(one);
    }
    all
}

fn many(customers: usize) -> Vec<Snapshot> {
    let months = (9..=11).map(|month| civil::date(2026, month, 28));
    months
        .flat_map(|day| {
            (0..customers).map(move |number| {
                let messages = 40_000 + 7_919 * (number as i64 % 997);
                let name = format!("Customer {number} of the Example Company");
                snapshot(
                    &format!("customer-{number}"),
                    &name,
                    day,
                    3 + number as u64 % 90,
                    messages,
                    messages / 5,
                )
            })
        })
        .collect()
}

/// What Chromium showed and did for all pages in all forms.
fn seen() -> &'static Value {
    static SEEN: OnceLock<Value> = OnceLock::new();
    SEEN.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, history: Vec<Snapshot>| {
            let file = folder.path().join(name);
            fs::write(&file, page(history)).unwrap();
            file
        };
        let files = [
            write("example.html", example()),
            write("hostile.html", hostile()),
            write("0.html", Vec::new()),
            write("1.html", many(1)),
            write("50.html", many(50)),
            write("1000.html", many(1000)),
        ];
        let mut forms = Vec::new();
        for scheme in ["light", "dark"] {
            for width in [360, 800, 1600] {
                forms.push(json!({ "media": "screen", "scheme": scheme, "width": width }));
            }
            // A dark browser prints on white paper too.
            forms.push(json!({ "media": "print", "scheme": scheme, "width": A4 }));
        }
        run("report.js", &json!({ "files": files, "forms": forms }))
    })
}

/// The pages that were opened as files: a name for messages, and what was seen.
fn opened() -> impl Iterator<Item = (String, &'static Value)> {
    let all = seen()["opened"].as_array().unwrap();
    assert_eq!(all.len(), 6 * 8);
    all.iter()
        .map(|one| (format!("{} {}", name(&one["file"]), one["form"]), one))
}

fn name(file: &Value) -> String {
    let name = Path::new(file.as_str().unwrap()).file_name().unwrap();
    name.to_string_lossy().into_owned()
}

fn is_empty(list: &Value) -> bool {
    list.as_array().unwrap().is_empty()
}

#[test]
fn the_page_requests_nothing() {
    for (form, page) in opened() {
        let requests = page["requests"].as_array().unwrap();
        assert_eq!(requests.len(), 1, "{form}: {requests:?}");
        assert!(
            requests[0].as_str().unwrap().starts_with("GET file://"),
            "{requests:?}"
        );
    }
    for page in seen()["asked"].as_array().unwrap() {
        assert_eq!(page["asked"], json!(["GET /report.html"]), "{}", page["file"]);
        assert_eq!(page["requests"].as_array().unwrap().len(), 1, "{page}");
        assert!(
            is_empty(&page["violations"]) && is_empty(&page["console"]),
            "{page}"
        );
    }
}

#[test]
fn the_page_runs_nothing_and_violates_no_policy() {
    for (form, page) in opened() {
        for what in ["violations", "console", "active"] {
            assert!(is_empty(&page[what]), "{form}: {what}: {}", page[what]);
        }
    }
}

#[test]
fn nothing_is_wider_than_its_place_on_screens_and_on_paper() {
    for (form, page) in opened() {
        assert!(is_empty(&page["overflows"]), "{form}: {:#}", page["overflows"]);
    }
}

#[test]
fn every_text_has_enough_contrast() {
    for (form, page) in opened() {
        let contrasts = &page["contrasts"];
        assert!(contrasts["texts"].as_u64().unwrap() > 5, "{form}");
        assert!(is_empty(&contrasts["low"]), "{form}: {:#}", contrasts["low"]);
    }
}

#[test]
fn printed_tables_repeat_their_header_and_keep_rows_whole() {
    let mut tables = 0;
    for (form, page) in opened().filter(|(_, page)| page["form"]["media"] == "print") {
        for table in page["tables"].as_array().unwrap() {
            assert_eq!(
                table,
                &json!({ "header": "table-header-group", "row": "avoid" }),
                "{form}"
            );
            tables += 1;
        }
    }
    assert!(tables > 20, "{tables}");
}
