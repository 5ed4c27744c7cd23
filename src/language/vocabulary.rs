//! The one table of the language's words: what each is, how it is written, what it means.
//!
//! The checker, did-you-mean, the reference (`docs/language.md`) and the editor are made from it or tested
//! against it. A new fact is one row in `words!` below and one evaluation in the engine.

mod comparison;

use std::collections::HashMap;
use std::sync::LazyLock;

pub use comparison::Comparison;

/// Where a word of the language belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WordClass {
    /// Starts an item: `rule`, `when`, `let`.
    Item,
    /// Starts a condition: `not`, `during`, `message`, `customer`.
    Operand,
    /// Starts the test of a value: `is`, `contains`.
    ValueTest,
    /// Joins conditions, or the parts of one: `and`, `in`, `any`.
    Condition,
    /// Starts an action: `assign`, `reply`.
    Action,
    /// Starts the target of an `assign`: `owner`, `group`.
    Target,
    /// Joins the parts of an action: `by`, `once`.
    ActionPart,
    /// Starts a line of a test: `given`, `expect`.
    TestLine,
    /// Is a part of a line of a test: `idle`, `aged`.
    TestPart,
    /// A fact that holds or not: `new_customer`.
    Fact,
    /// A number to compare: `online`, `waiting`.
    Count,
    /// A kind of message: `image`.
    Kind,
    /// A way to choose: `least_chats`.
    Algorithm,
    /// A day of the week: `mon`.
    Day,
    /// A month: `dec`.
    Month,
    /// An attribute of every customer or message: `country`, `age`.
    Attribute,
    /// Whom a choice considers: `online`, `available`, `everyone`.
    Eligibility,
    /// How urgent a chat is: `high`.
    Priority,
    /// Whether a user is there: `online`, `away`, `offline`.
    Presence,
}

/// A word of the language: one row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WordEntry {
    /// The word.
    pub word: &'static str,
    /// Where it belongs.
    pub class: WordClass,
    /// How it is written.
    pub form: &'static str,
    /// What it means, in one sentence.
    pub meaning: &'static str,
    /// What people write instead of it where it belongs. A phrase with `^` is a mistake anywhere: parsing accepts what is
    /// before the `^` and stops at the word after it.
    pub instead: &'static [&'static str],
}

/// Makes an enum of words with its rows of the table, and its reading back from text.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $class:expr, { $($variant:ident $word:literal $form:literal $meaning:literal $([$($instead:literal),+])?,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $(#[doc = concat!("`", $form, "`: ", $meaning)] $variant,)*
        }

        impl $name {
            /// Every one, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            const WORDS: &'static [&'static str] = &[$($word),*];
            const ENTRIES: &'static [WordEntry] =
                &[$(WordEntry {
                    word: $word,
                    class: $class,
                    form: $form,
                    meaning: $meaning,
                    instead: &[$($($instead),+)?],
                }),*];

            /// The word as it is written.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// The one written `word`.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(self.word())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.word())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                Self::parse(&word).ok_or_else(|| serde::de::Error::unknown_variant(&word, Self::WORDS))
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "enum": Self::WORDS })
            }
        }
    };
}

words!(
    /// A fact that holds or does not. `any_online`, `all_offline` and `any_available` take `in "GROUP"`.
    FactWord, WordClass::Fact, {
    NewCustomer "new_customer" "new_customer" "the customer has never written to this inbox before",
    ReturningCustomer "returning_customer" "returning_customer" "the customer has written to this inbox before",
    HasOwner "has_owner" "has_owner" "a user of the inbox owns the customer",
    OwnerOnline "owner_online" "owner_online" "the customer has an owner, who is online",
    OwnerOffline "owner_offline" "owner_offline" "the customer has an owner, who is not online",
    OwnerAway "owner_away" "owner_away" "the customer has an owner, who is away" ["owner ^ is away"],
    AnyOnline "any_online" "any_online [in \"GROUP\"]" "at least one user of the inbox, or of that group, is online",
    AllOffline "all_offline" "all_offline [in \"GROUP\"]" "no user of the inbox, or of that group, is online",
    AnyAvailable "any_available" "any_available [in \"GROUP\"]" "somebody there is online and below their capacity",
    ChatOpen "chat_open" "chat_open" "the customer's chat with this number is open" ["chat ^ is open"],
    ChatWaiting "chat_waiting" "chat_waiting" "the chat is open, and nobody has it" ["chat ^ is waiting", "chat ^ waits"],
    ChatAnswered "chat_answered" "chat_answered" "a user has written in the open chat since it was last given to one or began to wait" ["chat ^ is answered", "chat ^ was answered"],
    UserOnline "user_online" "user_online" "the user who has the open chat is online" ["user ^ is online"],
    UserOffline "user_offline" "user_offline" "the user who has the open chat is not online" ["user ^ is offline"],
    UserAway "user_away" "user_away" "the user who has the open chat is away" ["user ^ is away"],
});

