//! The responses that need much memory, and the calls that get them.

use mailstore_metadata::Dump;

use crate::support::answer::{http, ok};

pub(super) const MIB: usize = 1024 * 1024;

/// The default limit of a response. A call may need 32 MiB more.
const DEFAULT: Limit = Limit {
    response: 64 * MIB,
    margin: 32 * MIB,
};

/// A smaller limit, because unoptimized code needs seconds for a large response. The margin is small too: a call with a
/// small response needs about 10 MiB, so a second copy of the response is noticed.
const SMALL: Limit = Limit {
    response: 8 * MIB,
    margin: 15 * MIB,
};

/// The limit for function lists, which have at most [`Dump::MAX_BYTES`]. The error contains a copy of the list.
const LIST: Limit = Limit {
    response: 17 * MIB,
    margin: 32 * MIB,
};

#[derive(Clone, Copy)]
pub(super) struct Limit {
    pub(super) response: usize,
    pub(super) margin: usize,
}

/// A response and the call that gets it.
pub(super) struct Case {
    pub(super) attack: &'static str,
    pub(super) limit: Limit,
    /// The outcome of the call.
    pub(super) outcome: &'static str,
    /// Makes the response for a limit.
    pub(super) response: fn(usize) -> Vec<u8>,
    pub(super) call: Call,
}

pub(super) enum Call {
    /// A call whose result is ignored.
    Unit,
    /// A call whose result is any JSON.
    Json,
    /// A call whose result is a list of users.
    Users,
    /// A call with a log, which counts the lines of its updates.
    Log,
    /// A request for the function list, which is parsed.
    Functions,
}

/// Returns the response with this envelope. `unit` is repeated as often as the limit allows.
fn filled(limit: usize, before: &str, unit: &str, after: &str) -> Vec<u8> {
    let count = (limit - before.len() - after.len()) / unit.len();
    ok(format!("{before}{}{after}", unit.repeat(count)))
}

fn result(limit: usize, unit: &str, last: &str) -> Vec<u8> {
    filled(
        limit,
        r#"{"statusCode":"succeeded","result":["#,
        unit,
        &format!("{last}]}}"),
    )
}

fn log(limit: usize, unit: &str) -> Vec<u8> {
    filled(
        limit,
        r#"{"statusCode":"succeeded","statusVersion":2,"logOutput":""#,
        unit,
        "\"}",
    )
}

