//! A plot of the time of a decision against the number of rules, as SVG with logarithmic axes. It has no background, and its
//! colours are legible on light and dark pages.

use std::fmt::Write as _;

use crate::engines::{ENGINES, Engine, EngineKind};
use crate::measure::Row;
use crate::table::grouped;

const WIDTH: f64 = 800.0;
const HEIGHT: f64 = 480.0;
/// The edges of the plot area. The names are to the right of it.
const LEFT: f64 = 72.0;
const RIGHT: f64 = 580.0;
const TOP: f64 = 52.0;
const BOTTOM: f64 = 424.0;
/// The minimum distance between names.
const NAME_HEIGHT: f64 = 17.0;

/// Draws all engines that were measured.
pub(crate) fn plot(rows: &[Row]) -> String {
    let scale = Scale::of(rows);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"system-ui, 'Segoe UI', \
         Helvetica, Arial, sans-serif\" font-size=\"13\" role=\"img\">\n<title>Time for one decision against the number of rules</title>\n\
         <style>text {{ fill: #808891 }} .grid {{ stroke: #808891; stroke-opacity: .25 }} \
         path {{ fill: none; stroke-linejoin: round; stroke-linecap: round }}</style>\n\
         <text x=\"{LEFT}\" y=\"24\" font-size=\"15\" font-weight=\"600\">Time for one decision (lower is better)</text>\n"
    );
    grid(&mut svg, &scale, rows);
    let lines: Vec<Line> = lines(rows, &scale);
    // Our line is drawn last, so that it is on top.
    for line in lines.iter().filter(|line| !line.is_ours()).chain(lines.iter().filter(|line| line.is_ours()))
    {
        draw(&mut svg, line);
    }
    names(&mut svg, &lines);
    svg + "</svg>\n"
}

/// The line of an engine, in coordinates of the image.
struct Line<'e> {
    engine: &'e Engine,
    colour: &'static str,
    points: Vec<(f64, f64)>,
}

impl Line<'_> {
    fn is_ours(&self) -> bool {
        self.engine.kind == EngineKind::Ours
    }
}

/// The logarithmic axes: the range of each as powers of ten.
struct Scale {
    rules: (f64, f64),
    nanoseconds: (f64, f64),
}

