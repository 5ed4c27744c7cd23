//! `editors/vscode/syntaxes/inbox-rules.tmLanguage.json`, made from the vocabulary.
//!
//! A grammar of editors knows no more than the words around a word. So each part of an item (a condition, the actions, the
//! lines of a test) is a region with words of its own, as in `src/ide/classify.rs`. A region ends where the next item
//! begins.

use inbox_rules::language::vocabulary::{WordClass, entries};
use serde_json::{Value, json};

/// The whole grammar.
pub(super) fn grammar() -> Value {
    json!({
        "information_for_contributors":
            "Made from src/language/vocabulary.rs by tests/it/editors/grammar.rs: UPDATE=1 cargo test --test it editors",
        "name": "Inbox rules",
        "scopeName": "source.inbox-rules",
        "fileTypes": ["rules"],
        "patterns": [
            { "include": "#comment" },
            { "include": "#test" },
            { "include": "#definition" },
            { "include": "#calendar_item" },
            { "include": "#heading" },
            { "include": "#condition" },
            { "include": "#actions" },
            words(WordClass::Item),
            { "include": "#text" },
        ],
        "repository": {
            "comment": comment(),
            "text": { "patterns": [block(), string()] },
            "escape": escape(),
            "placeholder": placeholder(),
            "reply": { "patterns": [reply_block(), reply()] },
            "pattern": pattern(),
            "number": { "patterns": numbers() },
            "calendar_word": { "patterns": [words(WordClass::Day), words(WordClass::Month)] },
            "attribute": attribute(),
            "choice": { "patterns": choices() },
            "name": { "patterns": names() },
            "sign": { "patterns": signs() },
            "heading": heading(),
            "definition": definition(),
            "calendar_item": calendar_item(),
            "condition": condition(),
            "condition_part": { "patterns": condition_parts() },
            "actions": actions(),
            "test": test(),
            "given": given(),
            "expect": expect(),
        },
    })
}

// ---------------------------------------------------------------- words

/// What words of a class are. It names every class, so a new one cannot be forgotten here.
fn scope(class: WordClass) -> &'static str {
    match class {
        WordClass::Item => "keyword.control.item",
        WordClass::TestLine => "keyword.control.test-line",
        WordClass::Operand => "keyword.control.operand",
        WordClass::ValueTest => "keyword.control.value-test",
        WordClass::Condition => "keyword.control.condition",
        WordClass::Action => "keyword.control.action",
        WordClass::Target => "keyword.control.target",
        WordClass::ActionPart => "keyword.control.action-part",
        WordClass::TestPart => "keyword.control.test-part",
        WordClass::Presence => "keyword.control.presence",
        WordClass::Fact => "support.function.fact",
        WordClass::Count => "support.function.count",
        WordClass::Attribute => "support.variable.attribute",
        WordClass::Kind => "constant.language.kind",
        WordClass::Algorithm => "constant.language.algorithm",
        WordClass::Day => "constant.language.day",
        WordClass::Month => "constant.language.month",
        WordClass::Eligibility => "constant.language.eligibility",
        WordClass::Priority => "constant.language.priority",
    }
}

/// `and`, `or` and `not` are operators, whatever they join.
const LOGICAL: &[&str] = &["and", "or", "not"];

fn of_class(class: WordClass) -> Vec<&'static str> {
    let words = entries().filter(|entry| entry.class == class).map(|entry| entry.word);
    words.filter(|word| !LOGICAL.contains(word)).collect()
}

/// One of the words of a class, as a part of a regular expression.
fn any_of(class: WordClass) -> String {
    format!("(?:{})(?!\\w)", of_class(class).join("|"))
}

fn words(class: WordClass) -> Value {
    json!({ "match": format!("(?<!\\w){}", any_of(class)), "name": named(scope(class)) })
}

fn logical() -> Value {
    json!({
        "match": format!("(?<!\\w)(?:{})(?!\\w)", LOGICAL.join("|")),
        "name": named("keyword.operator.logical"),
    })
}

