//! Tests of symbols, folding, selection, semantic tokens, code lenses and inlay hints.

use super::fixture::{Fixture, files, fixture};
use crate::ide::{
    LensAction, SemanticKind, code_lenses, folding, inlay_hints, selection, semantic_tokens, symbols,
    workspace_symbols,
};
use crate::policy::INBOX;
use crate::testing::INBOX as SAMPLE;
use crate::text::Span;

#[track_caller]
fn outline(policy: &str, expected: &str) {
    let fixture = fixture(policy);
    let found = symbols(fixture.folder(), fixture.file);
    let found: Vec<String> =
        found.iter().map(|symbol| format!("{:?} {}", symbol.kind, symbol.name)).collect();
    assert_eq!(found.join(", "), expected, "{policy}");
}

#[test]
fn symbols_of_rules() {
    outline(
        "use \"common.rules\"\nhours h = mon\ndates d = jan 1\nlet a = h\nrule \"r\"\nwhen a: assign owner\nwhen b and\n  c: tag \"x\"\n\
         also rule \"s\" when a: tag \"t\"\notherwise: assign owner\ntest \"t\": expect rule \"r\"",
        "Use common.rules, Hours h, Dates d, Definition a, Rule r, Rule when b and c, Rule s, Rule otherwise, Test t",
    );
    outline(
        "when during 09:00-17:00 or message.age > 1h: assign owner\nalso when during mon 08:30-09:00 and a: tag \"t\"",
        "Rule when during 09:00-17:00 or message.age > 1h, Rule also when during mon 08:30-09:00 and a",
    );
    outline("let\nrule \"a\nwhen new_customer", "Definition let, Rule rule \"a when new_customer");
}

#[test]
fn symbols_of_the_inbox_and_of_all_files() {
    let fixture = fixture("rule \"welcome\" otherwise: assign owner");
    let sections = symbols(fixture.folder(), INBOX);
    let names: Vec<&str> = sections.iter().map(|section| section.name.as_str()).collect();
    assert_eq!(names, ["users", "attributes", "message", "groups"]);
    assert_eq!(sections[0].children.len(), 3);
    let found = |query: &str| {
        let found = workspace_symbols(fixture.folder(), query);
        found.into_iter().map(|(file, symbol)| format!("{file} {}", symbol.name)).collect::<Vec<_>>()
    };
    assert_eq!(found("wlc"), ["+15550100.rules welcome"]);
    assert_eq!(found("VIP"), ["common.rules vip"]);
    assert_eq!(found("sal"), ["inbox.toml Sales"]);
}

#[track_caller]
fn folded(fixture: &Fixture, expected: &[&str]) {
    let found = folding(fixture.folder(), fixture.file);
    let found: Vec<&str> = found.iter().map(|range| fixture.slice(fixture.file, range.span)).collect();
    assert_eq!(found, expected);
}

#[test]
fn items_texts_and_comments_fold() {
    folded(
        &fixture("# a\n# b\n\n# c\nrule \"r\"\nwhen a:\n  reply \"\"\"\n  x\n  \"\"\"\nlet b = a"),
        &["# a\n# b", "rule \"r\"\nwhen a:\n  reply \"\"\"\n  x\n  \"\"\"", "\"\"\"\n  x\n  \"\"\""],
    );
    folded(
        &files(
            "timezone = \"UTC\"\n[users.alice]<|>\nname = \"A\"\n\n# x\n[groups]\nA = [\n  \"alice\",\n]\n",
            "",
            "",
        ),
        &["[users.alice]\nname = \"A\"", "[groups]\nA = [\n  \"alice\",\n]"],
    );
}

#[track_caller]
fn selected(policy: &str, expected: &[&str]) {
    let fixture = fixture(policy);
    let found = selection(fixture.folder(), fixture.file, fixture.at);
    let found: Vec<&str> = found.iter().map(|span| fixture.slice(fixture.file, *span)).collect();
    assert_eq!(found, expected, "{policy}");
}

#[test]
fn selections_grow_by_the_tree() {
    selected(
        "when new_customer and (a or customer.plan is any [\"fr<|>ee\"]):\n  assign owner",
        &[
            "free",
            "\"free\"",
            "[\"free\"]",
            "any [\"free\"]",
            "customer.plan is any [\"free\"]",
            "a or customer.plan is any [\"free\"]",
            "(a or customer.plan is any [\"free\"])",
            "new_customer and (a or customer.plan is any [\"free\"])",
            "when new_customer and (a or customer.plan is any [\"free\"]):",
            "when new_customer and (a or customer.plan is any [\"free\"]):\n  assign owner",
        ],
    );
    selected("when a and (b or <|>c", &["c", "when a and (b or c"]);
}

