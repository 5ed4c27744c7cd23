//! A picture as SVG: one file without scripts, fonts or links, in light and dark colours.

use std::fmt::Write;

use super::drawing::{Alignment, Area, Drawing, Shape, TextLine};
use super::flow::FlowGraph;
use super::layout::flow_drawing;
use super::text_alternative::text_alternative;

/// The flow as SVG.
pub fn flow_svg(graph: &FlowGraph) -> String {
    let drawing = flow_drawing(graph);
    svg(&Drawing { description: text_alternative(graph), ..drawing })
}

/// The colours of a class: its name, what is coloured, in light and in dark. The names are short, for they stand in every shape:
///
/// - boxes: `c` a rule, `o` who gets its chats, `s` where messages come in or are left over, `r` a reply, `h` a tag or a priority;
/// - texts: `t` the title, `n` a name, `b` the body, `w` somebody who may get the chat, `m` small print, `j` “and” and “or”,
///   `x` a warning, `y` “yes”, `p` the number of a rule in its circle, `k`;
/// - lines: `l`, its arrow `a`, green with `g`, dashed with `d`; `q` midnight;
/// - the week: `v0` no message, `v1` some, `v2` every message, `v9` different on some dates;
/// - `u` with any of them: never reached.
const COLOURS: &[(&str, &str, &str, &str)] = &[
    (".bg", "fill", "#ffffff", "#0d1117"),
    ("text", "fill", "#1f2328", "#e6edf3"),
    (".c", "fill", "#f6f8fa", "#161b22"),
    (".c", "stroke", "#d1d9e0", "#3d444d"),
    (".o", "fill", "#eef6ff", "#10233d"),
    (".o", "stroke", "#a9cdf5", "#1f4f86"),
    (".s", "fill", "#fff4d6", "#3a2d0a"),
    (".s", "stroke", "#e0c068", "#7a5c14"),
    (".r", "fill", "#ffffff", "#0d1117"),
    (".r", "stroke", "#cfe0f3", "#25476f"),
    (".h", "fill", "#e7ddfb", "#33264f"),
    (".k", "fill", "#0a5fd0", "#1f6feb"),
    (".m", "fill", "#59636e", "#9198a1"),
    (".x", "fill", "#9a4d00", "#e3a04a"),
    (".y", "fill", "#1a7f37", "#3fb950"),
    (".p", "fill", "#ffffff", "#ffffff"),
    (".j", "fill", "#0a5fd0", "#79b8ff"),
    (".l", "stroke", "#8c959f", "#6e7681"),
    (".l.g", "stroke", "#1a7f37", "#3fb950"),
    (".a", "fill", "#8c959f", "#6e7681"),
    (".a.g", "fill", "#1a7f37", "#3fb950"),
    (".c.u, .o.u", "fill", "#fafafa", "#12161b"),
    (".c.u, .o.u", "stroke", "#d1d9e0", "#3d444d"),
    ("text.u", "fill", "#6b747d", "#848d97"),
    (".k.u", "fill", "#6b747d", "#6e7681"),
    (".v0", "fill", "#f3f5f7", "#1c2128"),
    (".v1", "fill", "#488ee0", "#3a73bd"),
    (".v2", "fill", "#0a3069", "#b6dbff"),
    (".v0", "stroke", "#d1d9e0", "#30363d"),
    (".v9", "fill", "#b08423", "#96742a"),
    (".q", "stroke", "#c4ccd4", "#3d444d"),
];

const STYLE: &str = "text{font:14px system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",\"Noto Sans Arabic\",Arial,sans-serif}\
    .t{font-size:22px;font-weight:700}.n{font-size:15px;font-weight:700}.w,.j{font-weight:700}\
    .m{font-size:12px}.p,.x,.y{font-size:12px;font-weight:700}\
    .c,.o,.s,.r{stroke-width:1}.l{fill:none;stroke-width:2}.d{stroke-dasharray:5 4}.c.u,.o.u{stroke-dasharray:5 4}\
    .q{stroke-width:1}";

/// The picture as SVG.
pub(super) fn svg(drawing: &Drawing) -> String {
    let Drawing { width, height, title, description, shapes } = drawing;
    let mut out = String::with_capacity(4_096 + 160 * shapes.len());
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"rules-graph\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" lang=\"en\" direction=\"ltr\">\n<title>{}</title>\n<desc>{}</desc>\n<style>{}</style>\n\
         <rect class=\"bg\" width=\"{width}\" height=\"{height}\"/>\n",
        escaped(title),
        escaped(description),
        style_sheet(),
    );
    for shape in shapes {
        draw(&mut out, shape);
    }
    out.push_str("</svg>\n");
    out
}

/// The rules of the style sheet hold inside of the picture only, for a page may contain several.
fn style_sheet() -> String {
    let scoped = |selector: &str| -> String {
        let parts = selector.split(", ").map(|part| format!(".rules-graph {part}"));
        parts.collect::<Vec<_>>().join(",")
    };
    let fonts = STYLE.split_inclusive('}').map(|rule| {
        let (selectors, declarations) = rule.split_once('{').unwrap_or_default();
        format!("{}{{{declarations}", scoped(&selectors.replace(',', ", ")))
    });
    let colours = |which: fn(&(&str, &str, &'static str, &'static str)) -> &'static str| -> String {
        let rules = COLOURS.iter().map(|row| format!("{}{{{}:{}}}", scoped(row.0), row.1, which(row)));
        rules.collect()
    };
    format!(
        "{}{}@media (prefers-color-scheme:dark){{{}}}",
        fonts.collect::<String>(),
        colours(|row| row.2),
        colours(|row| row.3)
    )
}