fn named(scopes: &str) -> String {
    let named: Vec<String> = scopes.split(' ').map(|scope| format!("{scope}.inbox-rules")).collect();
    named.join(" ")
}

/// The names of the groups of a regular expression, from the first.
fn captures(scopes: &[&str]) -> Value {
    let named = scopes.iter().enumerate().map(|(at, scopes)| {
        let patterns = if scopes.contains("string") { json!([{ "include": "#escape" }]) } else { json!([]) };
        ((at + 1).to_string(), json!({ "name": named(scopes), "patterns": patterns }))
    });
    named.collect()
}

/// Where the line of the next item begins.
fn next_item() -> String {
    format!("(?=^[ \\t]*{})", any_of(WordClass::Item))
}

const NAME: &str = "[a-z]\\w*";
/// A text on one line, or what is there of it.
const TEXT: &str = r#""(?:[^"\\]|\\.)*"?"#;

// ---------------------------------------------------------------- comments, texts, patterns, numbers

fn comment() -> Value {
    json!({
        "match": "(#).*$",
        "name": named("comment.line.number-sign"),
        "captures": captures(&["punctuation.definition.comment"]),
    })
}

const BEGIN: &str = "punctuation.definition.string.begin";
const END: &str = "punctuation.definition.string.end";
const LINE: &str = "string.quoted.double";
const LINES: &str = "string.quoted.triple";

fn string() -> Value {
    json!({
        "begin": "(\")",
        "beginCaptures": captures(&[BEGIN]),
        "end": "(\")|$",
        "endCaptures": captures(&[END]),
        "name": named(LINE),
        "patterns": [{ "include": "#escape" }],
    })
}

/// `"""` at the end of a line, to `"""` at the start of one.
fn block() -> Value {
    json!({
        "begin": "(\"\"\")[ \\t]*$",
        "beginCaptures": captures(&[BEGIN]),
        "end": "^[ \\t]*(\"\"\")",
        "endCaptures": captures(&[END]),
        "name": named(LINES),
        "patterns": [{ "include": "#escape" }],
    })
}

fn reply() -> Value {
    json!({
        "begin": "(?<!\\w)(reply)\\s+(\")",
        "beginCaptures": captures(&[scope(WordClass::Action), &format!("{LINE} {BEGIN}")]),
        "end": "(\")|$",
        "endCaptures": captures(&[&format!("{LINE} {END}")]),
        "contentName": named(LINE),
        "patterns": [{ "include": "#escape" }, { "include": "#placeholder" }],
    })
}

fn reply_block() -> Value {
    json!({
        "begin": "(?<!\\w)(reply)\\s+(\"\"\")[ \\t]*$",
        "beginCaptures": captures(&[scope(WordClass::Action), &format!("{LINES} {BEGIN}")]),
        "end": "^[ \\t]*(\"\"\")",
        "endCaptures": captures(&[&format!("{LINES} {END}")]),
        "contentName": named(LINES),
        "patterns": [{ "include": "#escape" }, { "include": "#placeholder" }],
    })
}

fn escape() -> Value {
    json!({ "patterns": [
        {
            "match": r#"\\(?:["\\nt]|u\{[0-9A-Fa-f]{1,6}\})"#,
            "name": named("constant.character.escape"),
        },
        { "match": r"\\.", "name": named("invalid.illegal.escape") },
    ] })
}

/// `{customer.name or there}`; two braces are one.
fn placeholder() -> Value {
    json!({ "patterns": [
        { "match": r"\{\{|\}\}", "name": named("constant.character.escape.brace") },
        {
            "begin": r"(\{)\s*([\w.]*)",
            "beginCaptures": captures(&["punctuation.section.embedded.begin", "variable.other.placeholder"]),
            "end": r#"(\})|(?=["{])|$"#,
            "endCaptures": captures(&["punctuation.section.embedded.end"]),
            "name": named("constant.other.placeholder"),
            "patterns": [{
                "match": r#"(?<=\s)(or)(?:\s+([^{}"]*))?(?=["{}]|$)"#,
                "captures": captures(&["keyword.operator.logical", "string.unquoted.fallback"]),
            }],
        },
    ] })
}

