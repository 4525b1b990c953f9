//! Tests of logs that are returned in several updates.

use super::*;

#[test]
fn a_long_log_is_returned_in_parts() {
    let line = "0123456789\r\n";
    let long = line.repeat(3 * LONGEST_LOG / line.len());
    for end in ["running", "succeeded", "failed"] {
        let mut poller = started("one\r\n");
        assert_eq!(log(&mut poller), "one\r\n");
        poller.on_reply(polled(end, 9, &long, WAIT), AT_ONCE);
        let (mut joined, mut lines, mut parts) = (String::new(), 0, 0);
        while let Step::Yield(update) = poller.next(AT_ONCE) {
            joined.push_str(update.log());
            lines += update.lines().len();
            parts += 1;
            assert!(update.log().len() <= LONGEST_LOG && update.version() == 9);
            let is_last = joined.len() == long.len();
            let version = poller.token().unwrap().version;
            assert_eq!(
                version,
                if is_last { 9 } else { 3 },
                "a resumed task gets all parts"
            );
            let status = if is_last { end } else { "running" };
            assert_eq!(update.status().as_str(), status);
        }
        assert!(parts > 3 && joined == long && lines == long.lines().count());
        if end == "failed" {
            let error = poller.outcome().unwrap().unwrap_err();
            let ErrorKind::Failed(failure) = error.kind() else {
                panic!("{error}")
            };
            assert_eq!(
                failure.log_tail.len() as u64 + failure.log_dropped,
                lines as u64 + 1
            );
        }
    }
}
