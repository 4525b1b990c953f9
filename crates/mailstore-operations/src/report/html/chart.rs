//! Charts as SVG. Their colours are those of the page.

use maud::{Markup, html};

use crate::report::Month;

/// One bar of a chart.
pub(super) struct Bar {
    pub(super) month: Month,
    /// The height. `None` if nothing was read.
    pub(super) value: Option<f64>,
    /// The value in words.
    pub(super) shown: String,
    /// What is missing in the value.
    pub(super) missing: Option<String>,
}

const WIDTH: f64 = 320.0;
const TOP: f64 = 1.0;
const BOTTOM: f64 = 97.0;

/// Draws a bar for each month. The axis begins at 0.
pub(super) fn bars(title: &str, bars: &[Bar]) -> Markup {
    let highest = bars
        .iter()
        .filter(|bar| bar.value.is_some())
        .max_by(|one, other| one.value.unwrap_or(0.0).total_cmp(&other.value.unwrap_or(0.0)));
    let top = highest.and_then(|bar| bar.value).unwrap_or(0.0).max(1.0);
    let slot = WIDTH / bars.len().max(1) as f64;
    let (first, last) = (bars.first(), bars.last());
    html! {
        figure {
            figcaption { (title) }
            // Text in the picture would be as small as the picture.
            @if let Some(highest) = highest {
                div.note { (highest.shown) }
            }
            svg viewBox="0 0 320 98" role="img" aria-label={ (title) " by month; the table of months has the figures" } {
                @if highest.is_some() {
                    line.grid x1="0" x2="320" y1=(TOP) y2=(TOP) {}
                }
                line.axis x1="0" x2="320" y1=(BOTTOM) y2=(BOTTOM) {}
                @for (index, bar) in bars.iter().enumerate() {
                    g { (draw(bar, index as f64 * slot, slot, top)) }
                }
            }
            div.note.ends {
                @if let Some(first) = first {
                    span { (first.month.title()) }
                }
                @if let Some(last) = last.filter(|_| bars.len() > 1) {
                    span { (last.month.title()) }
                }
            }
        }
    }
}

fn draw(bar: &Bar, left: f64, slot: f64, top: f64) -> Markup {
    let gap = slot * 0.15;
    let shown = match (&bar.value, &bar.missing) {
        (Some(_), None) => bar.shown.clone(),
        (Some(_), Some(missing)) => format!("{}, {missing}", bar.shown),
        (None, Some(_)) => "not read".to_owned(),
        (None, None) => "no archive".to_owned(),
    };
    let class = if bar.missing.is_some() { "bar part" } else { "bar" };
    html! {
        title { (bar.month.title()) ": " (shown) }
        // The area in which a pointer shows the title.
        rect.hit x=(rounded(left)) y="0" width=(rounded(slot)) height="98" {}
        @match bar.value {
            Some(value) => {
                @let height = (BOTTOM - TOP) * (value / top).clamp(0.0, 1.0);
                rect class=(class) x=(rounded(left + gap)) y=(rounded(BOTTOM - height))
                    width=(rounded(slot - 2.0 * gap)) height=(rounded(height)) {}
            }
            None if bar.missing.is_some() => {
                text.label x=(rounded(left + slot / 2.0)) y=(BOTTOM - 4.0) text-anchor="middle" { "?" }
            }
            None => {}
        }
    }
}

/// Draws a line of the values of all months. Its axis begins at 0, so the lines of several customers can be compared.
/// Months without a value interrupt the line.
pub(super) fn line(values: &[Option<f64>], description: &str) -> Markup {
    const WIDTH: f64 = 100.0;
    const HEIGHT: f64 = 24.0;
    let known = || values.iter().flatten().copied();
    let lowest = known().fold(0.0, f64::min);
    let highest = known().fold(0.0, f64::max);
    let range = highest - lowest;
    let step = WIDTH / (values.len().max(2) - 1) as f64;
    let height = |value: f64| {
        let part = if range > 0.0 {
            (value - lowest) / range
        } else {
            0.5
        };
        HEIGHT - 3.0 - part * (HEIGHT - 6.0)
    };
    let mut parts: Vec<Vec<(f64, f64)>> = vec![Vec::new()];
    for (index, value) in values.iter().enumerate() {
        match (value, parts.last_mut()) {
            (Some(value), Some(part)) => part.push((index as f64 * step, height(*value))),
            (None, Some(part)) if !part.is_empty() => parts.push(Vec::new()),
            _ => {}
        }
    }
    html! {
        svg.line viewBox="-3 0 106 24" role="img" aria-label=(description) {
            title { (description) }
            @for part in &parts {
                @match part.as_slice() {
                    [(x, y)] => circle cx=(rounded(*x)) cy=(rounded(*y)) r="2" {},
                    points @ [(first, _), .., (last, _)] => {
                        @let line = coordinates(points);
                        @let axis = coordinates(&[(*last, height(0.0)), (*first, height(0.0))]);
                        polygon points={ (line) " " (axis) } {}
                        polyline points=(line) {}
                    }
                    [] => {}
                }
            }
        }
    }
}

fn coordinates(points: &[(f64, f64)]) -> String {
    let points: Vec<String> = points
        .iter()
        .map(|(x, y)| format!("{},{}", rounded(*x), rounded(*y)))
        .collect();
    points.join(" ")
}

/// A coordinate with one digit after the point, which is enough for a screen.
fn rounded(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}
