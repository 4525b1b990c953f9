//! Reads windows from the engine's tables, again and again.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use miette::Report;

use super::window::{Read, SeenWindow};
use crate::api::Engine;
use crate::call::Batch;
use crate::known::KnownRun;
use crate::outcome::Results;

/// Reads windows. It keeps what does not change, so reading a window again only reads the states of its calls.
#[derive(Debug)]
pub struct Reader<'a> {
    engine: &'a Engine,
    /// What the workflows of jobs were started with, by their invocations.
    batches: BTreeMap<String, Option<Arc<Batch>>>,
    /// What the workflows of jobs ended with, by their invocations.
    results: BTreeMap<String, Arc<Results>>,
}

impl<'a> Reader<'a> {
    /// Creates a reader. Reads nothing.
    pub fn new(engine: &'a Engine) -> Self {
        Self {
            engine,
            batches: BTreeMap::new(),
            results: BTreeMap::new(),
        }
    }

    /// Returns a window with all its calls, or `None` if the engine does not know it.
    ///
    /// # Errors
    /// The engine cannot be reached, or a different version started the job.
    pub async fn window(&mut self, window: &str) -> Result<Option<SeenWindow>, Report> {
        // The jobs are read first, so the calls of a job that has ended are read in their last states.
        let runs = self.engine.runs_of(Some(window)).await?;
        let calls = self.engine.calls(window).await?;
        if runs.is_empty() && calls.is_empty() {
            return Ok(None);
        }
        let mut batches = Vec::new();
        for run in &runs {
            batches.push(self.batch(run).await?);
        }
        let results = match runs.last().filter(|run| run.completed) {
            Some(run) => self.results(run).await?,
            None => Arc::default(),
        };
        let read = Read {
            runs,
            batches,
            results,
            calls,
            admin: self.engine.admin().to_owned(),
        };
        Ok(Some(SeenWindow::new(window, read, Timestamp::now())))
    }

    async fn batch(&mut self, run: &KnownRun) -> Result<Option<Arc<Batch>>, Report> {
        if let Some(batch) = self.batches.get(&run.invocation) {
            return Ok(batch.clone());
        }
        let batch = self.engine.batch_if_kept(run).await?.map(Arc::new);
        self.batches.insert(run.invocation.clone(), batch.clone());
        Ok(batch)
    }

    async fn results(&mut self, run: &KnownRun) -> Result<Arc<Results>, Report> {
        if let Some(results) = self.results.get(&run.invocation) {
            return Ok(Arc::clone(results));
        }
        let results = Arc::new(self.engine.results(run).await?);
        self.results.insert(run.invocation.clone(), Arc::clone(&results));
        Ok(results)
    }
}
