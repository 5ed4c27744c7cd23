//! Charts: lines over time, and bars. Texts are HTML beside the drawing, so that they wrap and never overlap; only shapes are SVG,
//! which is stretched to the width of the page.

use std::fmt::Write;

use super::report::SimulationReport;

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
            let width = if most > 0.0 { value / most * 100.0 } else { 0.0 };
            let _ = write!(
                out,
                "<div class=\"bar\"><svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
                 <rect class=\"track\" width=\"100\" height=\"10\"/><rect class=\"fill{side}\" width=\"{width:.2}\" height=\"10\"/>\
                 </svg><span>{}</span></div>",
                escaped(text)
            );
        }
        out += "</div>\n";
    }
    out + "</div>\n"
}

/// The course of the chats that wait for an answer.
pub(super) fn course(reports: &[&SimulationReport]) -> String {
    let means = reports.iter().flat_map(|report| &report.series).map(|point| point.mean);
    let top = round_up(means.fold(0.0, f64::max));
    let mut out = format!(
        "<div class=\"course\">\n<div class=\"scale\"><span>{top}</span><span>{}</span><span>0</span></div>\n\
         <svg viewBox=\"0 0 1000 240\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"Chats that wait for an answer, over time\">\n\
         <path class=\"grid\" d=\"M0 0H1000M0 120H1000M0 240H1000\"/>\n",
        top / 2.0
    );
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
    out += "</svg>\n<div class=\"days\">";
    let Some(series) = reports.first().map(|report| &report.series) else { return out };
    for at in labels(series.len()) {
        let point = series.get(at).map_or("", |point| &*point.at);
        let _ = write!(out, "<span>{}</span>", escaped(&moment(point, is_days(series.len(), reports))));
    }
    out + "</div>\n</div>\n"
}

/// The intervals that begin a seventh of the time.
fn labels(count: usize) -> impl Iterator<Item = usize> {
    (0..7).map(move |part| part * count / 7)
}

/// Whether the time is long enough for labels of days.
fn is_days(count: usize, reports: &[&SimulationReport]) -> bool {
    let date = |at: usize| reports.first()?.series.get(at)?.at.get(..10).map(str::to_owned);
    date(0) != date(count / 7)
}

/// `5 Jan`, or `08:00` of a day.
fn moment(at: &str, is_day: bool) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    if !is_day {
        return at.get(11..16).unwrap_or_default().to_owned();
    }
    let month = at.get(5..7).and_then(|month| month.parse::<usize>().ok());
    let month = month.and_then(|month| MONTHS.get(month.checked_sub(1)?)).copied().unwrap_or_default();
    format!("{} {month}", at.get(8..10).unwrap_or_default().trim_start_matches('0'))
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
        let word = if side == 0 { "old" } else { "new" };
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
    fn moments_are_short() {
        let at = "2026-01-05T08:00:00+02:00";
        assert_eq!([moment(at, true), moment(at, false), moment("", true)], ["5 Jan", "08:00", " "]);
    }
}
