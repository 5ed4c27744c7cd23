//! The time to draw a policy, proofs included: `cargo bench --bench graph`. Each figure is the best of several runs.
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]
#![expect(clippy::unwrap_used, reason = "as in tests")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use inbox_rules::graph::{dot, flow_graph, flow_svg, mermaid, week_graph, week_svg};
use inbox_rules::policy::{Folder, RuleFile, resolve};
use inbox_rules::text::Source;

const INBOX: &str = "
timezone = \"Africa/Cairo\"
[users.alice]
name = \"Alice\"
capacity = 5
skills = [\"en\", \"ar\"]
[users.bob]
name = \"Bob\"
[users.carol]
name = \"Carol\"
[groups]
Sales = [\"alice\", \"bob\"]
Support = [\"bob\", \"carol\"]
[attributes]
plan = [\"free\", \"gold\"]
";

const HEAD: &str = "
dates holidays = jan 7, dec 25..dec 26, 2026-03-20..2026-03-22
hours office = mon-thu 09:00-17:00, fri 09:00-13:00 except holidays
hours late = mon-fri 17:00-22:00
let vip = customer has tag \"vip\" or customer.plan is \"gold\"

";

fn main() {
    println!("milliseconds for the pictures of a policy, and how large they are");
    println!("| Rules | Flow as SVG | of which proofs | dot | mermaid | SVG | Week as SVG | SVG |");
    for count in [10, 100, 1_000] {
        row(count);
    }
}

fn row(count: usize) {
    let source = Source::new("+15550100.rules", policy(count));
    let files = BTreeMap::from([(Arc::clone(&source.name), Arc::new(RuleFile::parse(source)))]);
    let folder = Folder::new(Some(Source::new("inbox.toml", INBOX)), files);
    let policy = resolve(&folder, "+15550100.rules").policy;
    let inbox = &folder.inbox;
    let graph = flow_graph(&folder, &policy, inbox);
    assert_eq!(graph.sections.iter().map(|section| section.rules.len()).sum::<usize>(), count);
    let (flow, svg) = best(|| flow_svg(&flow_graph(&folder, &policy, inbox)));
    let (proofs, _) = best(|| inbox_rules::prove::verify(&policy, inbox, false));
    let (as_dot, _) = best(|| dot(&graph));
    let (as_mermaid, _) = best(|| mermaid(&graph));
    let (week, week_picture) = best(|| week_svg(&week_graph(&folder, &policy, inbox)));
    let (svg, week_picture) = (svg.len() / 1_000, week_picture.len() / 1_000);
    println!(
        "| {count} | {flow:.2} | {proofs:.2} | {as_dot:.2} | {as_mermaid:.2} | {svg} KB | {week:.2} | {week_picture} KB |"
    );
}

/// The least time of some runs, in milliseconds, and the last result.
fn best<T>(run: impl Fn() -> T) -> (f64, T) {
    const RUNS: usize = 15;
    let timed = (0..RUNS).map(|_| {
        let start = Instant::now();
        let result = black_box(run());
        (start.elapsed().as_secs_f64() * 1e3, result)
    });
    timed.reduce(|(a, _), (b, result)| (a.min(b), result)).unwrap()
}

/// A policy of `count` rules: keywords, hours, tags, names and replies.
fn policy(count: usize) -> String {
    let mut text = String::from(HEAD);
    for n in 0..count - 1 {
        let condition = match n % 5 {
            0 => format!("message contains any [\"word{n}\", \"an item {n}\"] and during office"),
            1 => format!("customer has tag \"tag{n}\" and not during office"),
            2 => format!(
                "vip and (message contains \"thing{n}\" or any_online in \"Support\" and new_customer)"
            ),
            3 => format!("message starts with \"code{n}\" and (during late or owner_offline)"),
            _ => format!("customer.name contains \"name{n}\""),
        };
        let assign = match n % 3 {
            0 => "group \"Sales\" by least_chats",
            1 => {
                "owner for 5m else group \"Support\" by in_order among online else group \"Support\" by hand"
            }
            _ => "user \"alice\" among available else group \"Sales\" with skill \"en\" by least_load",
        };
        let _ = write!(
            text,
            "rule \"the rule of number {n}\"\nwhen {condition}:\n    assign {assign},\n    \
             reply \"Thank you for your message about item {n}. {{user.name}} will answer you soon.\",\n    tag \"item {n}\"\n\n"
        );
    }
    text + "otherwise:\n    assign owner else group \"Support\" by random\n"
}
