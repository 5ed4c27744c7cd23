//! The rules of the simulated inboxes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use inbox_rules::{Folder, Release, RuleSet};

/// The numbers of an inbox.
pub(super) fn numbers(inbox: &str) -> [Arc<str>; 2] {
    let digit = if inbox == "a" { 1 } else { 2 };
    [format!("+1555010{digit}").into(), format!("+1555020{digit}").into()]
}

/// The users that some version of an inbox has.
pub(super) const USERS: [&str; 4] = ["ana", "bo", "cy", "di"];

/// The groups that some version of an inbox has.
pub(super) const GROUPS: [&str; 3] = ["Sales", "Support", "Help"];

const INBOXES: [&str; 2] = [
    r#"
[users.ana]
capacity = 2
[users.bo]
capacity = 1
[users.cy]
owns = false
[groups]
Sales = ["ana", "bo", "cy"]
Support = ["bo", "cy"]
"#,
    // `ana` has left, and `Support` has another name.
    r#"
[users.bo]
capacity = 2
[users.cy]
owns = false
[users.di]
[groups]
Sales = ["bo", "cy", "di"]
Help = ["bo", "cy"]
"#,
];

const RULES: [&str; 2] = [
    r#"
also when message contains "refund": tag "refund", priority high, reply "Sorry." once per 2m
also when message contains "hello": reply "Still there?" once per 3m after 30s, tag "late" after 1m, priority high after 10s
move when message contains "urgent": assign group "Support" by in_order among online for 40s
    else group "Sales" by least_chats among available
move when message contains "bye": assign nobody, reply "Bye."
rule "refund" when message contains "refund": assign group "Sales" by in_order among online for 30s
    else group "Support" by in_order among available for 1m else group "Sales" by hand, reply "One moment." once per 2m
rule "later" when message contains "later": assign group "Support" by hand for 50s else group "Sales" by in_order among available
otherwise: assign owner among available else group "Sales" by least_chats among available for 1m
    else group "Sales" by random among online, reply "Hi." once per 1m
"#,
    r#"
also when message contains "hello": reply "Ping." once per 1m after 20s
when message contains "nobody": assign nobody
otherwise: assign group "Sales" by in_order among available for 20s else group "Sales" by in_order among online for 20s
    else user "bo" among online, priority low, reply "Hello."
"#,
];

/// How many versions of its rules an inbox has.
pub(super) const VERSIONS: usize = 4;

/// A version of the rules of an inbox: the first; one with another comment; one in which a user has left and
/// a group has another name; one in which a number has no policy.
pub(super) fn release(inbox: &str, version: usize) -> Arc<Release> {
    type Releases = BTreeMap<(String, usize), Arc<Release>>;
    static MADE: Mutex<Releases> = Mutex::new(BTreeMap::new());
    let mut made = MADE.lock().unwrap();
    Arc::clone(made.entry((inbox.to_owned(), version)).or_insert_with(|| make(inbox, version)))
}

fn make(inbox: &str, version: usize) -> Arc<Release> {
    let [first, second] = numbers(inbox);
    let toml = format!(
        "[numbers]\n\"{first}\" = {{ phone_number_id = \"1{inbox}\" }}\n\"{second}\" = {{ phone_number_id = \"2{inbox}\" }}\n{}",
        INBOXES[usize::from(version == 2)]
    );
    let rename =
        |text: &str| if version == 2 { text.replace("\"Support\"", "\"Help\"") } else { text.to_owned() };
    let comment = if version == 1 { "# Another comment.\n" } else { "" };
    let mut texts = vec![
        ("inbox.toml".to_owned(), toml),
        (format!("{first}.rules"), format!("{comment}{}", rename(RULES[0]))),
    ];
    if version != 3 {
        texts.push((format!("{second}.rules"), rename(RULES[1])));
    }
    let folder = Folder::from_texts(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    let mut release = Release::default();
    release.set = Arc::new(RuleSet::from_folder(&folder).unwrap_or_else(|error| panic!("{error}")));
    release.folder = folder;
    release.digest = format!("sha256:{version}");
    Arc::new(release)
}
