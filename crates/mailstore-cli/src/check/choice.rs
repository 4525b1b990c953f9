//! `--only` and `--except`: which profiles, jobs or stores a check examines.

use clap::Args;
use miette::miette;

use super::report::shown;
use crate::exit::Failed;

/// Which of the listed things a check examines.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Choice {
    /// Examine only the one with this id or name. May be repeated.
    #[arg(long, value_name = "ID or NAME")]
    only: Vec<String>,
    /// Do not examine the one with this id or name. May be repeated.
    #[arg(long, value_name = "ID or NAME")]
    except: Vec<String>,
}

impl Choice {
    /// Returns the chosen things, and a remark for each `--except` that excludes nothing. `key` returns the id and the
    /// name.
    ///
    /// # Errors
    /// An `--only` chooses nothing. The check would otherwise be green for a profile that was renamed.
    pub(crate) fn of<T>(
        &self,
        all: Vec<T>,
        noun: &str,
        key: impl Fn(&T) -> (String, String),
    ) -> Result<(Vec<T>, Vec<String>), Failed> {
        let is = |thing: &T, wanted: &str| {
            let (id, name) = key(thing);
            id == wanted || name.to_lowercase() == wanted.to_lowercase()
        };
        let exists = |wanted: &String| all.iter().any(|thing| is(thing, wanted));
        if let Some(missing) = self.only.iter().find(|wanted| !exists(wanted)) {
            let names: Vec<String> = all.iter().map(|thing| key(thing).1).collect();
            let nearest = mailstore_reach::nearest(missing, names.iter().map(String::as_str));
            let help = nearest.map_or("The command without `--only` lists all.".to_owned(), |name| {
                format!("Did you mean `{}`?", shown(name))
            });
            return Err(Failed::usage(miette!(
                help = help,
                "there is no {noun} `{}`",
                shown(missing)
            )));
        }
        let unused = self.except.iter().filter(|wanted| !exists(wanted));
        let notes = unused
            .map(|wanted| format!("--except: there is no {noun} `{}`", shown(wanted)))
            .collect();
        let wanted = |thing: &T| {
            let one_of = |names: &[String]| names.iter().any(|name| is(thing, name));
            (self.only.is_empty() || one_of(&self.only)) && !one_of(&self.except)
        };
        Ok((all.into_iter().filter(wanted).collect(), notes))
    }
}
