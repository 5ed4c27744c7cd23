//! What each token of a rule file is: a group, the name of a rule, a word of the language.
//!
//! This goes by the tokens alone and not by the syntax tree, because a file that somebody is typing in has items without a
//! tree. Where there is a tree, both say the same; a test compares them.

mod actions;
mod condition;
mod test_lines;

use crate::language::vocabulary::{self, ItemWord, WordClass, WordEntry};
use crate::language::{Token, TokenKind, lex, split_items};
use crate::text::Span;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A word of the language.
    Word(&'static WordEntry),
    /// A word that should be one of that class, and is not.
    WordOf(WordClass),
    /// `let vip`
    DefinesCondition,
    /// `hours office`
    DefinesHours,
    /// `dates holidays`
    DefinesDates,
    /// `when vip`
    Condition,
    /// `during office`, `except holidays`
    Calendar,
    /// `customer.plan`, `customer has plan`, `given customer plan "gold"`
    CustomerAttribute,
    /// `message.campaign`
    MessageAttribute,
    /// `chat.open_for`
    ChatAttribute,
    /// `customer.plan is "gold"`: the value of the attribute whose name has that span
    Value {
        /// The name of the attribute.
        attribute: Span,
        /// Whether it is one of messages.
        of_message: bool,
    },
    /// `group "Sales"`
    Group,
    /// `user "bob"`
    User,
    /// `with skill "ar"`
    Skill,
    /// `tag "vip"`
    Tag,
    /// `rule "welcome"`, where the rule is
    RuleHeading,
    /// `expect rule "welcome"`
    RuleReference,
    /// `test "name"`
    TestHeading,
    /// `use "common.rules"`
    UsedFile,
    /// `timezone "Africa/Cairo"`
    TimeZone,
    /// `given number "+15550101"`
    PhoneNumber,
    /// `reply "text"` in a rule, which may have placeholders
    Reply,
    /// Any other text.
    Text,
    /// `/refund/`
    Pattern,
    /// `12`, `5m`, and the parts of dates and times.
    Number,
    /// `# why`
    Comment,
    /// `,`, `>=`
    Sign,
    /// Anything else.
    Unknown,
}

/// A token, and what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ClassifiedToken {
    pub(super) token: Token,
    pub(super) role: Role,
}

/// The tokens of a rule file.
pub(super) fn classify(text: &str) -> Vec<ClassifiedToken> {
    let tokens = lex(text);
    let plain = |token: &Token| ClassifiedToken { token: *token, role: plain_role(token.kind) };
    let mut all: Vec<ClassifiedToken> = tokens.iter().map(plain).collect();
    for item in split_items(text, &tokens) {
        let Some(first) = item.first() else { continue };
        let start = tokens.partition_point(|token| token.span.start < first.span.start);
        let mut classifier = Classifier::new(text);
        for slot in all.iter_mut().skip(start).take(item.len()) {
            slot.role = classifier.next(slot.token);
        }
    }
    all
}

/// What a token is by itself.
fn plain_role(kind: TokenKind) -> Role {
    match kind {
        TokenKind::Text | TokenKind::Quoted | TokenKind::Unclosed => Role::Text,
        TokenKind::Number => Role::Number,
        TokenKind::Pattern => Role::Pattern,
        TokenKind::Comment => Role::Comment,
        TokenKind::Sign => Role::Sign,
        TokenKind::Word | TokenKind::Invisible(_) => Role::Unknown,
    }
}

/// The part of an item that a token is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    /// Before the condition of a rule, and all of an item that has neither condition nor lines.
    Head,
    /// After `let`, `hours` or `dates`: the name.
    Name(Role),
    /// A condition.
    Condition,
    /// The entries of `hours` and `dates`.
    Calendar,
    /// After the colon of a rule.
    Actions,
    /// A line `given …`, by its first word.
    Given(&'static str),
    /// A line `expect …`.
    Expect,
}

/// What the tests of a condition are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Subject {
    None,
    Message,
    Customer,
    Chat,
    /// `during`
    Moment,
    /// `customer.plan`, `message.campaign`
    Attribute {
        name: Span,
        of_message: bool,
    },
}

/// Classifies the tokens of one item, one after the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Classifier<'t> {
    text: &'t str,
    section: Section,
    subject: Subject,
    /// What a text is here.
    pub(super) texts: Role,
    /// The word or sign before.
    before: &'t str,
    /// Whether a `[` is open.
    in_list: bool,
    is_test: bool,
}

