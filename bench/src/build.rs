//! Rows `build`: the time to compile the generated clients of both editions and a program that calls every function,
//! each generator's as a crate of its own.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use mailstore_codegen::Generator;
use toml::Table;

use crate::row::Row;
use crate::{children, cpu, editions, every_call};

const RUNS: usize = 3;

/// Each row with the arguments of `cargo`.
const ROWS: [(&str, &[&str]); 3] = [
    ("build: check, CPU", &["check"]),
    ("build: dev, CPU", &["build"]),
    ("build: release, CPU", &["build", "--release"]),
];

const OURS: &str = "bench-ours";
const PEER: &str = "bench-progenitor";

const OUR_LIBRARY: &str = "//! Our clients.\n\n#[rustfmt::skip]\nmod generated;\npub use generated::{Archive, server, spe};\n\
                           pub use mailstore_transport::{ExposeSecret, FromJson, SecretString, civil};\n\
                           /// The types of both editions.\npub mod types {\n    \
                           pub use crate::generated::{server::types::*, types::*};\n}\n";

const PEER_LIBRARY: &str = "//! Clients of progenitor.\n\n#![allow(warnings)]\n\
                            #[path = \"client/server.rs\"]\npub mod server;\n\
                            #[path = \"client/spe.rs\"]\npub mod spe;\n";

/// The module that creates the values for our calls. The tests of the workspace use the same.
const VALUES: &str = include_str!("../../tests/src/values.rs");

/// The crates of this workspace that our client needs.
const OUR_CRATES: [&str; 2] = ["mailstore-transport", "mailstore-types"];

/// The published crates that the client of `progenitor` needs.
const PEER_CRATES: [&str; 5] = [
    "progenitor-client",
    "reqwest",
    "serde",
    "serde_json",
    "futures-core",
];

pub(crate) fn run() -> io::Result<Vec<Row>> {
    if let Err(reason) = children::used() {
        let reason = format!("the CPU time of other programs needs Linux: {reason}");
        return Ok(ROWS.map(|(what, _)| Row::unmeasured(what, "s", &reason)).into());
    }
    let (Some(cargo), Some(bench)) = (env::var_os("CARGO"), env::var_os("CARGO_MANIFEST_DIR")) else {
        let reason = "start it with `cargo xtask bench`";
        return Ok(ROWS.map(|(what, _)| Row::unmeasured(what, "s", reason)).into());
    };
    let workspace = Workspace::create(cargo, Path::new(&bench))?;
    ROWS.iter()
        .map(|(what, mode)| workspace.row(what, mode))
        .collect()
}

/// A workspace with the two clients, in the folder of the compiled benchmarks.
struct Workspace {
    cargo: OsString,
    folder: PathBuf,
}

