//! How fast rule files are parsed and formatted: `cargo bench --bench parse` prints rules per second.

use std::fmt::Write as _;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use inbox_rules::language;
use inbox_rules::text::{MAX_FILE_SIZE, Source};

fn main() {
    divan::main();
}

/// Files with `rules` rules in total, each below the size limit.
fn files(rules: usize) -> Vec<Source> {
    let mut files = Vec::new();
    let mut text = String::new();
    for number in 0..rules {
        let before = text.len();
        write_rule(&mut text, number);
        if text.len() > MAX_FILE_SIZE {
            let rest = text.split_off(before);
            files.push(Source::new(format!("{}.rules", files.len()), std::mem::replace(&mut text, rest)));
        }
    }
    files.push(Source::new(format!("{}.rules", files.len()), text));
    files
}

/// Writes one of four typical rules.
fn write_rule(text: &mut String, number: usize) {
    let _ = match number % 4 {
        0 => write!(
            text,
            "rule \"welcome {number}\"\nwhen new_customer and any_online in \"Sales\":\n    \
             assign group \"Sales\" by least_chats,\n    reply \"Welcome to my store. We'll be with you in a moment.\"\n\n"
        ),
        1 => write!(
            text,
            "rule \"away {number}\"\nwhen returning_customer and owner_offline and any_online in \"Support\":\n    \
             assign group \"Support\" by most_waiting,\n    reply \"{{owner.name}} is away, {{user.name}} will help you.\"\n\n"
        ),
        2 => write!(
            text,
            "rule \"refund {number}\"  # asked every day\nwhen message contains any [\"refund\", \"money back\", \"استرجاع\"] and \
             (during mon-fri 09:00-17:00 or customer.plan is \"gold\"):\n    \
             assign owner for 5m else group \"Support\" with skill \"ar\" by in_order among online, tag \"refund\"\n\n"
        ),
        _ => write!(
            text,
            "when customer.orders >= {number} and not customer has tag \"vip\": assign user \"alice\", priority high\n\n"
        ),
    };
}

#[divan::bench(args = [100, 1_000, 10_000, 100_000])]
fn parse(bencher: Bencher<'_, '_>, rules: usize) {
    let files = files(rules);
    bencher.counter(ItemsCount::new(rules)).bench(|| {
        for file in &files {
            black_box(language::parse(black_box(file)));
        }
    });
}

/// Rules with one mistake each, which are parsed at least three times.
#[divan::bench(args = [100, 1_000, 10_000])]
fn parse_mistakes(bencher: Bencher<'_, '_>, rules: usize) {
    let files: Vec<_> = files(rules)
        .into_iter()
        .map(|file| Source::new(file.name, file.text.replace(" and ", " && ")))
        .collect();
    bencher.counter(ItemsCount::new(rules)).bench(|| {
        for file in &files {
            black_box(language::parse(black_box(file)));
        }
    });
}

/// The rules in the layout of `rules fmt`, from a layout that is nearly so.
#[divan::bench(args = [100, 1_000, 10_000, 100_000])]
fn format(bencher: Bencher<'_, '_>, rules: usize) {
    let files = files(rules);
    bencher.counter(ItemsCount::new(rules)).bench(|| {
        for file in &files {
            black_box(language::format(black_box(file)));
        }
    });
}
