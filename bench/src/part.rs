//! Parts of benchmarks that run in a process of their own: this program, with the name of the part.

use std::io::{self, Write as _};

use mailstore_api::server::Client;

use crate::caller::{Side, call_in_order};
use crate::operations;
use crate::peer::{Failure, Peer};
use crate::process::MARK;
use crate::sizes::Sizes;
use crate::target::Target;
use crate::{cpu, server};

/// Returns the arguments of the parts `calls` and `first-answer`: these calls, one after the other, on one connection.
pub(crate) fn calls(side: Side, calls: usize, target: &Target) -> io::Result<[String; 3]> {
    let target = serde_json::to_string(target)?;
    Ok([side.name().to_owned(), calls.to_string(), target])
}

/// Runs the part that the arguments of this process name. Returns `None` if they name no part.
pub(crate) fn run() -> Option<Result<(), Failure>> {
    let mut arguments = std::env::args().skip(1);
    if arguments.next()? != MARK {
        return None;
    }
    let part = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    Some(match part.as_str() {
        "serve-fixed" => server::serve_fixed().map_err(Failure::from),
        "serve-simulator" => server::serve_simulator().map_err(Failure::from),
        "serve-instances" => sizes(&rest).and_then(server::serve_instances),
        "operations" => sizes(&rest).and_then(report_operations),
        "operation" => operations::run_part(&rest),
        "calls" => run_calls(&rest),
        "first-answer" => run_calls(&rest).and_then(|()| report_cpu()),
        _ => Err(format!("there is no part `{part}`").into()),
    })
}

/// Sends the calls that [`calls`] describes.
fn run_calls(arguments: &[String]) -> Result<(), Failure> {
    let [side, calls, target] = arguments else {
        return Err("calls need a side, a number and a server".into());
    };
    let (calls, target) = (calls.parse()?, serde_json::from_str(target)?);
    match side.parse()? {
        Side::Ours => call_in_order::<Client>(&target, calls),
        Side::Peer => call_in_order::<Peer>(&target, calls),
    }
}

/// Reads the numbers of instances, users and days.
fn sizes(arguments: &[String]) -> Result<Sizes, Failure> {
    let [instances, users, days] = arguments else {
        return Err("operations need three numbers".into());
    };
    Ok(Sizes {
        instances: instances.parse()?,
        users: users.parse()?,
        days: days.parse()?,
    })
}

/// Prints the rows of the benchmark `operations` as JSON.
fn report_operations(sizes: Sizes) -> Result<(), Failure> {
    let rows = operations::measure(sizes)?;
    writeln!(io::stdout(), "{}", serde_json::to_string(&rows)?)?;
    Ok(())
}

/// Prints the CPU time of this process in seconds.
fn report_cpu() -> Result<(), Failure> {
    writeln!(io::stdout(), "{}", cpu::of_process()?)?;
    Ok(())
}