impl FactWord {
    /// Whether `in "GROUP"` may follow.
    pub fn takes_group(self) -> bool {
        matches!(self, Self::AnyOnline | Self::AllOffline | Self::AnyAvailable)
    }
}

words!(
    /// What is counted: `online in "Sales" >= 2`.
    Count, WordClass::Count, {
    Online "online" "online [in \"GROUP\"] >= NUMBER" "how many users there are online",
    Available "available" "available [in \"GROUP\"] >= NUMBER" "how many users there are online and below their capacity",
    Waiting "waiting" "waiting [in \"GROUP\"] >= NUMBER" "how many chats are waiting there, without a user",
});

words!(
    /// The kind of a message.
    MessageKind, WordClass::Kind, {
    Text "text" "message is text" "a written message",
    Image "image" "message is image" "a picture, with or without a caption",
    Audio "audio" "message is audio" "a voice message or another sound",
    Video "video" "message is video" "a video, with or without a caption",
    Document "document" "message is document" "a file",
    Sticker "sticker" "message is sticker" "a sticker",
    Location "location" "message is location" "a place on the map",
    Contact "contact" "message is contact" "a contact card",
    Button "button" "message is button" "a tap on a button or a list entry",
    Reaction "reaction" "message is reaction" "an emoji on an earlier message",
    Order "order" "message is order" "an order from the catalogue",
    Unsupported "unsupported" "message is unsupported" "something that WhatsApp does not pass on",
    Other "other" "message is other" "a kind that is not in this list",
});

words!(
    /// How one member of the pool is chosen.
    Algorithm, WordClass::Algorithm, {
    Random "random" "by random" "anyone in the pool, all with the same chance" ["random ^ order", "random ^ choice", "random ^ user", "random ^ member"],
    InOrder "in_order" "by in_order" "the first of the pool in turn order, after the member who had the last turn" ["round ^ robin", "round ^ - robin", "turn ^ order", "in turn"],
    MostWaiting "most_waiting" "by most_waiting" "the user whose last message is longest ago; a user who never had one comes first" ["longest ^ waiting"],
    LeastChats "least_chats" "by least_chats" "the user with the fewest open chats, over all groups and numbers" ["fewest ^ open chats", "fewest ^ chats"],
    LeastLoad "least_load" "by least_load" "the user with the lowest ratio of open chats to capacity" ["least ^ busy"],
    Weighted "weighted" "by weighted" "at random, in proportion to the weight",
    Hand "hand" "by hand" "nobody: the chat waits in the group's queue until a member takes it",
});

words!(
    /// Whom a choice considers, after `among`.
    Eligibility, WordClass::Eligibility, {
    Online "online" "among online" "members who are online",
    Available "available" "among available" "members who are online and below their capacity",
    Everyone "everyone" "among everyone" "all members, online or not",
});

words!(
    /// How urgent a chat is; a later one is higher.
    Priority, WordClass::Priority, {
    Low "low" "priority low" "can wait",
    Normal "normal" "priority normal" "as usual",
    High "high" "priority high" "before other chats",
    Urgent "urgent" "priority urgent" "at once",
});

words!(
    /// Whether a user is there; only `online` counts as online.
    Presence, WordClass::Presence, {
    Online "online" "given online \"bob\"" "signed in and ready",
    Away "away" "given away \"bob\"" "signed in but not there; does not count as online",
    Offline "offline" "given offline \"bob\"" "not signed in",
});

words!(
    /// An attribute that every customer can have, as the host knows it.
    BuiltIn, WordClass::Attribute, {
    Country "country" "customer.country is \"EG\"" "the country, two letters (ISO 3166-1 alpha-2)",
    Language "language" "customer.language is \"ar\"" "the language (BCP 47 primary tag)",
    Name "name" "customer.name contains \"ltd\"" "the name",
    Phone "phone" "customer.phone starts with \"+20\"" "the phone number (E.164)",
    SilentFor "silent_for" "customer.silent_for > 30d" "the time since the customer's last message before this one",
});