fn pattern() -> Value {
    let class = json!({
        "begin": r"\[\^?\]?",
        "end": r"\]|(?=/)|$",
        "name": named("constant.other.character-class.regexp"),
        "patterns": [{ "match": r"\\.", "name": named("constant.character.escape.regexp") }],
    });
    json!({
        "begin": "(/)(?!/)",
        "beginCaptures": captures(&[BEGIN]),
        "end": "(/)|$",
        "endCaptures": captures(&[END]),
        "name": named("string.regexp"),
        "patterns": [
            { "match": r"\\.", "name": named("constant.character.escape.regexp") },
            class,
            { "match": r"[*+?]|\{\d+(?:,\d*)?\}", "name": named("keyword.operator.quantifier.regexp") },
            { "match": r"[|^$]", "name": named("keyword.operator.regexp") },
            { "match": r"\((?:\?[:\w<>]+)?|\)", "name": named("punctuation.definition.group.regexp") },
        ],
    })
}

fn numbers() -> Vec<Value> {
    vec![
        json!({ "match": r"(?<!\w)\d{4}-\d{2}-\d{2}(?!\w)", "name": named("constant.numeric.date") }),
        json!({ "match": r"(?<!\w)\d{2}:\d{2}(?!\w)", "name": named("constant.numeric.time") }),
        json!({
            "match": r"(?<!\w)\d[\d_]*([smhd])(?!\w)",
            "name": named("constant.numeric.duration"),
            "captures": captures(&["keyword.other.unit"]),
        }),
        json!({ "match": r"(?<!\w)-?\d[\d_]*(?:\.\d+)?(?!\w)", "name": named("constant.numeric") }),
    ]
}

fn signs() -> Vec<Value> {
    vec![
        json!({ "match": "[<>]=?|=", "name": named("keyword.operator.comparison") }),
        json!({ "match": ",", "name": named("punctuation.separator.comma") }),
        json!({ "match": "\\.\\.|-", "name": named("keyword.operator.range") }),
        json!({ "match": "[()]", "name": named("punctuation.section.parens") }),
        json!({ "match": "[\\[\\]]", "name": named("punctuation.section.list") }),
    ]
}

// ---------------------------------------------------------------- what some words make of the next one

/// `.plan`, `.country`
fn attribute() -> Value {
    let accessor = "punctuation.accessor";
    json!({ "patterns": [
        {
            "match": format!("(?<!\\.)(\\.)({})", any_of(WordClass::Attribute)),
            "captures": captures(&[accessor, scope(WordClass::Attribute)]),
        },
        {
            "match": format!("(?<!\\.)(\\.)({NAME})"),
            "captures": captures(&[accessor, "variable.other.property"]),
        },
    ] })
}

/// `by least_chats`, `among online`, `priority high`
fn choices() -> Vec<Value> {
    let choice = |word: &str, class: WordClass, of: WordClass| {
        assert!(of_class(class).contains(&word));
        json!({
            "match": format!("(?<!\\w)({word})\\s+({})", any_of(of)),
            "captures": captures(&[scope(class), scope(of)]),
        })
    };
    vec![
        choice("by", WordClass::ActionPart, WordClass::Algorithm),
        choice("among", WordClass::ActionPart, WordClass::Eligibility),
        choice("priority", WordClass::Action, WordClass::Priority),
    ]
}

/// `group "Sales"`, `user "bob"`, `tag "vip"`, `has tag any ["vip", "press"]`
fn names() -> Vec<Value> {
    let of = |word: &str, class: WordClass, name: &str| {
        assert!(of_class(class).contains(&word));
        json!({
            "match": format!("(?<!\\w)({word})\\s+(?!\"\"\")({TEXT})"),
            "captures": captures(&[scope(class), &format!("{LINE} {name}")]),
        })
    };
    let tag = "constant.other.tag";
    let (action, condition) = (scope(WordClass::Action), scope(WordClass::Condition));
    let mut tagged = string();
    tagged["name"] = json!(named(&format!("{LINE} {tag}")));
    vec![
        of("group", WordClass::Target, "entity.name.type.group"),
        of("in", WordClass::Condition, "entity.name.type.group"),
        of("user", WordClass::Target, "entity.name.type.user"),
        of("owner", WordClass::Target, "entity.name.type.user"),
        of("tag", WordClass::Action, tag),
        json!({
            "begin": "(?<!\\w)(tag)\\s+(any)\\s*(\\[)",
            "beginCaptures": captures(&[action, condition, "punctuation.section.list"]),
            "end": format!("(\\])|{}", next_item()),
            "endCaptures": captures(&["punctuation.section.list"]),
            "patterns": [{ "include": "#comment" }, tagged, { "include": "#sign" }],
        }),
    ]
}

