//! `[attributes]` and `[message]` of `inbox.toml`: the attributes that customers and messages have besides the built-in
//! ones.

use std::collections::HashMap;

use toml::de::DeValue;

use super::model::{AttributeDefinition, AttributeKind, Inbox};
use super::toml_entry::{TomlEntry, TomlReader};
use crate::diagnostic::{Code, nearest};
use crate::language::vocabulary::{BuiltIn, MessageBuiltIn, is_reserved};
use crate::language::{Folded, fold};
use crate::text::Span;

/// `plan = ["free", "gold"]`, `orders = "number"`
pub(super) fn read_attributes(section: &TomlEntry, inbox: &mut Inbox, reader: &mut TomlReader) {
    inbox.is_complete &= matches!(section.value, DeValue::Table(_));
    for attribute in read_definitions(section, is_reserved, reader) {
        inbox.add_attribute(attribute);
    }
}

/// `campaign = "text"`
pub(super) fn read_message_attributes(section: &TomlEntry, inbox: &mut Inbox, reader: &mut TomlReader) {
    inbox.is_complete &= matches!(section.value, DeValue::Table(_));
    let is_taken = |name: &str| {
        MessageBuiltIn::parse(name).is_some() || (is_reserved(name) && BuiltIn::parse(name).is_none())
    };
    for attribute in read_definitions(section, is_taken, reader) {
        inbox.add_message_attribute(attribute);
    }
}

/// The attributes of a section, none of which may have a name that `is_taken`.
fn read_definitions(
    section: &TomlEntry,
    is_taken: impl Fn(&str) -> bool,
    reader: &mut TomlReader,
) -> Vec<AttributeDefinition> {
    let mut definitions = Vec::new();
    for entry in reader.section(section, "plan = [\"free\", \"gold\"]") {
        check_attribute_name(&entry, &is_taken, reader);
        let kind = match entry.value {
            DeValue::Array(_) => AttributeKind::Words(read_words(&entry, reader).into_iter().collect()),
            DeValue::String(kind) => read_kind(kind, &entry, reader),
            _ => {
                let form = "plan = [\"free\", \"gold\"]` or `orders = \"number\"";
                reader.report(reader.type_mismatch(&entry, "a kind of attribute", form));
                AttributeKind::Unknown
            }
        };
        definitions.push(AttributeDefinition { name: entry.key.to_owned(), kind, span: entry.key_span });
    }
    definitions
}

fn check_attribute_name(entry: &TomlEntry, is_taken: &impl Fn(&str) -> bool, reader: &mut TomlReader) {
    let name = entry.key;
    if !reader.check_not_empty(name, entry.key_span, "an attribute needs a name") {
        return;
    }
    if is_taken(name) {
        let message = format!("an attribute cannot be called `{name}`, which is a word of the language");
        reader.report(reader.error(Code::Syntax, entry.key_span, message).help("choose another name"));
    } else if !is_snake_case(name) {
        let message = format!(
            "`{name}` is not a valid name for an attribute; it can have only lower-case letters a to z, digits and `_`"
        );
        let finding = reader.error(Code::Syntax, entry.key_span, message);
        let snake = snake_case(name);
        if is_snake_case(&snake) && !is_taken(&snake) {
            let fix = format!("write `{snake}`");
            reader.report(finding.help(fix.clone()).fix(fix, entry.key_span, snake));
        } else {
            reader.report(finding.help("choose another name, such as `last_order`"));
        }
    }
}

fn is_snake_case(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// `lastOrder`, `Last order`, `last-order` → `last_order`
fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    let mut after_lowercase = false;
    for letter in name.trim().chars() {
        if letter.is_uppercase() && after_lowercase {
            snake.push('_');
        }
        after_lowercase = letter.is_lowercase();
        if letter == '-' || letter.is_whitespace() {
            snake.push('_');
        } else {
            snake.extend(letter.to_lowercase());
        }
    }
    snake
}