impl<'t> Classifier<'t> {
    /// For an item of `text`.
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            section: Section::Head,
            subject: Subject::None,
            texts: Role::Text,
            before: "",
            in_list: false,
            is_test: false,
        }
    }

    /// How an item could begin whose end is like this one, and after which words or signs that end begins.
    pub(super) fn restart(&self) -> Option<(&'static str, &'static [&'static str])> {
        Some(match self.section {
            Section::Condition => ("when ", &["when", "and", "or", "(", "="]),
            Section::Calendar => ("hours x = ", &["=", ",", "except"]),
            Section::Actions => ("when new_customer: ", &[":", ","]),
            Section::Given(_) => ("test \"\": given ", &["given"]),
            Section::Expect => ("test \"\": expect ", &["expect"]),
            Section::Head | Section::Name(_) => return None,
        })
    }

    /// What `token` is, the one after those that were classified before.
    pub(super) fn next(&mut self, token: Token) -> Role {
        let written = token.of(self.text);
        let role = match token.kind {
            TokenKind::Comment | TokenKind::Invisible(_) => return plain_role(token.kind),
            TokenKind::Word => self.word(written, token.span),
            TokenKind::Text | TokenKind::Quoted | TokenKind::Unclosed => self.texts,
            TokenKind::Sign => {
                self.sign(written, token.span);
                Role::Sign
            }
            TokenKind::Number | TokenKind::Pattern => plain_role(token.kind),
        };
        self.before = written;
        role
    }

    /// What the word at `span` is.
    pub(super) fn word(&mut self, word: &str, span: Span) -> Role {
        if self.is_test && matches!(word, "given" | "expect") {
            return self.test_line(word);
        }
        match self.section {
            Section::Head => self.head(word),
            Section::Name(role) => {
                self.section =
                    if role == Role::DefinesCondition { Section::Condition } else { Section::Calendar };
                role
            }
            Section::Condition => self.condition(word, span),
            Section::Calendar => calendar(word),
            Section::Actions => self.action(word),
            Section::Given(kind) => self.given(kind, word, span),
            Section::Expect => self.expect(word),
        }
    }

    /// A word before the condition of a rule, or at the start of another item.
    fn head(&mut self, word: &str) -> Role {
        let Some(item) = ItemWord::parse(word) else { return Role::Unknown };
        match item {
            ItemWord::Rule => self.texts = Role::RuleHeading,
            ItemWord::When => self.section = Section::Condition,
            ItemWord::Let => self.section = Section::Name(Role::DefinesCondition),
            ItemWord::Hours => self.section = Section::Name(Role::DefinesHours),
            ItemWord::Dates => self.section = Section::Name(Role::DefinesDates),
            ItemWord::Use => self.texts = Role::UsedFile,
            ItemWord::TimeZone => self.texts = Role::TimeZone,
            ItemWord::Test => (self.texts, self.is_test) = (Role::TestHeading, true),
            ItemWord::Also | ItemWord::Move | ItemWord::Otherwise => {}
        }
        entry(word, WordClass::Item)
    }

    fn sign(&mut self, sign: &str, span: Span) {
        if matches!(sign, "[" | "]") {
            self.in_list = sign == "[";
        }
        match (sign, self.section) {
            (",", _) if self.in_list => {}
            (":", Section::Head | Section::Condition) if !self.is_test && !is_in_time(self.text, span) => {
                (self.section, self.texts) = (Section::Actions, Role::Text);
            }
            ("(" | ")", Section::Condition) => self.end_test(),
            (",", Section::Actions) => self.texts = Role::Text,
            (",", Section::Given(kind)) => self.texts = test_lines::texts_of(kind),
            _ => {}
        }
    }
}

/// Whether the colon at `span` stands between two digits, as in `09:00`.
pub(super) fn is_in_time(text: &str, span: Span) -> bool {
    let bytes = text.as_bytes();
    let is_digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    is_digit((span.start as usize).checked_sub(1)) && is_digit(Some(span.end as usize))
}

/// A word among hours or dates.
fn calendar(word: &str) -> Role {
    match vocabulary::find(word).map(|entry| entry.class) {
        Some(class @ (WordClass::Day | WordClass::Month)) => entry(word, class),
        _ if word == "except" => entry(word, WordClass::Condition),
        _ => Role::Calendar,
    }
}

/// The word as one of `class`, or as any other if it is not in that class.
fn entry(word: &str, class: WordClass) -> Role {
    let rows = vocabulary::rows(word);
    let of_class = rows.iter().find(|entry| entry.class == class);
    of_class.or(rows.first()).map_or(Role::WordOf(class), |entry| Role::Word(entry))
}

/// The word as one of `class`.
fn choice(word: &str, class: WordClass) -> Role {
    let of_class = vocabulary::rows(word).iter().find(|entry| entry.class == class);
    of_class.map_or(Role::WordOf(class), |entry| Role::Word(entry))
}

#[cfg(test)]
mod tests;