// ---------------------------------------------------------------- items and their parts

/// `rule "welcome"`
fn heading() -> Value {
    json!({
        "match": format!("(?<!\\w)(rule)\\s+({TEXT})"),
        "captures": captures(&[scope(WordClass::Item), &format!("{LINE} entity.name.function.rule")]),
    })
}

/// `let vip = …`
fn definition() -> Value {
    json!({
        "begin": format!("^[ \\t]*(let)(?!\\w)(?:\\s+({NAME}))?(?:\\s*(=))?"),
        "beginCaptures": captures(&[
            scope(WordClass::Item), "entity.name.constant.definition", "keyword.operator.assignment",
        ]),
        "end": next_item(),
        "patterns": [{ "include": "#condition_part" }],
    })
}

/// `hours office = …`, `dates holidays = …`
fn calendar_item() -> Value {
    json!({
        "begin": format!("^[ \\t]*(hours|dates)(?!\\w)(?:\\s+({NAME}))?(?:\\s*(=))?"),
        "beginCaptures": captures(&[
            scope(WordClass::Item), "entity.name.constant.calendar", "keyword.operator.assignment",
        ]),
        "end": next_item(),
        "patterns": [
            { "include": "#comment" },
            { "include": "#number" },
            { "include": "#calendar_word" },
            { "match": "(?<!\\w)except(?!\\w)", "name": named(scope(WordClass::Condition)) },
            { "match": format!("(?<!\\w){NAME}"), "name": named("variable.other.constant.calendar") },
            { "include": "#sign" },
        ],
    })
}

/// From `when` to the colon, which is none of those in `09:00`. Where the colon is missing, an action ends it.
fn condition() -> Value {
    json!({
        "begin": "(?<!\\w)(when)(?!\\w)",
        "beginCaptures": captures(&[scope(WordClass::Item)]),
        "end": format!("(?=(?<!\\d):|:(?!\\d))|(?<!\\w)(?=(?:assign|reply|priority)(?!\\w))|{}", next_item()),
        "patterns": [{ "include": "#condition_part" }],
    })
}

fn condition_parts() -> Vec<Value> {
    let (condition, operand) = (scope(WordClass::Condition), scope(WordClass::Operand));
    let calendar_word = format!("{}|{}", any_of(WordClass::Day), any_of(WordClass::Month));
    vec![
        json!({ "include": "#comment" }),
        json!({ "include": "#text" }),
        json!({ "include": "#pattern" }),
        json!({ "include": "#name" }),
        json!({
            "match": format!("(?<!\\w)(chat)\\s+(with)\\s+({TEXT})"),
            "captures": captures(&[operand, condition, &format!("{LINE} entity.name.type.user")]),
        }),
        json!({
            "match": format!("(?<!\\w)(has)\\s+({})", any_of(WordClass::Attribute)),
            "captures": captures(&[condition, scope(WordClass::Attribute)]),
        }),
        json!({
            "match": format!("(?<!\\w)(has)\\s+(?!tag(?!\\w))({NAME})"),
            "captures": captures(&[condition, "variable.other.property"]),
        }),
        json!({
            "match": format!("(?<!\\w)(during)\\s+(?!{calendar_word})({NAME})"),
            "captures": captures(&[operand, "variable.other.constant.calendar"]),
        }),
        json!({ "include": "#attribute" }),
        logical(),
        words(WordClass::Operand),
        words(WordClass::ValueTest),
        words(WordClass::Condition),
        words(WordClass::Fact),
        words(WordClass::Count),
        words(WordClass::Kind),
        json!({ "match": "(?<!\\w)tag(?!\\w)", "name": named(scope(WordClass::Action)) }),
        json!({ "include": "#calendar_word" }),
        json!({ "include": "#number" }),
        json!({ "match": format!("(?<!\\w){NAME}"), "name": named("variable.other.constant.definition") }),
        json!({ "include": "#sign" }),
    ]
}