fn read_words(entry: &TomlEntry, reader: &mut TomlReader) -> Vec<(String, Folded)> {
    const FORM: &str = "plan = [\"free\", \"gold\"]";
    let mut words: Vec<(String, Folded)> = Vec::new();
    let mut first_spans: HashMap<Folded, Span> = HashMap::new();
    let list = reader.list(entry, FORM);
    if list.is_empty() {
        let message = format!("`{}` has no words to choose from", entry.key);
        reader.report(
            reader.error(Code::EmptyText, entry.span, message).help(format!("list them, as in `{FORM}`")),
        );
    }
    for word in list {
        let Some(text) = reader.non_empty_text(&word, FORM) else { continue };
        let folded = fold(&text);
        if let Some(first) = first_spans.get(&folded) {
            let message = format!("`{text}` is listed twice in `{}`", entry.key);
            let finding = reader.error(Code::DuplicateName, word.span, message);
            reader.report(
                finding
                    .related(*first, "the first one is here")
                    .help("words that differ only in capitals or accents are the same"),
            );
        } else {
            first_spans.insert(folded.clone(), word.span);
            words.push((text, folded));
        }
    }
    words
}

fn read_kind(word: &str, entry: &TomlEntry, reader: &mut TomlReader) -> AttributeKind {
    match word {
        "text" => AttributeKind::Text,
        "number" => AttributeKind::Number,
        "flag" => AttributeKind::Flag,
        _ if !reader.check_not_empty(word, entry.span, "this text is empty") => AttributeKind::Unknown,
        _ => {
            let kinds = ["text", "number", "flag"];
            let near = nearest(word, kinds).or(match word {
                "string" | "str" => Some("text"),
                "integer" | "int" | "float" | "decimal" => Some("number"),
                "bool" | "boolean" | "yes/no" => Some("flag"),
                _ => None,
            });
            let finding =
                reader.error(Code::UnknownValue, entry.span, format!("`{word}` is not a kind of attribute"));
            let help =
                "write `text`, `number`, `flag`, or the words to choose from, such as `[\"free\", \"gold\"]`";
            reader.did_you_mean(finding, near, help, entry.span);
            AttributeKind::Unknown
        }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::super::tests::findings;
    use super::*;

    #[test]
    fn names_of_attributes() {
        assert_snapshot!(findings("[attributes]\ncountry = \"text\"\nwhen = \"flag\"\nlastOrder = \"text\"\n\"Last order\" = \"text\"\nخطة = \"text\""), @r#"
        2:1 syntax: an attribute cannot be called `country`, which is a word of the language (choose another name)
        3:1 syntax: an attribute cannot be called `when`, which is a word of the language (choose another name)
        4:1 syntax: `lastOrder` is not a valid name for an attribute; it can have only lower-case letters a to z, digits and `_` (write `last_order`) [last_order]
        5:1 syntax: `Last order` is not a valid name for an attribute; it can have only lower-case letters a to z, digits and `_` (write `last_order`) [last_order]
        6:1 syntax: `خطة` needs quotes around it (a name without quotes can have only the letters a to z, digits, `-` and `_`) ["خطة"]
        "#);
    }

    #[test]
    fn names_of_attributes_of_messages() {
        assert_snapshot!(findings("[message]\ncountry = \"text\"\nad = \"text\"\nwhen = \"flag\"\nutmSource = \"text\"\nwinner = \"boolean\""), @r#"
        3:1 syntax: an attribute cannot be called `ad`, which is a word of the language (choose another name)
        4:1 syntax: an attribute cannot be called `when`, which is a word of the language (choose another name)
        5:1 syntax: `utmSource` is not a valid name for an attribute; it can have only lower-case letters a to z, digits and `_` (write `utm_source`) [utm_source]
        6:10 unknown-value: `boolean` is not a kind of attribute (did you mean `flag`?) ["flag"]
        "#);
    }

    #[test]
    fn names_in_snake_case() {
        assert_eq!(snake_case("lastOrder Date-9"), "last_order_date_9");
        assert!(is_snake_case("last_order_9") && !is_snake_case("9_last") && !is_snake_case(""));
    }
}
