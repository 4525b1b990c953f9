//! The order of a job: which target is in which wave.

use schemars::JsonSchema;
use serde::Deserialize;

use super::filter::Filter;
use super::problem::Problem;
use super::turns::in_turns;
use crate::call::Target;

/// A part of the targets: those that match a filter, or a share of all targets.
///
/// A target is in the first wave that takes it. A share is taken from the targets that are in no wave yet, from each
/// server in turn.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Wave {
    /// The name of the wave, such as `canary`.
    pub name: String,
    /// The targets in the wave.
    #[serde(default)]
    pub target: Vec<Filter>,
    /// The share of all targets in percent. The number of targets is rounded up.
    pub percent: Option<u8>,
}

/// The name of the wave for targets that are in no other wave.
pub(super) const REST: &str = "rest";

/// Returns the problems of the waves that are visible without a list of targets.
pub(super) fn problems(waves: &[Wave]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, wave) in waves.iter().enumerate() {
        let field = format!("wave[{index}]");
        let earlier = &waves[..index];
        if wave.name == REST {
            let message = format!("the name `{REST}` is that of the targets that are in no other wave");
            problems.push(Problem::new(format!("{field}.name"), message));
        } else if earlier.iter().any(|other| other.name == wave.name) {
            problems.push(Problem::new(
                format!("{field}.name"),
                "two waves have the same name",
            ));
        }
        match (wave.percent, wave.target.is_empty()) {
            (None, true) => problems.push(Problem::new(field, "the wave has neither `target` nor `percent`")),
            (Some(_), false) => {
                problems.push(Problem::new(field, "the wave has both `target` and `percent`"))
            }
            (Some(percent), true) if !(1..=100).contains(&percent) => {
                problems.push(Problem::new(
                    format!("{field}.percent"),
                    "a share is between 1 and 100",
                ));
            }
            _ => {}
        }
    }
    problems
}

/// Returns the number of the wave of each target, in the order of the targets. Targets that no wave takes are in the wave
/// after the last one.
pub(super) fn assign(waves: &[Wave], targets: &[Target]) -> Vec<usize> {
    let mut assigned: Vec<Option<usize>> = vec![None; targets.len()];
    for (number, wave) in waves.iter().enumerate() {
        let free = |assigned: &[Option<usize>]| -> Vec<usize> {
            (0..targets.len())
                .filter(|&index| assigned[index].is_none())
                .collect()
        };
        let taken: Vec<usize> = match wave.percent {
            Some(percent) => {
                let count = (targets.len() * usize::from(percent)).div_ceil(100);
                let mut free = in_turns(free(&assigned), |&index| targets[index].server.as_str());
                free.truncate(count);
                free
            }
            None => free(&assigned)
                .into_iter()
                .filter(|&index| wave.contains(&targets[index]))
                .collect(),
        };
        for index in taken {
            assigned[index] = Some(number);
        }
    }
    assigned
        .into_iter()
        .map(|number| number.unwrap_or(waves.len()))
        .collect()
}

impl Wave {
    fn contains(&self, target: &Target) -> bool {
        let contains = |filter: &Filter| filter.contains(&target.profile, target.instance.as_deref());
        self.target.iter().any(contains)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn waves(text: &str) -> Vec<Wave> {
        #[derive(Deserialize)]
        struct File {
            wave: Vec<Wave>,
        }
        toml::from_str::<File>(text).unwrap().wave
    }

    /// Returns 3 servers with 4 instances each.
    fn targets() -> Vec<Target> {
        let on = |server: usize| {
            (0..4).map(move |instance| Target {
                profile: format!("p{server}"),
                instance: Some(format!("i{instance}")),
                server: format!("https://h{server}:8474"),
            })
        };
        (0..3).flat_map(on).collect()
    }

    fn names_in(wave: usize, text: &str) -> Vec<String> {
        let targets = targets();
        let numbers = assign(&waves(text), &targets);
        let in_wave = targets.iter().zip(numbers).filter(|(_, number)| *number == wave);
        in_wave
            .map(|(target, _)| format!("{}/{}", target.profile, target.instance.as_deref().unwrap()))
            .collect()
    }

    #[test]
    fn the_first_wave_that_takes_a_target_has_it() {
        let text = "
            [[wave]]
            name = 'canary'
            target = [{ profiles = ['p1'], instances = ['i2'] }]
            [[wave]]
            name = 'p1'
            target = [{ profiles = ['p1'] }]
        ";
        assert_eq!(names_in(0, text), ["p1/i2"]);
        assert_eq!(names_in(1, text), ["p1/i0", "p1/i1", "p1/i3"]);
        assert_eq!(names_in(2, text).len(), 8);
    }

    #[test]
    fn a_share_is_taken_from_each_server_in_turn() {
        let text = "
            [[wave]]
            name = 'some'
            percent = 25
            [[wave]]
            name = 'more'
            percent = 26
        ";
        assert_eq!(names_in(0, text), ["p0/i0", "p1/i0", "p2/i0"]);
        // 26 % of 12 targets are 3.12 targets.
        assert_eq!(names_in(1, text), ["p0/i1", "p0/i2", "p1/i1", "p2/i1"]);
    }

    #[test]
    fn wrong_waves_are_problems() {
        let text = "
            [[wave]]
            name = 'a'
            [[wave]]
            name = 'a'
            percent = 0
            [[wave]]
            name = 'rest'
            percent = 1
            target = [{ profiles = ['x'] }]
        ";
        let shown: Vec<String> = problems(&waves(text)).iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            [
                "`wave[0]`: the wave has neither `target` nor `percent`",
                "`wave[1].name`: two waves have the same name",
                "`wave[1].percent`: a share is between 1 and 100",
                "`wave[2].name`: the name `rest` is that of the targets that are in no other wave",
                "`wave[2]`: the wave has both `target` and `percent`",
            ]
        );
    }
}