fn draw(out: &mut String, shape: &Shape) {
    let _ = match shape {
        Shape::Begin { area: Area { x, y, width, height }, corner, class } => write!(
            out,
            "<g>\n<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{corner}\"/>\n"
        ),
        Shape::End => writeln!(out, "</g>"),
        Shape::Rectangle { area: Area { x, y, width, height }, class, tooltip } => {
            let _ = write!(
                out,
                "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\""
            );
            match tooltip {
                Some(tooltip) => writeln!(out, "><title>{}</title></rect>", escaped(tooltip)),
                None => writeln!(out, "/>"),
            }
        }
        Shape::Circle { x, y, radius, class } => {
            writeln!(out, "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/>")
        }
        Shape::Line { points, class, has_arrow } => {
            line(out, points, class, *has_arrow);
            Ok(())
        }
        Shape::Text(text) => {
            draw_text(out, text);
            Ok(())
        }
    };
}

/// A line, whose arrow is a triangle of its own: markers are not drawn everywhere.
fn line(out: &mut String, points: &[(i32, i32)], class: &str, has_arrow: bool) {
    const LENGTH: i32 = 8;
    const HALF: i32 = 5;
    let mut points = points.to_vec();
    let mut arrow = None;
    if let (true, [.., (x0, y0), (x, y)]) = (has_arrow, points.as_slice()) {
        let (dx, dy) = ((x - x0).signum(), (y - y0).signum());
        let (back_x, back_y) = (x - dx * LENGTH, y - dy * LENGTH);
        arrow = Some([
            (*x, *y),
            (back_x + dy * HALF, back_y + dx * HALF),
            (back_x - dy * HALF, back_y - dx * HALF),
        ]);
        if let Some(last) = points.last_mut() {
            *last = (back_x, back_y);
        }
    }
    let listed = |points: &[(i32, i32)]| -> String {
        points.iter().map(|(x, y)| format!("{x},{y}")).collect::<Vec<_>>().join(" ")
    };
    let _ = writeln!(out, "<polyline class=\"{class}\" points=\"{}\"/>", listed(&points));
    if let Some(arrow) = arrow {
        let colour = if class.split(' ').any(|name| name == "g") { "a g" } else { "a" };
        let _ = writeln!(out, "<polygon class=\"{colour}\" points=\"{}\"/>", listed(&arrow));
    }
}

fn draw_text(out: &mut String, line: &TextLine) {
    let TextLine { x, y, width, class, alignment, is_right_to_left, lead, text, whole } = line;
    if text.is_empty() && lead.is_none() {
        return;
    }
    let right = x + width;
    // Where a text starts depends on its direction.
    let (x, anchor) = match (alignment, is_right_to_left) {
        (Alignment::Natural | Alignment::Left, false) => (*x, ""),
        (Alignment::Natural | Alignment::Right, true) => (right, ""),
        (Alignment::Left, true) => (*x, " text-anchor=\"end\""),
        (Alignment::Right, false) => (right, " text-anchor=\"end\""),
        (Alignment::Centre, _) => (x + width / 2, " text-anchor=\"middle\""),
    };
    let direction = if *is_right_to_left { " direction=\"rtl\"" } else { "" };
    let _ = write!(out, "<text class=\"{class}\" x=\"{x}\" y=\"{y}\"{anchor}{direction}>");
    if let Some(whole) = whole {
        let _ = write!(out, "<title>{}</title>", escaped(whole));
    }
    if let Some(lead) = lead {
        let _ = write!(out, "<tspan class=\"j\">{}</tspan>", escaped(lead));
    }
    let _ = writeln!(out, "{}</text>", escaped(text));
}

/// A text of XML. What cannot be in XML has been taken out by [`clean`](super::measure::clean).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::COLOURS;

    /// The relative luminance of WCAG 2.
    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    /// Asserts that two colours contrast enough, by WCAG 2: texts by 4.5, parts of a chart by 3.
    #[track_caller]
    fn check(colour: &str, background: &str, least: f64) {
        let of = |class: &str| {
            let row = COLOURS.iter().find(|row| row.0 == class && row.1 == "fill").unwrap();
            [row.2, row.3].map(luminance)
        };
        for (a, b) in of(colour).into_iter().zip(of(background)) {
            let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
            assert!(contrast >= least, "{colour} on {background}: {contrast:.2}");
        }
    }

    #[test]
    fn every_text_is_readable_in_light_and_dark() {
        const UNREACHED: &str = ".c.u, .o.u";
        for background in [".bg", ".c", ".o", ".s", ".r"] {
            check("text", background, 4.5);
        }
        for background in [".bg", ".c", ".o", ".r", ".h", UNREACHED] {
            check(".m", background, 4.5);
        }
        for (colour, background) in [
            (".x", ".o"),
            (".x", UNREACHED),
            (".y", ".bg"),
            (".j", ".c"),
            (".j", ".bg"),
            (".j", UNREACHED),
            (".p", ".k"),
            (".p", ".k.u"),
            ("text.u", ".bg"),
            ("text.u", UNREACHED),
        ] {
            check(colour, background, 4.5);
        }
    }

    #[test]
    fn the_colours_of_the_week_are_told_apart_in_light_and_dark() {
        for (colour, background) in [(".v1", ".v0"), (".v2", ".v1"), (".v9", ".bg")] {
            check(colour, background, 3.0);
        }
    }
}