words!(
    /// An attribute that every message can have.
    MessageBuiltIn, WordClass::Attribute, {
    Ad "ad" "message.ad is \"120210\"" "the id of the ad or post that the customer tapped",
    AdText "ad_text" "message.ad_text contains \"sale\"" "the headline and text of that ad",
    Button "button" "message.button is \"yes\"" "the id of the button or list row that the customer pressed",
    Forwarded "forwarded" "message.forwarded" "the message was passed on",
});

words!(
    /// A time of the open chat that is compared.
    ChatTime, WordClass::Attribute, {
    OpenFor "open_for" "chat.open_for > 1d" "how long the chat has been open",
    WaitingFor "waiting_for" "chat.waiting_for > 10m" "how long nobody has had the chat",
});

words!(
    /// A day of the week.
    Weekday, WordClass::Day, {
    Monday "mon" "mon" "Monday",
    Tuesday "tue" "tue" "Tuesday",
    Wednesday "wed" "wed" "Wednesday",
    Thursday "thu" "thu" "Thursday",
    Friday "fri" "fri" "Friday",
    Saturday "sat" "sat" "Saturday",
    Sunday "sun" "sun" "Sunday",
});

words!(
    /// A month.
    Month, WordClass::Month, {
    January "jan" "jan 1" "January",
    February "feb" "feb 1" "February",
    March "mar" "mar 1" "March",
    April "apr" "apr 1" "April",
    May "may" "may 1" "May",
    June "jun" "jun 1" "June",
    July "jul" "jul 1" "July",
    August "aug" "aug 1" "August",
    September "sep" "sep 1" "September",
    October "oct" "oct 1" "October",
    November "nov" "nov 1" "November",
    December "dec" "dec 1" "December",
});

impl Month {
    /// 1 for January.
    pub fn number(self) -> i8 {
        self as i8 + 1
    }
}

words!(
    /// A word that begins an item at the start of a line.
    ItemWord, WordClass::Item, {
    Rule "rule" "rule \"NAME\"" "names the rule that follows",
    When "when" "when CONDITION: ACTION, ACTION…" "the first rule from the top whose condition holds decides" ["else when", "else if", "elif", "elsif", "elseif", "if", "otherwise ^ when", "otherwise ^ if", "whenever", "while"],
    Also "also" "also [rule \"NAME\"] when CONDITION: ACTION, ACTION…" "adds its actions whenever its condition holds; it may not assign",
    Move "move" "move [rule \"NAME\"] when CONDITION: ACTION, ACTION…" "moves an open chat, if its condition holds when a message comes into it",
    Otherwise "otherwise" "otherwise: ACTION, ACTION…" "takes every message that no rule takes; only `also` and `move` rules may follow" ["else", "default"],
    Let "let" "let NAME = CONDITION" "a name for a condition",
    Hours "hours" "hours NAME = mon-fri 09:00-17:00, … [except dec 25, …]" "a name for times in the policy's time zone",
    Dates "dates" "dates NAME = dec 25, 2026-03-20..2026-03-22" "a name for dates",
    Use "use" "use \"common.rules\"" "takes that file's definitions, hours and dates",
    Test "test" "test \"NAME\": given … expect …" "a situation, and what is expected of the decision",
    TimeZone "timezone" "timezone \"Africa/Cairo\"" "this policy's time zone, in place of the inbox's",
});

const fn keyword(
    word: &'static str,
    class: WordClass,
    form: &'static str,
    meaning: &'static str,
) -> WordEntry {
    WordEntry { word, class, form, meaning, instead: &[] }
}

impl WordEntry {
    const fn instead(self, instead: &'static [&'static str]) -> Self {
        Self { instead, ..self }
    }
}