#[test]
fn tokens_have_kinds() {
    use SemanticKind::{Fact, Group, Keyword, Operator, Placeholder, Text, Times, Value};
    let kinds = |policy: &str| {
        let fixture = fixture(policy);
        let found = semantic_tokens(fixture.folder(), fixture.file, None);
        let of = |token: &crate::ide::SemanticToken| {
            (token.kind, fixture.slice(fixture.file, token.span).to_owned())
        };
        found.iter().map(of).collect::<Vec<_>>()
    };
    let expect = |policy: &str, expected: &[(SemanticKind, &str)]| {
        let expected: Vec<_> = expected.iter().map(|(kind, text)| (*kind, (*text).to_owned())).collect();
        assert_eq!(kinds(policy), expected, "{policy}");
    };
    expect(
        "when not any_online in \"G\" and during h",
        &[
            (Keyword, "when"),
            (Operator, "not"),
            (Fact, "any_online"),
            (Keyword, "in"),
            (Group, "\"G\""),
            (Operator, "and"),
            (Keyword, "during"),
            (Times, "h"),
        ],
    );
    expect(
        "otherwise: priority high, reply \"Hi {user.name}!\"",
        &[
            (Keyword, "otherwise"),
            (Keyword, "priority"),
            (Value, "high"),
            (Keyword, "reply"),
            (Text, "\"Hi "),
            (Placeholder, "{user.name}"),
            (Text, "!\""),
        ],
    );
    // A token never reaches over a line.
    let lines = kinds("otherwise: reply \"\"\"\n  a\r\n  b\n  \"\"\"");
    assert_eq!(
        lines.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(),
        ["otherwise", "reply", "\"\"\"", "a", "b", "\"\"\""]
    );
}

#[test]
fn tokens_of_a_range() {
    let fixture = fixture("let a = new_customer\nlet b = a");
    let found = semantic_tokens(fixture.folder(), fixture.file, Some(Span { start: 22, end: 25 }));
    assert_eq!(
        found.iter().map(|token| fixture.slice(fixture.file, token.span)).collect::<Vec<_>>(),
        ["let", "b"]
    );
}

#[test]
fn lenses_of_tests_and_rules() {
    let lenses = |policy: &str| {
        let fixture = fixture(policy);
        let found = code_lenses(&fixture.workspace, fixture.file);
        let of = |lens: &crate::ide::CodeLens| {
            let first = fixture.slice(fixture.file, lens.span).lines().next().unwrap_or_default().to_owned();
            let count = match &lens.action {
                LensAction::None => 0,
                LensAction::RunTests(tests) => tests.len(),
            };
            format!("{first}: {} ({count})", lens.title)
        };
        found.iter().map(of).collect::<Vec<_>>()
    };
    let rules = "rule \"a\"\nwhen new_customer: assign nobody\nrule \"b\"\notherwise: assign nobody\n";
    assert_eq!(lenses(rules), [""; 0]);
    assert_eq!(
        lenses(&format!("{rules}test \"t\":\n  given customer new\n  expect rule \"a\"\n")),
        ["rule \"a\": 1 test (1)", "rule \"b\": never tested (0)", "\"t\": run test (1)"],
    );
    assert_eq!(lenses(&format!("{rules}test \"t\": expect rul")), [""; 0]);
}

/// Compares the hints, each after what it follows.
#[track_caller]
fn hinted(policy: &str, expected: &[&str]) {
    let fixture = fixture(policy);
    let all = Span::new(0, policy.len());
    let found = inlay_hints(&fixture.workspace, fixture.file, all);
    let of = |hint: &crate::ide::InlayHint| {
        let before = &policy[..hint.at as usize];
        format!("{} {}", before.lines().last().unwrap_or_default(), hint.text)
    };
    assert_eq!(found.iter().map(of).collect::<Vec<_>>(), expected, "{policy}");
}

#[test]
fn hints_say_what_is_left() {
    hinted(
        "rule \"a\"\nwhen new_customer and any_online in \"Sales\": assign owner\nrule \"b\"\nwhen new_customer: assign owner\n\
         rule \"c\"\nwhen owner_online: assign owner\notherwise: assign owner",
        &[
            "rule \"b\" while nobody in Sales is online",
            "otherwise: returning customers whose owner is not online",
        ],
    );
    hinted(
        "when customer has tag any [\"a\", \"b\"] or during mon: assign owner\nwhen message contains \"x\": assign owner\n\
         otherwise: assign owner",
        &[
            "when message contains \"x\": customers without the tag “a” or “b” while not `during mon`",
            "otherwise: customers without the tag “a” or “b” and whose message…",
        ],
    );
    // Nothing that the rule says itself, and nothing where nothing is left.
    hinted("when new_customer: assign owner\nwhen returning_customer: assign owner", &[]);
    hinted("when new_customer: assign owner\nwhen has_owner: assign owner", &[]);
    hinted("when new_customer: assign owner\nwhen new_customer and owner_online: assign owner", &[]);
    // `move` rules are asked one after the other, and not after the others.
    hinted(
        "when new_customer: assign owner\nmove when chat_waiting: assign owner\nmove when chat in \"Sales\": assign user \"bob\"",
        &["move when chat in \"Sales\": while not `chat_waiting`"],
    );
}

#[test]
fn hints_of_a_range_and_of_files_with_faults() {
    let policy = "when new_customer: assign owner\nwhen during mon: assign owner\notherwise: assign owner";
    let fixture = fixture(policy);
    let found = inlay_hints(&fixture.workspace, fixture.file, Span { start: 40, end: 41 });
    assert_eq!(found.len(), 1);
    hinted(&format!("{policy}\nlet x"), &[]);
    assert!(inlay_hints(&files(SAMPLE, "", "").workspace, "common.rules", Span::default()).is_empty());
}
