//! The benchmark `operations` with small numbers. Its figures are not judged, because tests run without optimizations.
#![cfg(target_os = "linux")]

use std::process::Command;

#[test]
fn every_operation_does_its_work_and_has_its_figures() {
    let output = Command::new(env!("CARGO_BIN_EXE_mailstore-bench"))
        .args(["--part", "operations", "10", "3", "40"])
        .output()
        .unwrap();
    let problem = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{problem}");
    let rows: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), 15, "{rows:#?}");
    for name in ["snapshot", "report", "export", "audit", "plan"] {
        let figures = |what: &str| {
            let what = format!("operations: {name}, {what}");
            let row = rows.iter().find(|row| row["what"] == what);
            let row = row.unwrap_or_else(|| panic!("{what}: {rows:#?}"));
            (row["ours"].as_f64().unwrap(), row["peer"].as_f64().unwrap())
        };
        let (time, _) = figures("time");
        let (cpu, _) = figures("CPU");
        assert!(time > 0.0 && cpu > 0.0, "{name}: {time}, {cpu}");
        // Every program needs a megabyte, and ten times the memory for one instance is more than that for ten.
        let (memory, linear) = figures("peak memory");
        assert!(memory > 1.0 && memory < linear, "{name}: {memory}, {linear}");
    }
}