/// Words that have no type of their own: the keywords of the grammar, and `age`.
const KEYWORDS: &[WordEntry] = &[
    keyword("and", WordClass::Condition, "A and B", "both hold").instead(&["&&", "&"]),
    keyword("or", WordClass::Condition, "A or B", "at least one holds").instead(&["||", "|"]),
    keyword("not", WordClass::Operand, "not A", "A does not hold").instead(&["!", "！"]),
    keyword(
        "in",
        WordClass::Condition,
        "any_online in \"GROUP\"",
        "the same among the members of that group",
    ),
    keyword(
        "during",
        WordClass::Operand,
        "during office",
        "the message comes within those hours or on those dates",
    ),
    keyword("except", WordClass::Condition, "except dec 25, holidays", "closed on these dates, all day")
        .instead(&["excluding", "but not", "not", ", ^ except"]),
    keyword("message", WordClass::Operand, "message contains \"refund\"", "the message to decide"),
    keyword("customer", WordClass::Operand, "customer.country is \"EG\"", "the customer who wrote it"),
    keyword(
        "chat",
        WordClass::Operand,
        "chat with \"bob\"",
        "the customer's open chat, as it was before the message",
    ),
    keyword(
        "age",
        WordClass::Attribute,
        "message.age > 1h",
        "how old the message was when it reached the host",
    ),
    keyword(
        "has",
        WordClass::Condition,
        "customer has plan",
        "there is that tag, or that attribute, whatever its value",
    ),
    keyword("is", WordClass::ValueTest, "message is \"1\"", "the whole text, or the kind, or the value")
        .instead(&["is equal to", "equal to", "equals", "equal", "are", "is equal ^ to"]),
    keyword(
        "contains",
        WordClass::ValueTest,
        "message contains \"refund\"",
        "the text has it as whole words",
    )
    .instead(&["includes", "include", "contain", "containing", "has", "like"]),
    keyword("part", WordClass::Condition, "message contains part \"fund\"", "also inside words"),
    keyword("starts", WordClass::ValueTest, "message starts with \"order\"", "the text starts with it"),
    keyword(
        "with",
        WordClass::Condition,
        "starts with \"order\"",
        "joins `starts`, `chat` or `group` to what follows",
    ),
    keyword(
        "matches",
        WordClass::ValueTest,
        "message matches /order\\s*#?\\d+/",
        "the pattern is found somewhere in the text",
    )
    .instead(&["match"]),
    keyword("any", WordClass::Condition, "is any [\"a\", \"b\"]", "one of these"),
    keyword("assign", WordClass::Action, "assign owner", "who takes the chat").instead(&[
        "send to",
        "give to",
        "route to",
        "forward to",
        "transfer to",
        "route",
    ]),
    keyword(
        "reply",
        WordClass::Action,
        "reply \"TEXT\" [once per 12h] [after 5m]",
        "send this to the customer after assigning",
    )
    .instead(&["send message", "send", "answer with", "answer", "respond with", "respond", "say"]),
    keyword("tag", WordClass::Action, "tag \"refund\" [after 5m]", "added to the decision, for the host")
        .instead(&["label", "add tag"]),
    keyword("priority", WordClass::Action, "priority high [after 5m]", "added to the decision, for the host")
        .instead(&["set priority", "set priority to", "set the priority to"]),
    keyword("owner", WordClass::Target, "assign owner", "the customer's owner, online or not"),
    keyword("user", WordClass::Target, "assign user \"alice\"", "that user, online or not")
        .instead(&["agent", "person"]),
    keyword("group", WordClass::Target, "assign group \"Sales\" by least_chats", "one member of the group")
        .instead(&["team", "department"]),
    keyword("nobody", WordClass::Target, "assign nobody", "nobody takes the chat, and it does not wait")
        .instead(&["no one", "noone", "none"]),
    keyword(
        "skill",
        WordClass::ActionPart,
        "with skill \"ar\" [and \"returns\"]",
        "only members who have the skills",
    ),
    keyword("except", WordClass::ActionPart, "except owner and user \"bob\"", "not these users"),
    keyword("by", WordClass::ActionPart, "by least_chats", "how the member is chosen")
        .instead(&["using", "via"]),
    keyword("among", WordClass::ActionPart, "among online", "who is considered"),
    keyword(
        "else",
        WordClass::ActionPart,
        "assign owner else group \"Sales\" by random",
        "the next alternative, if the one before finds nobody",
    )
    .instead(&["or else", "or", "||", "|", "otherwise", ", ^ else"]),
    keyword(
        "for",
        WordClass::ActionPart,
        "for 5m else …",
        "tries the next alternative also if there is no answer within that time",
    )
    .instead(&["within", "wait", "after"]),
    keyword("once", WordClass::ActionPart, "once per 12h", "not again within that time to the same customer"),
    keyword("per", WordClass::ActionPart, "once per 12h", "joins `once` to its time")
        .instead(&["every", "each", "in", "a", "an"]),
    keyword(
        "after",
        WordClass::ActionPart,
        "reply \"TEXT\" after 5m",
        "that long after the message, if the chat is open then and no user has written in it",
    )
    .instead(&["in", "delay", "delayed by"]),
    keyword("given", WordClass::TestLine, "given message \"hello\"", "describes the situation"),
    keyword("expect", WordClass::TestLine, "expect assign user \"bob\"", "what the decision must be"),
    keyword("new", WordClass::TestPart, "given customer new", "a customer who has never written before"),
    keyword(
        "returning",
        WordClass::TestPart,
        "given customer returning",
        "a customer who has written before",
    ),
    keyword(
        "chats",
        WordClass::TestPart,
        "given online \"bob\" with 3 chats",
        "how many open chats the user has",
    )
    .instead(&["open chats", "conversations"]),
    keyword(
        "chat",
        WordClass::TestPart,
        "given online \"bob\" with 1 chat",
        "how many open chats the user has",
    ),
    keyword(
        "answered",
        WordClass::TestPart,
        "given chat with \"alice\", answered",
        "a user has written in the open chat",
    ),
    keyword(
        "idle",
        WordClass::TestPart,
        "given online \"bob\" idle 20m",
        "the time since the user's last message",
    ),
    keyword(
        "turn",
        WordClass::TestPart,
        "given turn \"Support\" after \"carol\"",
        "who had the group's last turn",
    ),
    keyword(
        "after",
        WordClass::TestPart,
        "given turn \"Support\" after \"carol\"",
        "joins a group to its last turn",
    ),
    keyword(
        "aged",
        WordClass::TestPart,
        "given message \"hi\" aged 2h",
        "how old the message was when it arrived",
    ),
    keyword(
        "number",
        WordClass::TestPart,
        "given number \"+15550101\"",
        "the number that `{number}` becomes",
    ),
    keyword("at", WordClass::TestPart, "given at 2026-11-24 18:30", "the moment, in the policy's time zone"),
    keyword(
        "no",
        WordClass::TestPart,
        "expect no rule",
        "no rule decides, no reply is sent, or a tag is not given",
    ),
    keyword("kept", WordClass::TestPart, "expect kept", "the open chat stays where it is"),
];