/// From the colon to the next item.
fn actions() -> Value {
    json!({
        "begin": "(:)|(?<!\\w)(?=(?:assign|reply|priority)(?!\\w))",
        "beginCaptures": captures(&["punctuation.section.actions"]),
        "end": next_item(),
        "patterns": [
            { "include": "#comment" },
            { "include": "#reply" },
            { "include": "#choice" },
            { "include": "#name" },
            {
                "match": format!("(?<!\\w)(skill)\\s+({TEXT})"),
                "captures": captures(&[scope(WordClass::ActionPart), &format!("{LINE} constant.other.skill")]),
            },
            { "include": "#text" },
            { "include": "#attribute" },
            logical(),
            words(WordClass::Action),
            words(WordClass::Target),
            words(WordClass::ActionPart),
            words(WordClass::Condition),
            { "match": "(?<!\\w)customer(?!\\w)", "name": named(scope(WordClass::Operand)) },
            { "include": "#number" },
            { "include": "#sign" },
        ],
    })
}

/// `test "name": given … expect …`
fn test() -> Value {
    json!({
        "begin": format!("^[ \\t]*(test)(?!\\w)(?:\\s+({TEXT}))?"),
        "beginCaptures": captures(&[scope(WordClass::Item), &format!("{LINE} entity.name.function.test")]),
        "end": next_item(),
        "patterns": [
            { "include": "#comment" },
            { "include": "#given" },
            { "include": "#expect" },
            { "match": ":", "name": named("punctuation.section.test") },
        ],
    })
}

/// A line of a test, up to the next one.
fn test_line(word: &str, patterns: Vec<Value>) -> Value {
    assert!(of_class(WordClass::TestLine).contains(&word));
    let mut all = vec![json!({ "include": "#comment" })];
    all.extend(patterns);
    all.extend([json!({ "include": "#number" }), json!({ "include": "#sign" })]);
    json!({
        "begin": format!("(?<!\\w)({word})(?!\\w)"),
        "beginCaptures": captures(&[scope(WordClass::TestLine)]),
        "end": format!("(?<!\\w)(?={})|{}", any_of(WordClass::TestLine), next_item()),
        "patterns": all,
    })
}

fn given() -> Value {
    let user = json!({
        "match": format!("(?<!\\w)(with|after)\\s+({TEXT})"),
        "captures": captures(&[scope(WordClass::TestPart), &format!("{LINE} entity.name.type.user")]),
    });
    test_line(
        "given",
        vec![
            json!({ "include": "#name" }),
            user,
            json!({ "include": "#text" }),
            logical(),
            words(WordClass::Presence),
            words(WordClass::TestPart),
            words(WordClass::Operand),
            words(WordClass::Count),
            words(WordClass::Target),
            words(WordClass::Condition),
            words(WordClass::Kind),
            json!({ "include": "#calendar_word" }),
            words(WordClass::Attribute),
            json!({ "match": "(?<!\\w)tag(?!\\w)", "name": named(scope(WordClass::Action)) }),
            json!({ "match": format!("(?<!\\w){NAME}"), "name": named("variable.other.property") }),
        ],
    )
}

fn expect() -> Value {
    test_line(
        "expect",
        vec![
            json!({ "include": "#heading" }),
            json!({ "include": "#choice" }),
            json!({ "include": "#name" }),
            json!({ "include": "#text" }),
            logical(),
            words(WordClass::Action),
            words(WordClass::Target),
            words(WordClass::TestPart),
            words(WordClass::ValueTest),
            words(WordClass::Condition),
            words(WordClass::Item),
            words(WordClass::Count),
        ],
    )
}
