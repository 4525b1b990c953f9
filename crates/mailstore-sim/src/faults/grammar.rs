//! Parses and writes rules as strings: `PHASE[/FUNCTION] [CONDITION...] FAULT[:VALUE]`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::fmt::friendly::{Spacing, SpanParser, SpanPrinter};

use super::{Cut, Fault, Kind, Phase, Rule, WrongRule};

const SHAPE: &str = "is not a rule; write PHASE[/FUNCTION] [CONDITION...] FAULT[:VALUE], such as `poll/VerifyStore #2 reset:100`";

const CONDITIONS: &str = "is not a condition; write #N, #N+, xN, each, version:N, step:N, last or for:TIME";

const FAULTS: &str = "is not a fault; write delay:TIME, stall, stall:BYTES, stall-before, reset, reset:BYTES, close, \
                      close-before, refuse, truncate:BYTES, garble, html, status:CODE, status-after:CODE, bom:COUNT, \
                      word:WORD, log-missing, version-missing, version-text, skip, repeat, stale, older, no-hold, forget, cut-line, \
                      cut-line-end, cut-pair, restart:TIME or restart-keep:TIME";

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.phase)?;
        if let Some(function) = &self.function {
            write!(f, "/{function}")?;
        }
        match (self.first, self.times) {
            (1, None) => {}
            (first, None) => write!(f, " #{first}+")?,
            (first, Some(1)) => write!(f, " #{first}")?,
            (1, Some(times)) => write!(f, " x{times}")?,
            (first, Some(times)) => write!(f, " #{first} x{times}")?,
        }
        if self.each {
            f.write_str(" each")?;
        }
        if let Some(version) = self.version {
            write!(f, " version:{version}")?;
        }
        if let Some(step) = self.step {
            write!(f, " step:{step}")?;
        }
        if self.last {
            f.write_str(" last")?;
        }
        if let Some(time) = self.lasting {
            write!(f, " for:{}", duration_text(time))?;
        }
        write!(f, " {}", self.fault)
    }
}

impl FromStr for Rule {
    type Err = WrongRule;

    fn from_str(text: &str) -> Result<Rule, WrongRule> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let [place, conditions @ .., fault] = words.as_slice() else {
            return Err(WrongRule::new(text, SHAPE));
        };
        let (phase, function) = match place.split_once('/') {
            Some((_, "")) => return Err(WrongRule::new(*place, "lacks the function after the slash")),
            Some((phase, function)) => (phase, Some(function)),
            None => (*place, None),
        };
        let phase = phase.parse::<Phase>()?;
        let mut rule = fault.parse::<Fault>()?.on(phase);
        rule.function = function.map(str::to_owned);
        // `#2` and `x3` may occur in either order.
        let mut counted = (None, None);
        for condition in conditions {
            read_condition(&mut rule, &mut counted, condition)?;
        }
        rule = match counted {
            (None, None) => rule,
            (None, Some(times)) => rule.times(times),
            (Some((first, false)), None) => rule.nth(first),
            (Some((first, false)), Some(times)) => rule.nth(first).times(times),
            (Some((first, true)), None) => rule.from_nth(first),
            (Some((_, true)), Some(_)) => {
                return Err(WrongRule::new(
                    text,
                    "has both `+` (always) and `xN` (N times); remove one of them",
                ));
            }
        };
        rule.check()?;
        Ok(rule)
    }
}

type Counted = (Option<(usize, bool)>, Option<usize>);

