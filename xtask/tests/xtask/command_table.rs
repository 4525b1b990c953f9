//! The commands that documents, examples and help texts show, and how each is tested.
#![cfg(unix)]

pub(crate) use crate::command_how::How;
use crate::command_how::{
    AUDIT, BENCH, CLOSED, COMPLETIONS, EXPLORE, LOGIN, MCP, NAMED, PLAN, PROFILE, QUOTED, SERVER, SPE_SERVER,
};
use How::{In, IsATest, NotRun, Run, Serves, Shorter, With};

pub(crate) const COMMANDS: &[(&str, How)] = &[
    (
        "cargo xtask demo",
        In("demo.rs", "the_demo_saves_the_dump_of_every_edition_and_succeeds"),
    ),
    ("cargo xtask test", NotRun("it runs this test")),
    (
        "cargo xtask bench",
        NotRun(
            "it builds everything with optimizations, and other tests would change the CPU time that it measures",
        ),
    ),
    ("cargo xtask bench decode", BENCH),
    ("cargo xtask bench bridge", BENCH),
    ("cargo xtask bench operations", BENCH),
    ("cargo xtask bench fleet", BENCH),
    ("cargo xtask bench fleet jobs --calls 50,500 --repeat 3", BENCH),
    ("cargo xtask bench fleet slices", BENCH),
    ("cargo xtask bench fleet jobs --calls 5000 --kill", BENCH),
    (
        "cargo xtask bench fleet jobs --calls 20000 --steps 1 --kill",
        BENCH,
    ),
    (
        "cargo xtask bench fleet jobs --calls 1300 --overall 1300 --per-server 100 --steps 1600",
        BENCH,
    ),
    ("cargo xtask bench fleet sizes --calls 100000", BENCH),
    ("cargo xtask lint", NotRun("it takes as long as all tests")),
    (
        ".ci/run",
        NotRun("it runs `cargo xtask lint` and `cargo xtask test`"),
    ),
    (
        "cargo deny check",
        NotRun("`cargo xtask lint` runs it if it is installed"),
    ),
    ("cargo test -p mailstore-fuzz-targets --test targets", IsATest),
    (
        "cargo xtask fuzz results --seconds 1200",
        NotRun("it needs a C++ compiler and runs for 20 minutes"),
    ),
    (
        "cargo test -p mailstore-tests --all-features --test api trust:: -- --nocapture",
        IsATest,
    ),
    (
        "cargo install cargo-insta",
        NotRun("it installs a program on the machine"),
    ),
    (
        "cargo insta review",
        NotRun("it is interactive and is not part of the workspace"),
    ),
    ("cargo run -p mailstore-api --example quickstart", CLOSED),
    (
        "cargo run --release -p mailstore-api --example many_tasks",
        Shorter("20 2"),
    ),
    (
        "cargo run --release -p mailstore-api --example latency",
        Shorter("2"),
    ),
    ("cargo run --example all_email_addresses", CLOSED),
    ("cargo run --features blocking --example blocking", CLOSED),
    ("cargo run --example cancel", CLOSED),
    ("cargo run --release --example latency", CLOSED),
    ("cargo run --release --example many_tasks", CLOSED),
    ("cargo run --example quickstart", CLOSED),
    ("cargo run --example resume", CLOSED),
    ("cargo run --example tour", CLOSED),
    ("cargo run --example verify_with_progress", CLOSED),
    (
        "MAILSTORE_PASSWORD=... cargo run -p own-client -- mailstore.example.com",
        CLOSED,
    ),
    (
        "mailstore metadata fetch --server mailstore.example.com:8463 --out new.json",
        With(&[SERVER]),
    ),
    (
        "mailstore metadata fetch",
        With(&[(
            "fetch",
            "fetch --server ADDRESS --edition server --ca certificate.pem --out other.json",
        )]),
    ),
    ("mailstore metadata diff server-24 new.json", Run),
    (
        "mailstore metadata check --server mailstore.example.com:8463 new.json",
        With(&[SERVER]),
    ),
    (
        "mailstore compatibility",
        With(&[(
            "compatibility",
            "compatibility --server ADDRESS --edition server --ca certificate.pem",
        )]),
    ),
    (
        "mailstore compatibility --server mailstore.example.com:8463",
        With(&[SERVER]),
    ),
    ("mailstore metadata history --folder metadata/mailstore", Run),
    ("mailstore --help", Run),
    ("mailstore metadata show server-24", Run),
    ("mailstore metadata show server-24 VerifyStore", Run),
    (
        "mailstore metadata show https://mailstore.example.com:8463",
        With(&[SERVER]),
    ),
    (
        "mailstore metadata diff server-24 server --server mailstore.example.com:8463",
        With(&[SERVER]),
    ),
    ("mailstore openapi --dump dump.json --known server", Run),
    (
        "mailstore metadata diff OLD NEW --format markdown",
        With(&[("OLD", "metadata/mailstore/server-24.json"), ("NEW", "new.json")]),
    ),
    ("mailstore metadata history AttachStore", Run),
    ("cargo xtask codegen", Run),
    ("cargo xtask codegen --check", Run),
    ("cargo xtask lists check", Run),
    ("cargo xtask lists history jetstream", Run),
    (
        "cargo xtask lists diff metadata/jetstream/1.9.json metadata/jetstream/2.9.json",
        Run,
    ),
    (
        "cargo xtask codegen --list site.json --product jetstream --out src/client",
        With(&[
            ("site.json", "metadata/jetstream/1.9.json"),
            ("src/client", "site-client"),
        ]),
    ),
    (
        // The reader of documents takes the rest for optional arguments.
        r#"python bridge.py dump jetstream --root '[{"get":"#,
        NotRun("it needs the module of the vendor"),
    ),
    (
        "mailstore generate --dump dump.json --out src/client --known server",
        Run,
    ),
    (
        "mailstore probe --server mailstore.example.com:8463 --out findings",
        With(&[SERVER]),
    ),
    (
        "mailstore probe --server mailstore.example.com:8463 --out drift",
        With(&[SERVER]),
    ),
    ("mailstore openapi --edition spe", Run),
    (
        "mailstore openapi --edition server --version 3.0 --out server.json",
        Run,
    ),
    ("mailstore coverage", Run),
    ("cargo run -p mailstore-cli -- coverage --plain", Run),
    (
        "mailstore metadata fetch --server mailstore.example.com:8463 --out metadata/mailstore/server-25.json",
        With(&[SERVER]),
    ),
    ("mailstore metadata history", QUOTED),
    ("mailstore metadata history VerifyStore", QUOTED),
    ("mailstore metadata diff server-9 server-24", QUOTED),
    (
        "mailstore metadata diff server-9 server-24 --surface server",
        QUOTED,
    ),
    (
        "cargo test -p mailstore-codegen --test generator bindings",
        IsATest,
    ),
    ("cargo test -p mailstore-transport --lib poller", IsATest),
    ("cargo test -p oaio-interop --test interop", IsATest),
    ("cargo test -p bridge-interop --test script", IsATest),
    (
        "(umask 077; od -An -tx1 -N32 /dev/urandom | tr -d ' \\n' > /opt/muster/python/lib/muster_bridge.token)",
        NotRun("it writes to the folder of an installed Muster"),
    ),
    (
        "cargo run -p bridge-interop --bin check-pythons",
        NotRun("it takes minutes; the test `script` runs the same checks with one Python"),
    ),
    (
        "cargo test -p mailstore-tests --all-features --test api wire::",
        IsATest,
    ),
    (
        "cargo test -p mailstore-tests --all-features --test api fault_matrix:: -- --nocapture",
        IsATest,
    ),
    (
        "cargo test -p mailstore-tests --all-features --test api samples::",
        IsATest,
    ),
    (
        "git clone <this repository> mailstore && cd mailstore",
        NotRun("the workspace does not contain the address of the repository"),
    ),
    ("git diff", NotRun("it shows what has not been committed")),
    (
        "cargo check --workspace",
        NotRun("`cargo xtask lint` runs clippy, which checks the same and more"),
    ),
    (
        "cargo package --workspace --no-verify --list",
        NotRun("`tests/tests/published.rs` lists the files of each package"),
    ),
    (
        "cargo publish -p mailstore-metadata",
        NotRun("it publishes the crate"),
    ),
    (
        "mailstore metadata diff OLD NEW",
        With(&[("OLD", "metadata/mailstore/server-24.json"), ("NEW", "new.json")]),
    ),
    (
        "mailstore metadata fetch --server mailstore.example.com:8463 --out examples/own-client/metadata.json --force",
        With(&[SERVER]),
    ),
    ("cargo run -p own-client-generate", Run),
    ("cargo test -p own-client-generate", IsATest),
    ("cargo test -p mailstore-browser-tests", IsATest),
    ("cargo test -p mailstore-explorer", IsATest),
    ("cargo test -p own-client", IsATest),
    (
        "cargo install --path crates/mailstore-cli",
        NotRun("it changes the programs of the user"),
    ),
    ("cargo run -p mailstore-cli -- sim", Serves),
    (
        "mailstore call --server mailstore.example.com:8463 GetServerInfo",
        With(&[SERVER]),
    ),
    (
        "mailstore call --server mailstore.example.com:8463 verify-store id=3 includeIndexes=false",
        With(&[SERVER]),
    ),
    (
        "mailstore call --server mailstore.example.com:8463 --dry-run SetUserPassword userName=anna --secret-file password=FILE",
        With(&[SERVER, ("=FILE", "=certificate.pem")]),
    ),
    (
        "mailstore check profiles --server mailstore.example.com:8463",
        With(&[SERVER]),
    ),
    (
        "mailstore check profiles --server mailstore.example.com:8463 --max-age 30h --completed-with-errors ok",
        With(&[SERVER]),
    ),
    (
        "mailstore check jobs --server mailstore.example.com:8463",
        With(&[SERVER]),
    ),
    (
        "mailstore check stores --server mailstore.example.com:8463",
        With(&[SERVER]),
    ),
    (
        "mailstore check service --server mailstore.example.com:8463 --min-version 24.4",
        With(&[SERVER]),
    ),
    (
        "mailstore check licence --server mailstore.example.com:8463 --warn-users 90% --critical-users 100% --warn-days 30",
        With(&[SERVER]),
    ),
    (
        "mailstore check index --server mailstore.example.com:8463",
        With(&[SERVER]),
    ),
    (
        "mailstore check stores --server mailstore.example.com:8474 --instance demo",
        With(&[SPE_SERVER]),
    ),
    (
        "mailstore check instances --server mailstore.example.com:8474 --new-mail 24h",
        With(&[SPE_SERVER]),
    ),
    (
        "mailstore stores list",
        With(&[(
            "list",
            "list --server ADDRESS --edition server --ca certificate.pem",
        )]),
    ),
    (
        "mailstore stores verify 3 --include-indexes=false",
        With(&[(
            "verify",
            "verify --server ADDRESS --edition server --ca certificate.pem",
        )]),
    ),
    (
        "mailstore check profiles",
        With(&[(
            "profiles",
            "profiles --server ADDRESS --edition server --ca certificate.pem",
        )]),
    ),
    (
        "mailstore users list --instances 'cust-*,demo' --output csv",
        With(&[("list", "list --server SPE --edition spe --ca spe.pem")]),
    ),
    (
        "mailstore completions bash > ~/.local/share/bash-completion/completions/mailstore",
        COMPLETIONS,
    ),
    (
        "mailstore completions fish > ~/.config/fish/completions/mailstore.fish",
        COMPLETIONS,
    ),
    ("mailstore completions powershell >> $PROFILE", COMPLETIONS),
    ("mailstore login mailstore.example.com:8463", LOGIN),
    (
        "cargo xtask picture",
        NotRun("it runs in the test of the picture"),
    ),
    ("cargo xtask swagger-ui", NotRun("it downloads a package")),
    ("cargo xtask swagger-ui --check", Run),
    ("mailstore explore", EXPLORE),
    (
        "mailstore explore --server mailstore.example.com:8463 --no-open",
        EXPLORE,
    ),
    ("mailstore explore --profile test --allow-writes", EXPLORE),
    ("cargo xtask report-pictures", NotRun("it runs a browser test")),
    ("mailstore describe CreateUser", Run),
    ("mailstore functions store", Run),
    ("mailstore login", LOGIN),
    ("mailstore login --profile production --read-only", LOGIN),
    ("mailstore call", NAMED),
    ("mailstore describe", NAMED),
    ("mailstore openapi", NAMED),
    (
        "mailstore login mailstore.example.com:8463 --profile prod --read-only",
        LOGIN,
    ),
    (
        "mailstore login mailstore.example.com:8463 --password-command 'pass show mailstore'",
        LOGIN,
    ),
    ("mailstore profile list", Run),
    ("mailstore profile use prod", PROFILE),
    ("mailstore profile show", PROFILE),
    ("mailstore profile show prod", PROFILE),
    ("mailstore profile remove prod", PROFILE),
    ("mailstore call --profile prod GetServerInfo", PROFILE),
    ("mailstore-sim --edition spe --listen 127.0.0.1:8474", Serves),
    ("cargo run -p mailstore-sim -- --edition server", Serves),
    (
        "mailstore-sim --steps 20 --fault 'poll/VerifyStore #2 x3 reset:100' --fault 'connect for:2s refuse'",
        Serves,
    ),
    (
        "curl --cacert certificate.pem --user admin:admin --data 'instanceID=demo&userName=john.doe' \
         https://127.0.0.1:8474/api/invoke/GetUserInfo",
        With(&[
            ("certificate.pem", "spe.pem"),
            ("admin:admin", "admin:hunter2-password"),
            ("https://127.0.0.1:8474", "SPE"),
        ]),
    ),
    ("mailstore audit --server mailstore.example.com:8463", AUDIT),
    (
        "mailstore audit --rules rules.toml --server mailstore.example.com:8463",
        AUDIT,
    ),
    (
        "mailstore audit --rules rules.toml --fail-on warning --server mailstore.example.com:8474 --instances 'cust-*'",
        AUDIT,
    ),
    ("mailstore mcp", MCP),
    ("mailstore mcp --profile production", MCP),
    (
        "mailstore mcp --profile production --allow-writes --functions 'Get*,VerifyStore'",
        MCP,
    ),
    ("mailstore plan", PLAN),
    ("mailstore apply", PLAN),
    ("mailstore snapshot", NotRun("the command needs `--to`")),
    ("mailstore report", NotRun("the command needs a file")),
    ("mailstore audit", CLOSED),
    ("mailstore plan --schema", Run),
    (
        "mailstore plan users.toml --server mailstore.example.com:8463 --out users.plan.json",
        PLAN,
    ),
    (
        "mailstore plan users.toml --server mailstore.example.com:8474 --instance demo",
        PLAN,
    ),
    (
        "mailstore apply users.plan.json --server mailstore.example.com:8463",
        PLAN,
    ),
    (
        "mailstore apply users.plan.json --server mailstore.example.com:8463 --yes",
        PLAN,
    ),
    (
        "mailstore export monday --server mailstore.example.com:8463",
        With(&[SERVER]),
    ),
    (
        "mailstore compare monday --live --server mailstore.example.com:8463",
        With(&[SERVER]),
    ),
    (
        "mailstore export configuration --server mailstore.example.com:8463",
        With(&[SERVER]),
    ),
    (
        "mailstore compare configuration --live --server mailstore.example.com:8463",
        With(&[SERVER]),
    ),
    (
        "mailstore export customers --server mailstore.example.com:8474 --instances 'cust-*'",
        With(&[SPE_SERVER, ("cust-*", "de*")]),
    ),
    (
        "mailstore compare monday friday",
        With(&[("friday", "configuration")]),
    ),
    (
        "mailstore compare before after --format markdown",
        With(&[("before after", "monday configuration")]),
    ),
    (
        "mailstore snapshot --server mailstore.example.com:8474 --to history.jsonl",
        With(&[SPE_SERVER]),
    ),
    ("mailstore report history.jsonl --out report.html", Run),
    ("mailstore report history.jsonl --format csv --months 1", Run),
];