impl Scale {
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52")]
    fn of(rows: &[Row]) -> Self {
        let times = || rows.iter().flat_map(|row| row.nanoseconds.iter().flatten().copied());
        let sizes = || rows.iter().map(|row| row.rules as f64);
        let (least, most) = (times().fold(f64::MAX, f64::min), times().fold(1.0, f64::max));
        let (fewest, largest) = (sizes().fold(f64::MAX, f64::min), sizes().fold(1.0, f64::max));
        Self {
            rules: (fewest.log10(), largest.log10().max(fewest.log10() + 1.0)),
            nanoseconds: (least.log10().floor(), most.log10().ceil()),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52")]
    fn x(&self, rules: usize) -> f64 {
        LEFT + ((rules as f64).log10() - self.rules.0) / (self.rules.1 - self.rules.0) * (RIGHT - LEFT)
    }

    fn y(&self, nanoseconds: f64) -> f64 {
        let (least, most) = self.nanoseconds;
        BOTTOM - (nanoseconds.log10() - least) / (most - least) * (BOTTOM - TOP)
    }
}

fn grid(svg: &mut String, scale: &Scale, rows: &[Row]) {
    let powers = [
        (1e0, "1 ns"),
        (1e1, "10 ns"),
        (1e2, "100 ns"),
        (1e3, "1 µs"),
        (1e4, "10 µs"),
        (1e5, "100 µs"),
        (1e6, "1 ms"),
    ];
    let powers = powers.into_iter().chain([(1e7, "10 ms"), (1e8, "100 ms"), (1e9, "1 s")]);
    for (time, name) in powers.filter(|(time, _)| (TOP - 1.0..=BOTTOM + 1.0).contains(&scale.y(*time))) {
        let y = scale.y(time);
        let _ = writeln!(svg, "<path class=\"grid\" d=\"M{LEFT} {y:.1}H{RIGHT}\"/>");
        let _ = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{name}</text>",
            LEFT - 8.0,
            y + 4.5
        );
    }
    for row in rows {
        let x = scale.x(row.rules);
        let _ = writeln!(svg, "<path class=\"grid\" d=\"M{x:.1} {TOP}V{BOTTOM}\"/>");
        let size = grouped(row.rules);
        let _ = writeln!(
            svg,
            "<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{size}</text>",
            BOTTOM + 20.0
        );
    }
    let middle = f64::midpoint(LEFT, RIGHT);
    let _ =
        writeln!(svg, "<text x=\"{middle}\" y=\"{:.1}\" text-anchor=\"middle\">rules</text>", BOTTOM + 42.0);
}

fn lines<'e>(rows: &[Row], scale: &Scale) -> Vec<Line<'e>> {
    let mut peers = ["#e0823d", "#a371f7", "#3fa66a", "#d65c9c", "#3d9fb8", "#b59a2c"].into_iter();
    let engines = ENGINES.iter().enumerate().map(|(place, engine)| {
        let point = |row: &Row| row.nanoseconds.get(place)?.map(|time| (scale.x(row.rules), scale.y(time)));
        let colour = match engine.kind {
            EngineKind::Ours | EngineKind::Whole => "#2f81f7",
            EngineKind::Rust => "#808891",
            EngineKind::Peer => peers.next().unwrap_or("#808891"),
        };
        Line { engine, colour, points: rows.iter().filter_map(point).collect() }
    });
    engines.filter(|line| !line.points.is_empty()).collect()
}

fn draw(svg: &mut String, line: &Line) {
    let width = if line.is_ours() { 4.0 } else { 2.0 };
    // Lines of the same colour have different dashes.
    let dashes = match (line.engine.kind, line.engine.name) {
        (EngineKind::Ours | EngineKind::Peer, _) => "",
        (EngineKind::Rust, "specialised matcher") => " stroke-dasharray=\"1 5\"",
        (EngineKind::Rust, "array of conditions") => " stroke-dasharray=\"12 5\"",
        (EngineKind::Rust | EngineKind::Whole, _) => " stroke-dasharray=\"6 5\"",
    };
    let points: Vec<String> = line.points.iter().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
    let colour = line.colour;
    let _ = writeln!(
        svg,
        "<path stroke=\"{colour}\" stroke-width=\"{width}\"{dashes} d=\"M{}\"/>",
        points.join("L")
    );
    for (x, y) in &line.points {
        let _ = writeln!(svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{width}\" fill=\"{colour}\"/>");
    }
}

/// Writes each name beside the end of its line, or as near to it as the other names allow.
fn names(svg: &mut String, lines: &[Line]) {
    let mut ends: Vec<(f64, f64, f64, &Line)> =
        lines.iter().filter_map(|line| line.points.last().map(|(x, y)| (*x, *y, *y, line))).collect();
    ends.sort_by(|one, other| one.1.total_cmp(&other.1));
    // Names that overlap are moved down, and then up if they are below the bottom.
    for place in 1..ends.len() {
        ends[place].2 = ends[place].2.max(ends[place - 1].2 + NAME_HEIGHT);
    }
    let mut lowest = BOTTOM + 4.0;
    for end in ends.iter_mut().rev() {
        end.2 = end.2.min(lowest);
        lowest = end.2 - NAME_HEIGHT;
    }
    for (x, y, at, line) in ends {
        let (colour, name) = (line.colour, line.engine.name.replace('`', ""));
        let weight = if line.is_ours() { " font-weight=\"700\"" } else { "" };
        let _ = writeln!(
            svg,
            "<path stroke=\"{colour}\" stroke-opacity=\".45\" d=\"M{:.1} {y:.1}L{:.1} {at:.1}\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" style=\"fill: {colour}\"{weight}>{name}</text>",
            x + 7.0,
            RIGHT + 20.0,
            RIGHT + 25.0,
            at + 4.5
        );
    }
}
