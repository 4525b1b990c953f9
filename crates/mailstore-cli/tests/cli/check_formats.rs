//! The formats of `mailstore check`, with hostile names.

use mailstore_sim::Edition;
use serde_json::{Value, json};

use crate::check_scenes::{Scene, profile, run as profile_run};
use crate::support::{Server, run};

/// A name with every character that a format uses.
const NAME: &str = "a|b='c'\n\"d\"\\ \u{1b}[2J #{e}";

fn server() -> Server {
    let profiles = json!([profile(1, NAME, true), profile(2, "Joe", true)]);
    let runs = json!([profile_run(1, "x|y\nz", 1), profile_run(2, "succeeded", 1)]);
    let results = vec![("GetProfiles", profiles), ("GetWorkerResults", runs)];
    Scene::new(Edition::Server, results, &[]).server
}

fn output(server: &Server, format: &str, arguments: &[&str]) -> String {
    let arguments = [&["--format", format, "--each"], arguments].concat();
    let ran = run(&mut server.command(&server.with_trust("check profiles", &arguments)));
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(!ran.stdout.contains('\u{1b}') && ran.stderr.is_empty(), "{ran:?}");
    ran.stdout
}

#[test]
fn text_from_the_server_breaks_neither_the_line_nor_the_performance_data() {
    let text = output(&server(), "nagios", &[]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    let bars: Vec<usize> = lines.iter().map(|line| line.matches('|').count()).collect();
    assert_eq!(bars, [1, 0, 0], "{text}");
    let (sentence, figures) = lines[0].split_once(" | ").unwrap();
    assert!(sentence.starts_with("UNKNOWN - profile 1 a/b='c'\\n"), "{text}");
    assert!(sentence.contains("the unknown result `x/y\\nz`"), "{text}");
    // The quotes in the label are doubled, and it has no `=`.
    assert!(figures.contains(" 'profile 1 a/b-''c''\\n"), "{text}");
    assert!(figures.contains(" 'profile 2 Joe archived'=11"), "{text}");
}

#[test]
fn prtg_reads_channels_with_limits() {
    let server = server();
    let sensor: Value = serde_json::from_str(&output(&server, "prtg", &[])).unwrap();
    let channels = sensor["prtg"]["result"].as_array().unwrap();
    assert_eq!(channels[0]["channel"], "state");
    assert_eq!(channels[0]["value"], 3);
    assert_eq!(channels[0]["limitmaxerror"], 1);
    let failed = channels
        .iter()
        .find(|channel| channel["channel"] == "failed")
        .unwrap();
    assert_eq!(
        (&failed["value"], &failed["limitmaxerror"]),
        (&json!(0), &json!(0))
    );
    let text = sensor["prtg"]["text"].as_str().unwrap();
    // PRTG ends a message at this sign.
    assert!(text.starts_with("UNKNOWN - ") && !text.contains('#'), "{text}");

    let sensor: Value = serde_json::from_str(&output(&server, "prtg", &["--user", "eve"])).unwrap();
    assert_eq!(sensor["prtg"]["error"], 1);
    assert!(
        sensor["prtg"]["text"]
            .as_str()
            .unwrap()
            .contains("rejected the credentials"),
        "{sensor}"
    );
}

#[test]
fn zabbix_reads_an_object_and_discovers_items() {
    let object: Value = serde_json::from_str(&output(&server(), "zabbix", &[])).unwrap();
    assert_eq!(
        (&object["state"], &object["metrics"]["other_result"]),
        (&json!(3), &json!(1))
    );
    let items = object["items"].as_array().unwrap();
    assert_eq!(
        (&items[1]["{#ID}"], &items[1]["{#NAME}"]),
        (&json!("2"), &json!("Joe"))
    );
    assert_eq!(
        (&items[1]["id"], &items[1]["state"], &items[1]["archived"]),
        (&json!("2"), &json!(0), &json!(11))
    );
}

#[test]
fn prometheus_reads_escaped_labels_and_each_metric_once() {
    let server = server();
    let text = output(&server, "prometheus", &[]);
    let mut types: Vec<&str> = text.lines().filter(|line| line.starts_with("# TYPE ")).collect();
    let count = types.len();
    types.dedup();
    assert_eq!(types.len(), count);
    let mut series: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    for line in &series {
        let (labels, value) = line.rsplit_once("} ").unwrap();
        assert!(value.parse::<f64>().is_ok(), "{line}");
        // Without the escaped characters, quotes come in pairs.
        let plain = labels.replace(r"\\", "").replace("\\\"", "");
        assert_eq!(plain.matches('"').count() % 2, 0, "{line}");
    }
    let url = server.simulator.url();
    let state = format!("mailstore_check_state{{check=\"profiles\",server=\"{url}\"}} 3");
    assert!(series.contains(&state.as_str()), "{text}");
    series.sort_unstable();
    series.dedup_by_key(|line| line.rsplit_once(' ').unwrap().0);
    assert_eq!(
        series.len(),
        text.lines().count() - count,
        "a series is written twice"
    );
}

#[test]
fn json_contains_the_whole_report() {
    let report: Value = serde_json::from_str(&output(&server(), "json", &[])).unwrap();
    assert_eq!(
        (&report["check"], &report["state"], &report["exitCode"]),
        (&json!("profiles"), &json!("UNKNOWN"), &json!(3))
    );
    assert_eq!(report["items"].as_array().unwrap().len(), 2);
    assert_eq!(
        report["items"][1]["metrics"][0]["criticalAbove"],
        json!(26 * 3600 + 300)
    );
}