fn read_condition(rule: &mut Rule, counted: &mut Counted, text: &str) -> Result<(), WrongRule> {
    let wrong = || WrongRule::new(text, CONDITIONS);
    let count = |digits: &str| digits.parse::<usize>().ok().filter(|n| *n > 0).ok_or_else(wrong);
    let again = if let Some(first) = text.strip_prefix('#') {
        let (digits, all) = first
            .strip_suffix('+')
            .map_or((first, false), |digits| (digits, true));
        counted.0.replace((count(digits)?, all)).is_some()
    } else if let Some((name, value)) = text.split_once(':') {
        match name {
            "version" => rule
                .version
                .replace(value.parse().map_err(|_| wrong())?)
                .is_some(),
            "step" => rule.step.replace(count(value)?).is_some(),
            "for" => rule.lasting.replace(duration(value)?).is_some(),
            _ => return Err(wrong()),
        }
    } else if text == "each" {
        std::mem::replace(&mut rule.each, true)
    } else if text == "last" {
        std::mem::replace(&mut rule.last, true)
    } else if let Some(digits) = text.strip_prefix('x') {
        counted.1.replace(count(digits)?).is_some()
    } else {
        return Err(wrong());
    };
    if again {
        return Err(WrongRule::new(text, "occurs twice; remove one of them"));
    }
    Ok(())
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Delay(time) => write!(f, "delay:{}", duration_text(*time)),
            Kind::Stall => f.write_str("stall"),
            Kind::StallAfter(bytes) => write!(f, "stall:{bytes}"),
            Kind::StallBefore => f.write_str("stall-before"),
            Kind::Reset => f.write_str("reset"),
            Kind::ResetAfter(bytes) => write!(f, "reset:{bytes}"),
            Kind::Close => f.write_str("close"),
            Kind::CloseBefore => f.write_str("close-before"),
            Kind::Refuse => f.write_str("refuse"),
            Kind::Truncate(bytes) => write!(f, "truncate:{bytes}"),
            Kind::Garble => f.write_str("garble"),
            Kind::Html => f.write_str("html"),
            Kind::Status(code) => write!(f, "status:{code}"),
            Kind::StatusAfter(code) => write!(f, "status-after:{code}"),
            Kind::Marks(count) => write!(f, "bom:{count}"),
            Kind::Word(word) => write!(f, "word:{word}"),
            Kind::LogMissing => f.write_str("log-missing"),
            Kind::VersionMissing => f.write_str("version-missing"),
            Kind::VersionText => f.write_str("version-text"),
            Kind::Skip => f.write_str("skip"),
            Kind::Repeat => f.write_str("repeat"),
            Kind::Stale => f.write_str("stale"),
            Kind::Older => f.write_str("older"),
            Kind::NoHold => f.write_str("no-hold"),
            Kind::Forget => f.write_str("forget"),
            Kind::Cut(Cut::Line) => f.write_str("cut-line"),
            Kind::Cut(Cut::LineEnd) => f.write_str("cut-line-end"),
            Kind::Cut(Cut::Pair) => f.write_str("cut-pair"),
            Kind::Restart { away, keep: false } => write!(f, "restart:{}", duration_text(*away)),
            Kind::Restart { away, keep: true } => write!(f, "restart-keep:{}", duration_text(*away)),
        }
    }
}

impl FromStr for Fault {
    type Err = WrongRule;

    fn from_str(text: &str) -> Result<Fault, WrongRule> {
        let wrong = || WrongRule::new(text, FAULTS);
        let Some((name, value)) = text.split_once(':') else {
            return simple(text).ok_or_else(wrong);
        };
        let bytes = || value.parse::<usize>().map_err(|_| wrong());
        let code = || value.parse::<u16>().map_err(|_| wrong());
        Ok(match name {
            "delay" => Fault::delay(duration(value)?),
            "stall" => Fault::stall_after(bytes()?),
            "reset" => Fault::reset_after(bytes()?),
            "truncate" => Fault::truncate(bytes()?),
            "status" => Fault::status(code()?),
            "status-after" => Fault::status_after(code()?),
            "bom" => Fault::byte_order_marks(value.parse().map_err(|_| wrong())?),
            "word" => Fault::status_word(value),
            "restart" => Fault::restart(duration(value)?),
            "restart-keep" => Fault::restart_keeping_tasks(duration(value)?),
            _ => return Err(wrong()),
        })
    }
}

/// Returns the fault for a word without a value.
fn simple(word: &str) -> Option<Fault> {
    Some(match word {
        "stall" => Fault::stall(),
        "stall-before" => Fault::stall_before(),
        "reset" => Fault::reset(),
        "close" => Fault::close(),
        "close-before" => Fault::close_before(),
        "refuse" => Fault::refuse(),
        "garble" => Fault::garble(),
        "html" => Fault::html(),
        "log-missing" => Fault::log_missing(),
        "version-missing" => Fault::version_missing(),
        "version-text" => Fault::version_text(),
        "skip" => Fault::skip(),
        "repeat" => Fault::repeat(),
        "stale" => Fault::stale(),
        "older" => Fault::older(),
        "no-hold" => Fault::no_hold(),
        "forget" => Fault::forget(),
        "cut-line" => Fault::cut_line(),
        "cut-line-end" => Fault::cut_line_end(),
        "cut-pair" => Fault::cut_pair(),
        _ => return None,
    })
}

/// Parses a duration such as `500ms`, `2s` or `1m30s`.
fn duration(text: &str) -> Result<Duration, WrongRule> {
    let wrong = |_| {
        WrongRule::new(
            text,
            "is not a duration; write a number and a unit, such as 500ms, 2s or 1m30s",
        )
    };
    SpanParser::new().parse_unsigned_duration(text).map_err(wrong)
}

fn duration_text(time: Duration) -> String {
    SpanPrinter::new()
        .spacing(Spacing::None)
        .unsigned_duration_to_string(&time)
}
