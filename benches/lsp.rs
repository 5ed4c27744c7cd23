//! How fast the language server answers: `cargo bench --bench lsp` prints, for a file of 1,000 rules, how long each request
//! takes that follows a key, and how long after the last key everything is found, proofs included.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

#[path = "../tests/it/lsp/client.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test's client"
)]
mod client;
#[path = "../tests/it/harness.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "the tests' folders"
)]
mod harness;

use client::Client;
use harness::Rules;

const NAME: &str = "+15550100.rules";
const RULES: usize = 1_000;
/// How often each request is made.
const ROUNDS: usize = 100;

fn main() {
    let text = text();
    let mut client = Client::start(Rules::new(), &capabilities());
    client.open(NAME, &text);
    let found = client.pull(NAME);
    println!("{RULES} rules, {} kB, {} findings", text.len() / 1_000, found.len());
    println!("{:<34} {:>8} {:>8} {:>8}", "after a key", "median", "99 %", "longest");
    let mut desk = Desk {
        client,
        version: 1,
        line: text.lines().position(|line| line.contains("\"rule 500\"")).unwrap_or(0),
    };
    for (method, params) in requests(desk.line) {
        let times: Vec<Duration> = (0..ROUNDS).map(|round| desk.ask(method, &params, round)).collect();
        print(method, times);
    }
    print(
        "diagnostics, proofs included",
        (0..ROUNDS).map(|round| desk.ask("textDocument/diagnostic", &json!({}), round)).collect(),
    );
    desk.client.shut_down();
}

/// Somebody who types.
struct Desk {
    client: Client,
    version: i64,
    /// Where they type: in the name of a rule.
    line: usize,
}

impl Desk {
    /// Types a letter, and takes the time of a request that follows.
    #[allow(clippy::disallowed_methods, reason = "time is what is measured")]
    fn ask(&mut self, method: &str, params: &Value, round: usize) -> Duration {
        self.version += 1;
        let letter = if round.is_multiple_of(2) { "x" } else { "y" };
        let at = |character: u32| json!({ "line": self.line, "character": character });
        let change = json!([{ "range": { "start": at(6), "end": at(7) }, "text": letter }]);
        self.client.change(NAME, self.version, change);
        let start = Instant::now();
        self.client.ask(method, NAME, params.clone());
        start.elapsed()
    }
}

fn print(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: usize| {
        times.get((times.len() * share / 100).min(times.len() - 1)).copied().unwrap_or_default()
    };
    let shown = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1_000.0);
    println!("{what:<34} {:>8} {:>8} {:>8}", shown(at(50)), shown(at(99)), shown(at(100)));
}

fn capabilities() -> Value {
    json!({ "textDocument": {
        "diagnostic": {},
        "codeAction": { "codeActionLiteralSupport": {} },
        "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
        "completion": { "completionItem": { "snippetSupport": true } },
    } })
}

/// The requests about the file, at a place in the rule that is being typed.
fn requests(line: usize) -> Vec<(&'static str, Value)> {
    let position = json!({ "position": { "line": line + 1, "character": 8 } });
    let range =
        json!({ "start": { "line": line, "character": 0 }, "end": { "line": line + 60, "character": 0 } });
    let place = position.get("position").cloned().unwrap_or_default();
    let options = json!({ "tabSize": 4, "insertSpaces": true });
    vec![
        ("textDocument/hover", position.clone()),
        ("textDocument/completion", position.clone()),
        ("textDocument/definition", position.clone()),
        ("textDocument/references", json!({ "position": place, "context": { "includeDeclaration": true } })),
        ("textDocument/documentHighlight", position.clone()),
        ("textDocument/prepareRename", position.clone()),
        ("textDocument/documentSymbol", json!({})),
        ("textDocument/foldingRange", json!({})),
        ("textDocument/selectionRange", json!({ "positions": [place] })),
        ("textDocument/semanticTokens/full", json!({})),
        ("textDocument/semanticTokens/range", json!({ "range": range })),
        ("textDocument/codeAction", json!({ "range": range, "context": { "diagnostics": [] } })),
        ("textDocument/formatting", json!({ "options": options })),
        ("textDocument/rangeFormatting", json!({ "options": options, "range": range })),
        ("textDocument/codeLens", json!({})),
        ("textDocument/inlayHint", json!({ "range": range })),
    ]
}

/// A policy of 1,000 rules of five kinds.
fn text() -> String {
    let mut text = String::from(
        "hours office = mon-fri 09:00-17:00 except dec 25\nlet vip = customer has tag \"vip\"\n\n",
    );
    for n in 0..RULES {
        let _ = match n % 5 {
            0 => write!(
                text,
                "rule \"rule {n}\"\nwhen new_customer and any_online in \"Sales\" and message contains \"word{n}\":\n    \
                 assign group \"Sales\" by least_chats,\n    reply \"Welcome, {{customer.name or dear customer}}.\"\n\n"
            ),
            1 => write!(
                text,
                "rule \"rule {n}\"\nwhen returning_customer and owner_offline and vip and customer.country is \"EG\" and \
                 customer has tag \"t{n}\":\n    assign group \"Support\" by most_waiting\n\n"
            ),
            2 => write!(
                text,
                "rule \"rule {n}\"\nwhen message contains any [\"refund{n}\", \"back {n}\"] and (during office or customer.plan is \"gold\"):\n    \
                 assign owner for 5m else group \"Support\" by in_order among online else group \"Support\" by hand\n\n"
            ),
            3 => write!(
                text,
                "rule \"rule {n}\"\nwhen customer.orders >= {n} and message starts with \"code{n}\":\n    assign user \"alice\", priority high\n\n"
            ),
            _ => write!(
                text,
                "rule \"rule {n}\"\nwhen message contains part \"part{n}x\" and not during office:\n    assign group \"Sales\" by random\n\n"
            ),
        };
    }
    text += "otherwise:\n    assign owner else group \"Support\" by in_order\n";
    for n in (0..RULES).step_by(50) {
        let _ = write!(
            text,
            "\ntest \"test {n}\":\n    given customer new\n    given message \"word{n}\"\n    given online \"alice\"\n    expect rule \"rule {n}\"\n"
        );
    }
    text
}