impl Workspace {
    fn create(cargo: OsString, bench: &Path) -> io::Result<Self> {
        let root = bench
            .parent()
            .ok_or_else(|| io::Error::other("bench has no parent"))?;
        let program = env::current_exe()?;
        let target = program.ancestors().nth(2);
        let target = target.ok_or_else(|| io::Error::other("the program is not in a target folder"))?;
        let folder = target.join("bench-build");
        let manifest: Table = toml::from_str(&fs::read_to_string(root.join("Cargo.toml"))?)
            .map_err(|error| io::Error::other(format!("Cargo.toml: {error}")))?;
        let dependencies = &manifest["workspace"]["dependencies"];

        write_client(&folder, OURS, |source| {
            let generated = editions::by_us()?;
            for (path, text) in generated.tree.files() {
                write(&source.join("generated").join(path), text)?;
            }
            write(&source.join("lib.rs"), OUR_LIBRARY)?;
            let generator = Generator::new("cargo xtask bench");
            for api in &generated.apis {
                let exercise = generator.exercise(api, &format!("bench_ours::{}", api.name), "crate::values");
                write(
                    &source.join(&api.name).with_extension("rs"),
                    &every_call::of_ours(&exercise)?,
                )?;
            }
            write(
                &source.join("values.rs"),
                &VALUES.replace("mailstore_api", "bench_ours"),
            )?;
            let client = |edition| {
                let edition = quote::format_ident!("{edition}");
                quote::quote! { bench_ours::#edition::Client::builder("localhost").build().expect("valid") }
            };
            let clients = ["server", "spe"].map(|edition| (edition, client(edition)));
            write(&source.join("main.rs"), &every_call::main(&clients))
        })?;
        let path = |name: &&str| {
            let path = root.join("crates").join(name).display().to_string();
            let entry = Table::from_iter([("path".to_owned(), path.into())]);
            ((*name).to_owned(), toml::Value::Table(entry))
        };
        let published = |name: &&str| ((*name).to_owned(), dependencies[*name].clone());
        let features = [
            ("default", vec!["server", "spe"]),
            ("server", vec![]),
            ("spe", vec![]),
        ];
        write_manifest(
            &folder,
            OURS,
            OUR_CRATES
                .iter()
                .map(path)
                .chain([published(&"serde_json")])
                .collect(),
            &features.into(),
        )?;

        write_client(&folder, PEER, |source| {
            let [server, spe] = editions::by_progenitor()?;
            for (edition, client) in [("server", &server), ("spe", &spe)] {
                write(&source.join("client").join(edition).with_extension("rs"), client)?;
                let path =
                    syn::parse_str(&format!("bench_progenitor::{edition}")).map_err(io::Error::other)?;
                let calls = every_call::of_progenitor(client, &path)?;
                write(&source.join(edition).with_extension("rs"), &calls)?;
            }
            write(&source.join("lib.rs"), PEER_LIBRARY)?;
            write(&source.join("values.rs"), "")?;
            let client = |edition| {
                let edition = quote::format_ident!("{edition}");
                quote::quote! { bench_progenitor::#edition::Client::new("https://localhost") }
            };
            let clients = ["server", "spe"].map(|edition| (edition, client(edition)));
            write(&source.join("main.rs"), &every_call::main(&clients))
        })?;
        let published = PEER_CRATES.iter().map(published).collect();
        write_manifest(&folder, PEER, published, &BTreeMap::new())?;

        let members = toml::Value::from(vec![OURS, PEER]);
        let text = format!("[workspace]\nresolver = \"3\"\nmembers = {members}\n");
        write(&folder.join("Cargo.toml"), &text)?;
        // Both clients get the versions that this workspace has tested.
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        Ok(Self { cargo, folder })
    }

    fn row(&self, what: &str, mode: &[&str]) -> io::Result<Row> {
        // The first build compiles the dependencies, which are not measured.
        self.build(OURS, mode)?;
        self.build(PEER, mode)?;
        let (mut ours, mut peer) = (Vec::new(), Vec::new());
        for _ in 0..RUNS {
            ours.push(self.build(OURS, mode)?);
            peer.push(self.build(PEER, mode)?);
        }
        Ok(Row::new(what, "s", cpu::median(ours), cpu::median(peer)))
    }

    /// Compiles a client again. Returns the CPU time.
    fn build(&self, package: &str, mode: &[&str]) -> io::Result<f64> {
        let root = self.folder.join(package).join("src/lib.rs");
        // `cargo` compiles a crate again if a file is newer than its last build.
        fs::write(&root, fs::read(&root)?)?;
        let mut command = Command::new(&self.cargo);
        command.args(mode).args(["--quiet", "--package", package]);
        command.arg("--manifest-path").arg(self.folder.join("Cargo.toml"));
        command.arg("--target-dir").arg(self.folder.join("target"));
        // The profiles are those of a new package, without the settings of this machine.
        for (name, _) in env::vars_os() {
            if name.to_string_lossy().starts_with("CARGO_PROFILE_") {
                command.env_remove(name);
            }
        }
        children::time(command.env("CARGO_INCREMENTAL", "0"))
    }
}

/// Removes the source of a client and lets `add` write it.
fn write_client(folder: &Path, package: &str, add: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    let source = folder.join(package).join("src");
    match fs::remove_dir_all(&source) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    add(&source)
}

fn write_manifest(
    folder: &Path,
    package: &str,
    dependencies: Table,
    features: &BTreeMap<&str, Vec<&str>>,
) -> io::Result<()> {
    let mut manifest = Table::new();
    let package_table = [("name", package), ("version", "0.0.0"), ("edition", "2024")];
    let package_table = package_table.map(|(key, value)| (key.to_owned(), value.into()));
    manifest.insert("package".to_owned(), Table::from_iter(package_table).into());
    manifest.insert("dependencies".to_owned(), dependencies.into());
    let features = features
        .iter()
        .map(|(name, needs)| ((*name).to_owned(), needs.clone().into()));
    manifest.insert("features".to_owned(), Table::from_iter(features).into());
    write(&folder.join(package).join("Cargo.toml"), &manifest.to_string())
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}
