//! Charts: lines over time, and bars. Texts are HTML beside the drawing, so that they wrap and never overlap; only shapes are SVG,
//! which is stretched to the width of the page.

use std::fmt::Write;

use jiff::ToSpan;
use jiff::civil::Date;

use super::report::SimulationReport;

/// What the sides of a comparison are called.
pub(super) const SIDES: [&str; 2] = ["old", "new"];

/// A row of a chart of bars, with a value and its text for each side.
pub(super) struct Bar {
    pub(super) label: String,
    pub(super) note: Option<String>,
    pub(super) values: Vec<(f64, String)>,
}

/// Horizontal bars, all to the same scale.
pub(super) fn bars(rows: &[Bar]) -> String {
    let values = rows.iter().flat_map(|row| &row.values).map(|(value, _)| *value);
    let most = values.fold(0.0, f64::max);
    if rows.is_empty() {
        return "<p>There are none.</p>\n".to_owned();
    }
    let mut out = "<div class=\"bars\">\n".to_owned();
    for row in rows {
        let note =
            row.note.as_ref().map(|note| format!("<small>{}</small>", escaped(note))).unwrap_or_default();
        let _ = write!(
            out,
            "<div class=\"label\"><span dir=\"auto\">{}</span>{note}</div><div class=\"values\">",
            escaped(&row.label)
        );
        for (side, (value, text)) in row.values.iter().enumerate() {
            let word = SIDES.get(side).filter(|_| row.values.len() > 1);
            let word = word.map(|word| format!("<b>{word}</b> ")).unwrap_or_default();
            let width = if most > 0.0 { value / most * 100.0 } else { 0.0 };
            let _ = write!(
                out,
                "<div class=\"bar\"><svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
                 <rect class=\"track\" width=\"100\" height=\"10\"/><rect class=\"fill{side}\" width=\"{width:.2}\" height=\"10\"/>\
                 </svg><span>{word}{}</span></div>",
                escaped(text)
            );
        }
        out += "</div>\n";
    }
    out + "</div>\n"
}

/// The time series of the chats that wait for an answer.
pub(super) fn line_chart(reports: &[&SimulationReport]) -> String {
    let means = reports.iter().flat_map(|report| &report.series).map(|point| point.mean);
    let top = round_up(means.fold(0.0, f64::max));
    let ticks = reports.first().map(|report| ticks(&report.start, &report.end)).unwrap_or_default();
    let mut out = format!(
        "<p class=\"axis\">chats waiting</p>\n<div class=\"course\">\n<div class=\"scale\"><span>{top}</span><span>{}</span>\
         <span>0</span></div>\n\
         <svg viewBox=\"0 0 1000 240\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"Chats that wait for an answer, over time\">\n\
         <path class=\"grid\" d=\"M0 0H1000M0 120H1000M0 240H1000",
        top / 2.0
    );
    for (place, _) in &ticks {
        let _ = write!(out, "M{:.1} 0V240", place * 1000.0);
    }
    out += "\"/>\n";
    for (side, report) in reports.iter().enumerate() {
        let count = f64::from(u32::try_from(report.series.len()).unwrap_or(1).max(1));
        let mut line = String::new();
        for (point, at) in report.series.iter().zip(0_u32..) {
            let (from, to) = (f64::from(at) / count * 1000.0, f64::from(at + 1) / count * 1000.0);
            let y = 240.0 - point.mean / top * 240.0;
            let _ = write!(line, "{}{from:.1} {y:.1}H{to:.1}", if at == 0 { "M" } else { "L" });
        }
        if side == 0 {
            let _ = writeln!(out, "<path class=\"area\" d=\"{line}V240H0Z\"/>");
        }
        let _ = writeln!(out, "<path class=\"line{side}\" d=\"{line}\"/>");
    }
    out += "</svg>\n<div class=\"ticks\">";
    for (place, label) in &ticks {
        let _ = write!(out, "<span style=\"left:{:.2}%\">{label}</span>", place * 100.0);
    }
    out + "</div>\n</div>\n"
}

/// Where the ticks of the time axis are, as parts of its length, with their labels: midnights, or for one or two days whole
/// hours. Both ends are midnights.
fn ticks(start: &str, end: &str) -> Vec<(f64, String)> {
    const MOST: i32 = 8;
    let date = |at: &str| at.get(..10).and_then(|date| date.parse::<Date>().ok());
    let Some((first, last)) = date(start).zip(date(end)) else { return Vec::new() };
    let days = ((last - first).get_days()).max(1);
    let hours = if days > 2 { 24 * ((days + MOST - 1) / MOST) } else { 3 * days };
    let steps = (0..days * 24).step_by(usize::try_from(hours).unwrap_or(24));
    let label = |hour: i32| match hour % 24 {
        0 => first
            .checked_add((hour / 24).days())
            .map_or_else(|_| String::new(), |date| date.strftime("%-d %b").to_string()),
        hour => format!("{hour:02}:00"),
    };
    steps.map(|hour| (f64::from(hour) / f64::from(days * 24), label(hour))).collect()
}

/// The least of 1, 2, 4, 10, 20, 40 … that is not less.
fn round_up(value: f64) -> f64 {
    let mut unit = 1.0;
    loop {
        for step in [1.0, 2.0, 4.0] {
            if value <= unit * step || unit > 1e12 {
                return unit * step;
            }
        }
        unit *= 10.0;
    }
}

/// Which colour is which side.
pub(super) fn legend(names: &[&str]) -> String {
    let mut out = "<ul class=\"legend\">\n".to_owned();
    for (side, name) in names.iter().enumerate() {
        let word = SIDES.get(side).unwrap_or(&"");
        let _ = writeln!(
            out,
            "<li><i class=\"swatch{side}\"></i>{word}: <span dir=\"auto\">{}</span></li>",
            escaped(name)
        );
    }
    out + "</ul>\n"
}

/// A text in HTML.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_end_at_round_numbers() {
        let tops = [0.0, 0.3, 1.5, 3.0, 5.0, 11.0, 399.0].map(round_up);
        assert_eq!(Some(tops), Some([1.0, 1.0, 2.0, 4.0, 10.0, 20.0, 400.0]));
    }

    #[test]
    fn names_cannot_be_markup() {
        assert_eq!(escaped("<b> & \"مها\""), "&lt;b&gt; &amp; &quot;مها&quot;");
    }

    #[test]
    fn ticks_are_whole_days_or_hours() {
        let labels = |start: &str, end: &str| -> Vec<String> {
            ticks(&format!("{start}T00:00:00+02:00"), &format!("{end}T00:00:00+03:00"))
                .into_iter()
                .map(|(place, label)| format!("{label} {place:.3}"))
                .collect()
        };
        let week = labels("2026-01-29", "2026-02-05");
        assert_eq!((week.len(), &*week[3]), (7, "1 Feb 0.429"));
        assert_eq!(labels("2026-01-05", "2026-01-06")[..3], ["5 Jan 0.000", "03:00 0.125", "06:00 0.250"]);
        assert_eq!(labels("2026-01-05", "2026-01-07")[4], "6 Jan 0.500");
        assert!(labels("2026-01-01", "2027-01-01").len() <= 8);
        assert_eq!(ticks("", ""), []);
    }
}
