//! The table of codes: the name of each kind of finding, its level, and whether it is a fault.

use std::cmp::Ordering;
use std::fmt;

use super::Level;

/// The severity of a code, unless `inbox.toml` sets another level.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Severity {
    /// The rules have no meaning until it is fixed; always an error.
    Fault,
    /// The rules keep their meaning, and the inbox may change the level.
    Lint(Level),
    /// A lint that is off unless the inbox turns it on.
    Off,
}

use Severity::{Fault, Off};

const ERROR: Severity = Severity::Lint(Level::Error);
const WARNING: Severity = Severity::Lint(Level::Warning);
const NOTE: Severity = Severity::Lint(Level::Note);

macro_rules! codes {
    (
        $($variant:ident $name:literal $severity:ident $meaning:literal;)*
        @settings $($setting:ident $setting_name:literal $setting_meaning:literal;)*
    ) => {
        /// The kind of a finding. It prints as its kebab-case name, such as `unknown-group`, and sorts by it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $meaning] $variant,)*
            $(#[doc = $setting_meaning] $setting,)*
        }

        impl Code {
            /// Every code of findings in rules and in `inbox.toml`, the faults first.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The codes that only the settings of programs, and traffic files, have.
            pub const SETTINGS: &[Self] = &[$(Self::$setting,)*];

            fn row(self) -> (&'static str, Severity) {
                match self {
                    $(Self::$variant => ($name, $severity),)*
                    $(Self::$setting => ($setting_name, Fault),)*
                }
            }
        }
    };
}

codes! {
    Syntax "syntax" Fault "The text cannot be read as a rule file or as `inbox.toml`.";
    UnknownFact "unknown-fact" Fault "No condition has this name.";
    UnknownAlgorithm "unknown-algorithm" Fault "No algorithm has the name after `by`.";
    UnknownGroup "unknown-group" Fault "The inbox has no such group.";
    UnknownUser "unknown-user" Fault "The inbox has no such user.";
    UnknownAttribute "unknown-attribute" Fault "Customers or messages have no such attribute.";
    UnknownDefinition "unknown-definition" Fault "No hours or dates have this name.";
    UnknownPlaceholder "unknown-placeholder" Fault "A reply has a placeholder that does not exist.";
    UnknownTimezone "unknown-timezone" Fault "The time zone database has no such zone.";
    UnknownFile "unknown-file" Fault "A file is missing or cannot be read.";
    UnknownValue "unknown-value" Fault "The word is not one of the allowed words.";
    TypeMismatch "type-mismatch" Fault "Values of different types are compared.";
    InvalidPattern "invalid-pattern" Fault "The pattern is not a valid regular expression, or is too large.";
    InvalidHours "invalid-hours" Fault "A time or a date does not exist.";
    UnclearHours "unclear-hours" Fault "A list of hours can be read in two ways.";
    InvalidNumber "invalid-number" Fault "A number is out of range or malformed.";
    ReplyTooLong "reply-too-long" Fault "A reply is longer than WhatsApp allows.";
    EmptyText "empty-text" Fault "A text is empty once it is folded.";
    PathOutside "path-outside" Fault "A path leads out of the folder.";
    DuplicateName "duplicate-name" Fault "Two things have the same name.";
    DefinitionCycle "definition-cycle" Fault "A definition refers to itself.";
    UseCycle "use-cycle" Fault "A file uses itself.";
    MissingAssign "missing-assign" Fault "A rule does not assign the chat.";
    SeveralAssigns "several-assigns" Fault "A rule assigns the chat twice.";
    AssignInAlso "assign-in-also" Fault "An `also` rule assigns the chat.";
    RuleAfterOtherwise "rule-after-otherwise" Fault "A rule follows `otherwise`.";
    LatePlaceholder "late-placeholder" Fault "A reply that is put off names the user or the group.";
    RuleOutsidePolicy "rule-outside-policy" Fault "A rule is in a file that is not a policy.";
    TwoPolicies "two-policies" Fault "A number has two policies.";
    EmptyTest "empty-test" ERROR "A test expects nothing.";
    TestByChance "test-by-chance" ERROR "Whether a test passes depends on chance.";
    UnknownRule "unknown-rule" ERROR "A test names a rule that its file does not have.";
    EmptyGroup "empty-group" WARNING "A group has no members.";
    SingleMember "single-member" WARNING "A group has one member.";
    UnknownSkill "unknown-skill" WARNING "No user has this skill.";
    UnusedDefinition "unused-definition" WARNING "Nothing uses this definition.";
    UnnamedRule "unnamed-rule" WARNING "A rule has no name.";
    MixedAndOr "mixed-and-or" WARNING "`and` and `or` are mixed without parentheses.";
    ConfusingCharacters "confusing-characters" WARNING "A text or comment has invisible characters.";
    NoInbox "no-inbox" NOTE "There is no `inbox.toml`.";
    NumberWithoutPolicy "number-without-policy" WARNING "No policy answers a number of `inbox.toml`.";
    IgnoredFile "ignored-file" WARNING "A file is not read because of its name.";
    ImpossibleValue "impossible-value" ERROR "No country, language or phone number can be this.";
    DoubledBraces "doubled-braces" WARNING "A placeholder in doubled braces is none.";
    KindInQuotes "kind-in-quotes" WARNING "A kind of message in quotes is a text.";
    LastMinute "last-minute" WARNING "Hours end a minute early.";
    UnreachableRule "unreachable-rule" ERROR "No message reaches this rule.";
    UnreachableAlternative "unreachable-alternative" WARNING "An alternative is never tried.";
    NeverTrue "never-true" ERROR "A condition is false in every situation.";
    AlwaysTrue "always-true" WARNING "A condition is true in every situation.";
    RedundantPart "redundant-part" Off "A part of a condition changes nothing.";
    NotSettled "not-settled" Off "The prover could not decide a question about a rule.";
    Unanswered "unanswered" ERROR "No rule answers some message.";
    AssignOwnerWithoutOwner "assign-owner-without-owner" ERROR "A chat is assigned to an owner who may not exist.";
    NobodyToGive "nobody-to-give" WARNING "It may be that no alternative finds a user.";
    MayPickOffline "may-pick-offline" NOTE "A user who is offline may be chosen.";
    PlaceholderMayBeEmpty "placeholder-may-be-empty" WARNING "A placeholder may have no value.";
    // The settings of a program that has the rules of an inbox.
    @settings
    MissingSetting "missing-setting" "A section of the settings lacks what it needs.";
    SecretInFile "secret-in-file" "The settings hold a secret, which must be elsewhere.";
}

impl Code {
    /// The stable kebab-case name, such as `unknown-group`.
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// The code of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }

    /// Whether the rules have no meaning until such a finding is fixed.
    pub fn is_fault(self) -> bool {
        self.row().1 == Fault
    }

    /// The level, unless the inbox sets another. `None` if such findings are not shown.
    pub fn level(self) -> Option<Level> {
        match self.row().1 {
            Fault => Some(Level::Error),
            Severity::Lint(level) => Some(level),
            Off => None,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl PartialOrd for Code {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Code {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name().cmp(other.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn each_code_has_a_name_of_its_own() {
        for code in Code::ALL {
            assert_eq!(Code::named(code.name()), Some(*code));
        }
    }

    #[test]
    fn faults_come_first_and_are_errors() {
        assert!(Code::ALL.is_sorted_by_key(|code| !code.is_fault()));
        let mut faults = Code::ALL.iter().filter(|code| code.is_fault());
        assert!(faults.all(|code| code.level() == Some(super::Level::Error)));
    }
}
