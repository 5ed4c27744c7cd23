//! What stands around the rules when they are written anew: comments, line endings, a byte-order mark.

use proptest::prelude::*;

use super::{options, read, store, write};

/// The five cases, each told apart by itself, so that they can come in any order.
const RULES: [&str; 5] = [
    "rule \"a\"\nwhen new_customer and any_online in \"Sales\":\n    assign group \"Sales\" by random",
    "rule \"b\" when new_customer and all_offline in \"Sales\": assign group \"Sales\" by in_order, reply \"Hi\"",
    "rule \"c\"\nwhen returning_customer and owner_online:\n    assign owner",
    "rule \"d\" when returning_customer and not owner_online and any_online in \"Support\":\n    assign group \"Support\" by hand",
    "rule \"e\"\nwhen returning_customer and not owner_online and all_offline in \"Support\":\n    assign owner else group \"Support\" by in_order",
];

/// For each rule, each of: a comment above with an empty line between, one directly above, one behind, one below that
/// is further to the right.
fn file_with(order: &[usize], comments: &[[bool; 4]], opening: bool) -> String {
    let mut text = String::new();
    if opening {
        text += "# About the file.\n\n";
    }
    for (at, (rule, [apart, above, behind, below])) in order.iter().zip(comments).enumerate() {
        let name = &RULES[*rule][6..7];
        // At the start of the file it would be about the file.
        let apart = *apart && (at > 0 || opening);
        let mut comment = |wanted: bool, text_of: String| {
            if wanted {
                text += &text_of;
            }
        };
        comment(apart, format!("# {name} apart\n\n"));
        comment(*above, format!("# {name} above\n"));
        comment(true, RULES[*rule].to_owned());
        comment(*behind, format!(" # {name} behind"));
        comment(*below, format!("\n    # {name} below"));
        text += "\n\n";
    }
    text + "# About the test.\ntest \"t\":\n    expect no reply # About the reply.\n"
}

/// Each comment with the name of the rule that it is said to stand on, and whether it is below the rule's first line.
fn places(text: &str) -> Vec<(String, String)> {
    let lines: Vec<&str> = text.trim_start_matches('\u{FEFF}').lines().collect();
    let name = |line: &&str| line.strip_prefix("rule \"").map(|rest| rest[..1].to_owned());
    let mut places = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some((_, comment)) = line.rsplit_once("# ") else { continue };
        // The text of a reply.
        if comment == "no\"" {
            continue;
        }
        if comment.starts_with("About") {
            places.push((comment.to_owned(), String::new()));
            continue;
        }
        let is_in = line.starts_with(' ') || comment.ends_with("behind");
        let rule =
            if is_in { lines[..=at].iter().rev().find_map(name) } else { lines[at..].iter().find_map(name) };
        places.push((comment.to_owned(), rule.unwrap_or_default()));
    }
    places.sort();
    places
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn comments_stay_on_their_rules(
        order in Just(vec![0, 1, 2, 3, 4]).prop_shuffle(),
        comments in prop::array::uniform5(any::<[bool; 4]>()),
        (opening, windows, mark) in any::<(bool, bool, bool)>(),
        options in options(),
    ) {
        let mut text = file_with(&order, &comments, opening);
        if windows {
            text = text.replace('\n', "\r\n");
        }
        if mark {
            text.insert(0, '\u{FEFF}');
        }
        let before = places(&text);
        for (comment, rule) in &before {
            prop_assert!(comment.starts_with(&**rule) || comment.starts_with("About"), "{}", text);
        }
        let written = write(&text, &options);
        prop_assert_eq!(read(&written), Ok(Some(options)), "{}", written);
        prop_assert_eq!(places(&written), before, "{}\n→\n{}", text, written);
        prop_assert_eq!(written.starts_with('\u{FEFF}'), mark);
        prop_assert_eq!(written.matches('\u{FEFF}').count(), usize::from(mark));
        let breaks = written.matches('\n').count();
        prop_assert_eq!(written.matches("\r\n").count(), if windows { breaks } else { 0 }, "{:?}", written);
        prop_assert!(!written.replace('\r', "").contains("\n\n\n"), "{}", written);
        if opening {
            let opens = written.trim_start_matches('\u{FEFF}').starts_with("# About the file.");
            prop_assert!(opens, "{}", written);
        }
    }
}

#[test]
fn the_comments_of_a_rule_that_goes_stand_on_the_one_that_takes_its_place() {
    let text = "# one\nrule \"one\" when new_customer and any_online: assign group \"A\" by random # behind one\n\n\
        # two\nrule \"two\" when new_customer and all_offline: assign group \"A\" by random\n\n\
        # gold\nrule \"gold\" when owner_online: assign owner\n\n\
        # away\nrule \"away\" when owner_offline: assign group \"A\" by random\n\n\
        # rest\nrule \"rest\" when any_online: assign group \"A\" by random\n\n\
        # last\notherwise: assign group \"A\" by random\n";
    let mut options = read(text).unwrap().unwrap();
    options.owner_online.reply = Some("Hi".to_owned());
    options.new_group = Some("A".to_owned());
    let written = write(text, &options);
    assert_eq!(read(&written), Ok(Some(options)));
    for comment in ["# one", "# behind one", "# two", "# gold", "# away", "# rest", "# last"] {
        assert!(written.contains(comment), "{comment}: {written}");
    }
    assert!(!written.contains("\n\n\n") && written.ends_with('\n'), "{written}");
}

#[test]
fn a_file_with_nothing_but_a_mark_begins_with_its_rules() {
    assert!(write("\u{FEFF}", &store()).starts_with("\u{FEFF}rule \""));
    assert!(write("\n \n", &store()).starts_with("rule \""));
    let written = write("\u{FEFF}# The test.\r\ntest \"t\":\r\n    expect no reply\r\n", &store());
    assert!(written.starts_with("\u{FEFF}rule \""), "{written}");
    assert!(written.ends_with("\r\n\r\n# The test.\r\ntest \"t\":\r\n    expect no reply\r\n"), "{written}");
    assert_eq!(written.matches('\n').count(), written.matches("\r\n").count());
}

#[test]
fn a_single_reply_is_added_with_the_line_ending_of_the_file() {
    let text = "\u{FEFF}otherwise:\r\n    assign owner else group \"A\" by random\r\n";
    let mut options = read(text).unwrap().unwrap();
    for case in [
        &mut options.new_online,
        &mut options.new_offline,
        &mut options.owner_online,
        &mut options.owner_not_online,
        &mut options.all_offline,
    ] {
        case.reply = Some("Hi".to_owned());
    }
    assert_eq!(
        write(text, &options),
        "\u{FEFF}otherwise:\r\n    assign owner else group \"A\" by random,\r\n    reply \"Hi\"\r\n"
    );
}