fn failed(limit: usize, member: &str, unit: &str) -> Vec<u8> {
    let before = format!(r#"{{"statusCode":"failed","error":{{"{member}":""#);
    filled(limit, &before, unit, "\"}}")
}

pub(super) const CASES: &[Case] = &[
    Case {
        attack: "a whole response of [{\"a\":0},...] for a call without a result",
        limit: DEFAULT,
        outcome: "the result is ignored",
        response: |limit| result(limit, r#"{"a":0},"#, "0"),
        call: Call::Unit,
    },
    Case {
        attack: "a result of halves of surrogate pairs",
        limit: SMALL,
        outcome: "the result is ignored",
        response: |limit| result(limit, r#""\ud83d","#, "0"),
        call: Call::Unit,
    },
    Case {
        attack: "a result of nested arrays",
        limit: SMALL,
        outcome: "the result is ignored",
        response: |limit| {
            let (open, close) = ("[".repeat(limit / 2 - 50), "]".repeat(limit / 2 - 50));
            ok(format!(r#"{{"statusCode":"succeeded","result":{open}{close}}}"#))
        },
        call: Call::Unit,
    },
    Case {
        attack: "a whole response of [{},...] as JSON",
        limit: DEFAULT,
        outcome: "JSON of 67108828 bytes",
        response: |limit| result(limit, "{},", "{}"),
        call: Call::Json,
    },
    Case {
        attack: "a long result whose end is not JSON",
        limit: SMALL,
        outcome: "Decode",
        response: |limit| result(limit, r#"{"a":0},"#, "tru"),
        call: Call::Json,
    },
    Case {
        attack: "a whole response of [{},...] as a list of users",
        limit: SMALL,
        outcome: "Decode",
        response: |limit| result(limit, "{},", "{}"),
        call: Call::Users,
    },
    Case {
        attack: "an envelope of millions of members",
        limit: DEFAULT,
        outcome: "the result is ignored",
        response: |limit| filled(limit, r#"{"statusCode":"succeeded""#, r#","a":0"#, "}"),
        call: Call::Unit,
    },
    Case {
        attack: "the member result millions of times",
        limit: SMALL,
        outcome: "the result is ignored",
        response: |limit| filled(limit, r#"{"statusCode":"succeeded""#, r#","result":0"#, "}"),
        call: Call::Unit,
    },
    Case {
        attack: "a log of line breaks",
        limit: DEFAULT,
        outcome: "33554402 lines",
        response: |limit| log(limit, r"\n"),
        call: Call::Log,
    },
    Case {
        attack: "log lines of one character",
        limit: SMALL,
        outcome: "2796183 lines",
        response: |limit| log(limit, r"a\n"),
        call: Call::Log,
    },
    Case {
        attack: "a log of carriage returns",
        limit: SMALL,
        outcome: "62 lines",
        response: |limit| log(limit, r"\r"),
        call: Call::Log,
    },
    Case {
        attack: "one long log line",
        limit: SMALL,
        outcome: "64 lines",
        response: |limit| log(limit, "x"),
        call: Call::Log,
    },
    Case {
        attack: "a log of halves of surrogate pairs",
        limit: SMALL,
        outcome: "33 lines",
        response: |limit| log(limit, r"\ud83d"),
        call: Call::Log,
    },
    Case {
        attack: "a long message of an error",
        limit: DEFAULT,
        outcome: "Failed",
        response: |limit| failed(limit, "message", "x"),
        call: Call::Unit,
    },
    Case {
        attack: "a long message of escapes",
        limit: SMALL,
        outcome: "Failed",
        response: |limit| failed(limit, "message", r"\u001b"),
        call: Call::Unit,
    },
    Case {
        attack: "long details of an error",
        limit: SMALL,
        outcome: "Failed",
        response: |limit| failed(limit, "details", r"at x\r\n"),
        call: Call::Unit,
    },
    Case {
        attack: "an error of millions of members",
        limit: SMALL,
        outcome: "Failed",
        response: |limit| {
            filled(
                limit,
                r#"{"statusCode":"failed","error":{"a":0"#,
                r#","a":0"#,
                "}}",
            )
        },
        call: Call::Unit,
    },
    Case {
        attack: "a long status word",
        limit: SMALL,
        outcome: "UnknownStatus",
        response: |limit| filled(limit, r#"{"statusCode":""#, "x", "\"}"),
        call: Call::Unit,
    },
    Case {
        attack: "a long status text",
        limit: SMALL,
        outcome: "the result is ignored",
        response: |limit| filled(limit, r#"{"statusCode":"succeeded","statusText":""#, "x", "\"}"),
        call: Call::Unit,
    },
    Case {
        attack: "a long text that is not JSON",
        limit: SMALL,
        outcome: "Envelope",
        response: |limit| filled(limit, "{", "x", "}"),
        call: Call::Unit,
    },
    Case {
        attack: "a long text that is not UTF-8",
        limit: SMALL,
        outcome: "Envelope",
        response: |limit| ok(vec![0xC3; limit]),
        call: Call::Unit,
    },
    Case {
        attack: "a long error page",
        limit: SMALL,
        outcome: "Http",
        response: |limit| http("500 Broken", "text/html", &vec![b'<'; limit]),
        call: Call::Unit,
    },
    Case {
        attack: "one byte more than the limit",
        limit: SMALL,
        outcome: "TooLarge",
        response: |limit| ok(vec![b'<'; limit + 1]),
        call: Call::Unit,
    },
    Case {
        attack: "a body of chunks without an end",
        limit: SMALL,
        outcome: "TooLarge",
        response: |limit| {
            let mut response = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
            for _ in 0..2 * limit / 65536 {
                response.extend_from_slice(b"10000\r\n");
                response.extend_from_slice(&[b' '; 65536]);
                response.extend_from_slice(b"\r\n");
            }
            response
        },
        call: Call::Unit,
    },
    Case {
        attack: "a function list of 480,000 functions",
        limit: LIST,
        outcome: "refused: get-metadata:1:1: a dump has more than 20000 entries, which is the limit",
        response: |_| {
            let functions: Vec<String> = (0..480_000).map(|n| format!(r#"{{"name":"F{n}"}}"#)).collect();
            ok(format!("[{}]", functions.join(",")))
        },
        call: Call::Functions,
    },
    Case {
        attack: "a function list of 16 MiB of numbers",
        limit: LIST,
        outcome: "refused: get-metadata:1:1: a dump has more than 20000 entries, which is the limit",
        response: |_| ok(format!("[{}1]", "1,".repeat(Dump::MAX_BYTES / 2 - 2))),
        call: Call::Functions,
    },
    Case {
        attack: "a function of millions of members",
        limit: LIST,
        outcome: "refused: get-metadata:1:2: a function has more than 20000 entries, which is the limit",
        response: |_| {
            ok(format!(
                "[{{{}\"b\":0}}]",
                r#""a":0,"#.repeat(Dump::MAX_BYTES / 6 - 2)
            ))
        },
        call: Call::Functions,
    },
    Case {
        attack: "a long function list",
        limit: LIST,
        outcome: "refused: get-metadata:1:1: the text has 17825792 bytes; the maximum is 16777216",
        response: |limit| ok(vec![b'['; limit]),
        call: Call::Functions,
    },
];