/// Every row of the table. A word has one row for each of its classes.
pub fn entries() -> impl Iterator<Item = &'static WordEntry> {
    [
        ItemWord::ENTRIES,
        FactWord::ENTRIES,
        Count::ENTRIES,
        KEYWORDS,
        MessageKind::ENTRIES,
        BuiltIn::ENTRIES,
        MessageBuiltIn::ENTRIES,
        ChatTime::ENTRIES,
        Algorithm::ENTRIES,
        Eligibility::ENTRIES,
        Priority::ENTRIES,
        Presence::ENTRIES,
        Weekday::ENTRIES,
        Month::ENTRIES,
    ]
    .into_iter()
    .flatten()
}

/// The rows of `class`.
pub(crate) fn of_class(class: WordClass) -> impl Iterator<Item = &'static WordEntry> {
    entries().filter(move |entry| entry.class == class)
}

/// The rows of `word`, in the order of the table.
pub(crate) fn rows(word: &str) -> &'static [&'static WordEntry] {
    static ROWS: LazyLock<HashMap<&str, Vec<&WordEntry>>> = LazyLock::new(|| {
        let mut rows: HashMap<&str, Vec<&WordEntry>> = HashMap::new();
        for entry in entries() {
            rows.entry(entry.word).or_default().push(entry);
        }
        rows
    });
    ROWS.get(word).map_or(&[], Vec::as_slice)
}

/// The first row of `word`.
pub(crate) fn find(word: &str) -> Option<&'static WordEntry> {
    rows(word).first().copied()
}

/// Whether `word`, in any case of letters, is a keyword of `class`.
pub(super) fn is_of_class(word: &str, class: WordClass) -> bool {
    KEYWORDS.iter().any(|entry| entry.class == class && entry.word.eq_ignore_ascii_case(word))
}

/// The other keywords of the class of `word`.
pub(super) fn siblings(word: &str) -> impl Iterator<Item = &'static str> {
    let class = KEYWORDS.iter().find(|entry| entry.word == word).map(|entry| entry.class);
    let others = KEYWORDS.iter().filter(move |entry| Some(entry.class) == class && entry.word != word);
    others.map(|entry| entry.word)
}

/// Words that are read only after a dot or in one place of a test, so that a name may be the same.
const FREE: [&str; 7] = ["kept", "answered", "ad", "ad_text", "forwarded", "open_for", "waiting_for"];

/// Whether the language has taken `word`, so that no definition, hours, dates or attribute may be called so.
pub fn is_reserved(word: &str) -> bool {
    !rows(word).is_empty() && !FREE.contains(&word)
}

/// The words that the grammar must know.
#[cfg(test)]
pub(super) fn keywords() -> impl Iterator<Item = &'static WordEntry> {
    let keywords = KEYWORDS.iter().filter(|entry| entry.class != WordClass::Attribute);
    ItemWord::ENTRIES.iter().chain(keywords)
}

#[cfg(test)]
mod tests;
