//! Runs a test, and checks afterwards that all its Pythons are gone.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::process::{python, state, until};

/// Python runs this when it starts: children of the test program leave a file with their number as its name.
const REGISTER: &str = "import os
if os.environ['SCENE_PROGRAM'] == str(os.getppid()):
    open(os.path.join(os.environ['SCENE'], 'pids', str(os.getpid())), 'w').close()
";

thread_local! {
    /// The folder of the test that runs on this thread.
    static FOLDER: RefCell<Option<PathBuf>> = const { RefCell::new(None) };
}

/// Runs a test. It fails if a Python that it started is not gone a minute after its end, also as a process that ended
/// and was not waited for.
pub(crate) fn scene(test: impl AsyncFnOnce()) {
    let runtime = runtime();
    let scene = Scene::enter();
    runtime.block_on(test());
    runtime.block_on(until(|| scene.remaining().is_empty()));
}

/// Runs a test that needs a thread without a runtime, and does what [`scene`] does.
pub(crate) fn scene_without_runtime(test: impl FnOnce()) {
    let scene = Scene::enter();
    test();
    runtime().block_on(until(|| scene.remaining().is_empty()));
}

/// Returns the variables with which the Pythons of a test are found. Every Python of a test needs them.
pub(crate) fn environment() -> Vec<(&'static str, String)> {
    let folder = FOLDER.with_borrow(Clone::clone).expect("the test is a scene");
    let folder = folder
        .to_str()
        .expect("the temporary folder is Unicode")
        .to_owned();
    vec![
        ("PYTHONPATH", folder.clone()),
        ("SCENE", folder),
        ("SCENE_PROGRAM", std::process::id().to_string()),
        // Python must not write caches into the source tree.
        ("PYTHONDONTWRITEBYTECODE", "1".to_owned()),
    ]
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

struct Scene(TempDir);

impl Scene {
    fn enter() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("sitecustomize.py"), REGISTER).unwrap();
        std::fs::create_dir(folder.path().join("pids")).unwrap();
        FOLDER.set(Some(folder.path().to_owned()));
        Self(folder)
    }

    /// Returns the processes of this test that are still there.
    fn remaining(&self) -> Vec<u32> {
        let registered = numbers(&self.0.path().join("pids"));
        let mut found: Vec<u32> = registered.filter(|pid| state(*pid).is_some()).collect();
        // Python may have been ended before it left a file. Systems without these files have no such check.
        let children = numbers(Path::new("/proc")).filter(|pid| self.is_own_child(*pid));
        found.extend(children);
        found
    }

    /// Returns whether a process is a child of the test program, and either has ended or belongs to this test.
    fn is_own_child(&self, pid: u32) -> bool {
        let Ok(stat) = std::fs::read_to_string(format!("/proc/{pid}/stat")) else {
            return false;
        };
        let Some((_, rest)) = stat.rsplit_once(')') else {
            return false;
        };
        let mut fields = rest.split_whitespace();
        let has_ended = fields.next() == Some("Z");
        if fields.next() != Some(&std::process::id().to_string()) {
            return false;
        }
        let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        let folder = self.0.path().to_string_lossy();
        // Nothing is left of the environment of a process that has ended. Those of other tests go away soon.
        has_ended || String::from_utf8_lossy(&environment).contains(&*folder)
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        FOLDER.set(None);
    }
}

/// Returns the names of files that are numbers.
fn numbers(folder: &Path) -> impl Iterator<Item = u32> + use<> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

#[test]
fn a_process_that_runs_or_was_not_waited_for_is_found() {
    let scene = Scene::enter();
    for script in ["import sys; sys.stdin.read()", "pass"] {
        let mut child = Command::new(python())
            .args(["-c", script])
            .envs(environment())
            .stdin(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let began = Instant::now();
        while !numbers(&scene.0.path().join("pids")).any(|pid| pid == child.id())
            || (script == "pass" && state(child.id()) != Some('Z'))
        {
            assert!(began.elapsed() < Duration::from_secs(60), "{script}");
            std::thread::yield_now();
        }
        assert!(scene.remaining().contains(&child.id()), "{script}");
        child.wait().unwrap();
        assert!(!scene.remaining().contains(&child.id()), "{script}");
    }
}
