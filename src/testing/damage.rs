//! Random mistakes in sound rule files: one slip of the hand, the phone or the memory at a time.

use std::ops::Range;

use rand::seq::IndexedRandom as _;
use rand::{Rng, RngExt as _};

use crate::language::vocabulary::{MessageKind, entries, is_reserved};

/// A text with one mistake.
#[derive(Debug, Clone)]
pub(crate) struct Damage {
    /// What kind of mistake it is.
    pub(crate) kind: &'static str,
    pub(crate) text: String,
    /// Where it is in the damaged text.
    pub(crate) place: Range<usize>,
}

/// What replaces a range of the text.
type Change = (Range<usize>, String);

/// Makes one kind of mistake somewhere in a text. `None`: there is no place for it.
type Mistake = fn(&Text<'_>, &mut dyn Rng) -> Option<Change>;

const MISTAKES: &[(&str, Mistake)] = &[
    ("swapped neighbours", swapped_neighbours),
    ("dropped character", |text, random| {
        let at = text.character(random)?;
        Some((at, String::new()))
    }),
    ("doubled character", |text, random| {
        let at = text.character(random)?;
        Some((at.clone(), text.of(&at).repeat(2)))
    }),
    ("inserted character", |text, random| {
        let at = text.character(random)?.start;
        Some((at..at, (*INSERTED.choose(random)?).to_owned()))
    }),
    ("other letter", |text, random| {
        let at = text.character(random)?;
        text.of(&at).chars().next().filter(char::is_ascii_alphanumeric)?;
        Some((at, (*["a", "e", "n", "s", "t", "r", "1", "0"].choose(random)?).to_owned()))
    }),
    ("dropped token", |text, random| {
        let token = text.token(random)?;
        Some((token, String::new()))
    }),
    ("dropped token with its space", |text, random| {
        let token = text.token(random)?;
        let rest = text.0.get(token.end..)?;
        let end = token.end + rest.len() - rest.trim_start_matches(' ').len();
        Some((token.start..end, String::new()))
    }),
    ("doubled token", |text, random| {
        let token = text.token(random)?;
        let gap = if random.random() { " " } else { "" };
        Some((token.end..token.end, format!("{gap}{}", text.of(&token))))
    }),
    ("swapped tokens", |text, random| {
        let (first, second) = text.pair(random)?;
        let gap = text.of(&(first.end..second.start));
        // `not (a` would become `( nota`, which is two mistakes.
        text.of(&(second.end..text.0.len())).chars().next().filter(|next| !next.is_alphanumeric())?;
        Some((first.start..second.end, format!("{}{gap}{}", text.of(&second), text.of(&first))))
    }),
    ("token of another place", |text, random| {
        // A text from elsewhere is no slip in the writing: it says something.
        let from = text.token_like(random, |token| !token.starts_with('"'))?;
        let to = text.token(random)?;
        Some((to.start..to.start, format!("{} ", text.of(&from))))
    }),
    ("dropped line", |text, random| {
        let line = text.line(random)?;
        Some((line, String::new()))
    }),
    ("doubled line", |text, random| {
        let line = text.line(random)?;
        Some((line.end..line.end, text.of(&line).to_owned()))
    }),
    ("swapped lines", |text, random| {
        let first = text.line(random)?;
        let length = text.0.get(first.end..)?.split_inclusive('\n').next()?.len();
        let second = first.end..first.end + length;
        Some((first.start..second.end, format!("{}{}", text.of(&second), text.of(&first))))
    }),
    ("words joined", |text, random| {
        let (first, second) = text.pair(random)?;
        Some((first.end..second.start, String::new()))
    }),
    ("word split", |text, random| {
        let word =
            text.token_like(random, |token| token.len() > 1 && token.starts_with(char::is_alphanumeric))?;
        let inside: Vec<usize> = text.of(&word).char_indices().map(|(at, _)| at).skip(1).collect();
        let at = word.start + *inside.choose(random)?;
        Some((at..at, " ".to_owned()))
    }),
    ("capitals", |text, random| {
        let word = text.token_like(random, |token| token.starts_with(char::is_alphabetic))?;
        let written = text.of(&word);
        let (first, rest) = written.split_at(written.chars().next()?.len_utf8());
        let capital =
            if random.random() { format!("{}{rest}", first.to_uppercase()) } else { written.to_uppercase() };
        Some((word, capital))
    }),
    ("other quotes", |text, random| {
        let quoted =
            text.token_like(random, |token| token.starts_with('"') && !token.starts_with("\"\"\""))?;
        let inner = text.of(&quoted).get(1..)?.strip_suffix('"')?;
        let quotes = [
            ("“", "”"),
            ("'", "'"),
            ("‘", "’"),
            ("«", "»"),
            ("„", "“"),
            ("\"", "”"),
            ("“", "\""),
            ("\"\"", "\"\""),
        ];
        let (open, close) = quotes.choose(random)?;
        Some((quoted, format!("{open}{inner}{close}")))
    }),
    ("quotes dropped", |text, random| {
        let quoted = text.token_like(random, |token| token.starts_with('"') && token.len() > 2)?;
        let inner = text.of(&quoted).get(1..)?.strip_suffix('"')?;
        let written = match random.random_range(0..3) {
            0 => inner.to_owned(),
            1 => format!("{inner}\""),
            _ => format!("\"{inner}"),
        };
        Some((quoted, written))
    }),
    ("brackets for quotes", |text, random| {
        let quoted = text.token_like(random, |token| token.starts_with('"'))?;
        let (open, close) = *[("(", ")"), ("[", "]"), ("{", "}")].choose(random)?;
        let written = format!("{open}{}{close}", text.of(&quoted));
        Some((quoted, written))
    }),
    ("signs of others", |text, random| {
        let sign = text.token_like(random, |token| others_of(token).is_some())?;
        let other = *others_of(text.of(&sign))?.choose(random)?;
        Some((sign, other.to_owned()))
    }),
    ("words of others", |text, random| {
        let word = text.token_like(random, |token| words_instead(token).is_some())?;
        let other = *words_instead(text.of(&word))?.choose(random)?;
        Some((word, other.to_owned()))
    }),
    ("figures of others", |text, random| {
        let number = text.token_like(random, |token| token.starts_with(|c: char| c.is_ascii_digit()))?;
        let zero = *['٠', '۰', '०', '０'].choose(random)?;
        let figure = |c: char| match c.to_digit(10) {
            Some(value) => char::from_u32(u32::from(zero) + value).unwrap_or(c),
            None => c,
        };
        let written = text.of(&number).chars().map(figure).collect();
        Some((number, written))
    }),
    ("numbers in another form", |text, random| {
        let number = text.token_like(random, |token| token.starts_with(|c: char| c.is_ascii_digit()))?;
        let written = text.of(&number);
        let forms = [
            format!("{written}.0"),
            format!("{written},5"),
            format!(".{written}"),
            format!("+{written}"),
            format!("0{written}"),
            format!("{written}am"),
            format!("{written}%"),
            written.replace('d', " days").replace('h', " hours").replace('m', " minutes"),
            written.trim_start_matches('0').to_owned(),
            written.to_uppercase(),
            format!("{written}k"),
        ];
        let form = forms.choose(random)?.clone();
        Some((number, form))
    }),
    ("bracket moved", |text, random| {
        let bracket = text.token_like(random, |token| matches!(token, "(" | ")" | "[" | "]"))?;
        // A bracket that is gone here and too many far away is two mistakes.
        let line = text.line_of(&bracket);
        let near: Vec<_> = text.tokens().into_iter().filter(|token| line.contains(&token.start)).collect();
        let to = near.choose(random)?.start;
        Some(text.moved(&bracket, to))
    }),
    ("bracket dropped", |text, random| {
        let bracket = text.token_like(random, |token| matches!(token, "(" | ")" | "[" | "]"))?;
        Some((bracket, String::new()))
    }),
    ("bare carriage return", |text, random| {
        let line = text.line(random)?;
        Some((line.end - 1..line.end, "\r".to_owned()))
    }),
    ("line broken", |text, random| {
        let token = text.token(random)?;
        Some((token.start..token.start, if random.random() { "\n" } else { "\n\n" }.to_owned()))
    }),
    ("line joined", |text, random| {
        let line = text.line(random)?;
        Some((line.end - 1..line.end, " ".to_owned()))
    }),
    ("commented out", |text, random| {
        let token = text.token(random)?;
        Some((token.start..token.start, "# ".to_owned()))
    }),
    ("indented otherwise", |text, random| {
        let line = text.line(random)?;
        let indent = text.of(&line).len() - text.of(&line).trim_start_matches(' ').len();
        let other = " ".repeat(*[0, 2, 4, 8].choose(random)?);
        Some((line.start..line.start + indent, other))
    }),
];

/// What people do more rarely, or what changes more than a slip does.
const OTHER_MISTAKES: &[(&str, Mistake)] = &[
    ("keyword inserted", |text, random| {
        let at = text.token(random)?.start;
        Some((at..at, format!("{} ", keyword(random)?)))
    }),
    ("keyword for another", |text, random| {
        let word = text.token_like(random, is_reserved)?;
        let other = keyword(random)?;
        // The same word twice has too many words, and `video` is a condition to those who do not know `message is`.
        let line = text.of(&text.line_of(&word));
        let is_other_mistake = line.contains(other) || MessageKind::parse(other).is_some();
        (!is_other_mistake).then(|| (word, other.to_owned()))
    }),
    ("word too many", |text, random| {
        const WORDS: &[&str] = &[
            "the", "a", "please", "then", "also", "is", "are", "of", "to", "only", "just", "all", "any",
            "it", "if", "no", "not", "at", "on", "than", "one", "every",
        ];
        let at = text.token(random)?.start;
        Some((at..at, format!("{} ", WORDS.choose(random)?)))
    }),
    ("word of another language", |text, random| {
        let word = text.token_like(random, |token| in_other_languages(token).is_some())?;
        let other = *in_other_languages(text.of(&word))?.choose(random)?;
        Some((word, other.to_owned()))
    }),
    ("line moved", |text, random| {
        let (line, to) = text.line_and_place(random)?;
        Some(text.moved(&line, to))
    }),
    ("line copied", |text, random| {
        let (line, to) = text.line_and_place(random)?;
        Some((to..to, text.of(&line).to_owned()))
    }),
    ("token moved", |text, random| {
        // `2.5` without its dot is another number.
        let token = text.token_like(random, |token| token != ".")?;
        let line = text.line_of(&token);
        let near: Vec<_> = text.tokens().into_iter().filter(|other| line.contains(&other.start)).collect();
        let to = near.choose(random)?.start;
        let moved = text.of(&token);
        Some(if to >= token.end {
            (token.start..to, format!("{}{moved} ", text.of(&(token.end..to)).trim_start()))
        } else {
            (to..token.end, format!("{moved} {}", text.of(&(to..token.start)).trim_end()))
        })
    }),
];

fn keyword(random: &mut dyn Rng) -> Option<&'static str> {
    let words: Vec<&str> = entries().map(|entry| entry.word).collect();
    words.choose(random).copied()
}

const INSERTED: &[&str] = &[
    "a", "e", "n", "s", "t", "1", "0", "_", "-", ".", ",", ";", ":", "\"", "'", "(", ")", "[", "]", "{", "}",
    "|", "/", "=", ">", "#", "،", "\u{200B}", "\u{A0}", "“", "é",
];

/// One mistake, `None` if its kind fits nowhere in the text, or changes nothing.
pub(crate) fn damage(text: &str, random: &mut dyn Rng) -> Option<Damage> {
    let (kind, mistake) = MISTAKES.choose(random)?;
    made(text, kind, mistake(&Text(text), random)?)
}

/// One mistake of the rarer kinds.
pub(crate) fn other_damage(text: &str, random: &mut dyn Rng) -> Option<Damage> {
    let (kind, mistake) = OTHER_MISTAKES.choose(random)?;
    made(text, kind, mistake(&Text(text), random)?)
}

/// Two mistakes in one item: both of them, and each by itself.
pub(crate) fn two_mistakes(text: &str, random: &mut dyn Rng) -> Option<(Damage, [Damage; 2])> {
    let [(_, first), (_, second)] = [MISTAKES.choose(random)?, MISTAKES.choose(random)?];
    let (one, written) = first(&Text(text), random)?;
    // Most pairs of places are in two items, so some are tried.
    let (other, also_written) = (0..50).find_map(|_| {
        second(&Text(text), random).filter(|(other, _)| {
            let between = text.get(one.end..other.start);
            other.start > one.end && between.is_some_and(|between| !between.contains("\n\n"))
        })
    })?;
    let both = format!("{written}{}{also_written}", text.get(one.end..other.start)?);
    let whole = one.start..other.end;
    let each = [made(text, "one", (one, written))?, made(text, "other", (other, also_written))?];
    Some((made(text, "two mistakes", (whole, both))?, each))
}

fn made(text: &str, kind: &'static str, (range, written): Change) -> Option<Damage> {
    let damaged = format!("{}{written}{}", text.get(..range.start)?, text.get(range.end..)?);
    (damaged != text).then(|| Damage { kind, text: damaged, place: range.start..range.start + written.len() })
}

fn swapped_neighbours(text: &Text<'_>, random: &mut dyn Rng) -> Option<Change> {
    let at = text.character(random)?;
    let next = text.0.get(at.end..)?.chars().next().filter(|next| *next != '\n')?;
    Some((at.start..at.end + next.len_utf8(), format!("{next}{}", text.of(&at))))
}

fn others_of(sign: &str) -> Option<&'static [&'static str]> {
    Some(match sign {
        "," => &["،", "，", ";", "؛", "、", " and ", "."],
        ":" => &["：", "؛", ";", " then", " ->", " {", "=>", "="],
        "(" => &["（", "[", "{"],
        ")" => &["）", "]", "}"],
        "[" => &["（", "(", "{", "［"],
        "]" => &["）", ")", "}", "］"],
        "=" => &["==", ":=", "is", ":", "＝"],
        ">=" => &["=>", "≥", "> =", "is at least", ">"],
        ">" => &["> =", "more than", "＞", ">>"],
        "<" => &["less than", "＜"],
        "<=" => &["=<", "≤", "at most"],
        "-" => &["–", "—", " to ", "..", "--", "−"],
        ".." => &["…", "-", " to ", ".", "..."],
        "." => &["'s ", "->", " ", "．", ":"],
        _ => return None,
    })
}

fn words_instead(word: &str) -> Option<&'static [&'static str]> {
    Some(match word {
        "and" => &["&&", "&", "or", "yb", "adn", "nad", ","],
        "or" => &["||", "|", "orr", "and", ",", "ro"],
        "not" => &["!", "nog", "nto", "no"],
        "in" => &["of", "ihn", "im", "from"],
        "is" => &["==", "=", "equals", "are", "si"],
        "has" => &["have", "with", "hass"],
        "contains" => &["includes", "has", "contians", "contains all"],
        "when" => &["if", "wehn", "while", "whenever"],
        "otherwise" => &["else", "default", "otherwise when"],
        "by" => &["using", "yb", "via"],
        "else" => &["or", "otherwise", "then", "esle"],
        "for" => &["after", "within", "fro", "wait"],
        "assign" => &["send to", "give", "route to", "assing"],
        "reply" => &["send", "say", "respond", "relpy"],
        // `all` and `none` are other policies, not slips.
        "any" => &["one of", "some", "any of", "yn", "ayn"],
        "during" => &["in", "on", "within", "at"],
        "new_customer" => &["new customer", "customer is new", "new", "old_customer", "nwe_customer"],
        "returning_customer" => &["returning", "customer is returning", "existing_customer"],
        "any_online" => &["anyone_online", "all_online", "online", "any online", "any_offline"],
        "all_offline" => &["all_online", "none_offline", "offline", "any_offline", "nobody_online"],
        "owner_online" => &["owner is online", "owner_onlin", "owner_of_line"],
        "owner_offline" => &["owner is offline", "owner_not_online", "owner_ofline"],
        "has_owner" => &["hasowner", "has owner"],
        "mon" => &["monday", "moon", "Mon", "mno"],
        "fri" => &["friday", "fry", "fir"],
        "jan" => &["jna", "january"],
        "dec" => &["december", "dce"],
        "customer" => &["custmer", "client", "custoemr", "the customer"],
        "message" => &["mesage", "mess age", "text", "messages"],
        "group" => &["team", "gruop", "groups"],
        "user" => &["agent", "usr", "users"],
        "online" => &["available", "onlien", "away"],
        _ => return None,
    })
}

fn in_other_languages(word: &str) -> Option<&'static [&'static str]> {
    Some(match word {
        "when" => &["wenn", "quand", "cuando", "si", "quando", "falls"],
        "and" => &["und", "et", "y", "e"],
        "or" => &["oder", "ou", "o"],
        "not" => &["nicht", "pas", "no", "kein"],
        "is" => &["ist", "est", "es"],
        "in" => &["en", "im", "dans"],
        "by" => &["par", "por", "von", "durch"],
        "for" => &["für", "pour", "para"],
        "else" => &["sonst", "sinon", "sino"],
        "otherwise" => &["sonst", "sinon", "autrement"],
        "with" => &["mit", "avec", "con"],
        "has" => &["hat", "tiene", "avec"],
        "during" => &["während", "pendant", "durante"],
        "contains" => &["enthält", "contient", "contiene"],
        "group" => &["gruppe", "groupe", "grupo"],
        "user" => &["benutzer", "usuario", "utilisateur"],
        "customer" => &["kunde", "client", "cliente"],
        "message" => &["nachricht", "mensaje", "messaggio"],
        "reply" => &["antwort", "antworte", "responder", "réponse"],
        "rule" => &["regel", "regla", "règle"],
        "assign" => &["asignar", "assigner", "zuweisen"],
        "after" => &["nach", "après", "después"],
        "hours" => &["zeiten", "heures", "horas"],
        "mon" => &["mo", "lun", "montag", "lundi"],
        "tue" => &["di", "mar", "die", "martes", "tu"],
        "wed" => &["mi", "mer", "mié", "mit"],
        "thu" => &["do", "jeu", "jue", "don"],
        "fri" => &["fr", "ven", "vie", "freitag"],
        "sat" => &["sa", "sam", "sáb", "samstag"],
        "sun" => &["so", "dim", "dom", "son"],
        "jan" => &["ene", "janvier", "januar"],
        "dec" => &["dez", "déc", "dic", "dezember"],
        "image" => &["bild", "imagen", "photo"],
        "nobody" => &["niemand", "personne", "nadie"],
        "owner" => &["besitzer", "propriétaire", "dueño"],
        _ => return None,
    })
}

/// A text whose parts can be chosen at random.
struct Text<'t>(&'t str);

impl<'t> Text<'t> {
    /// The change that moves a piece to `to`.
    fn moved(&self, piece: &Range<usize>, to: usize) -> Change {
        let moved = self.of(piece);
        if to >= piece.end {
            (piece.start..to, format!("{}{moved}", self.of(&(piece.end..to))))
        } else {
            (to..piece.end, format!("{moved}{}", self.of(&(to..piece.start))))
        }
    }

    fn of(&self, range: &Range<usize>) -> &'t str {
        self.0.get(range.clone()).unwrap_or_default()
    }

    /// A character that is neither in a comment nor a line break.
    fn character(&self, random: &mut dyn Rng) -> Option<Range<usize>> {
        let token = self.token(random)?;
        let last = self.of(&(token.end..self.0.len())).chars().next().filter(|next| *next == ' ');
        let end = token.end + last.map_or(0, char::len_utf8);
        let characters: Vec<_> =
            self.of(&(token.start..end)).char_indices().filter(|(_, c)| *c != '\n').collect();
        let (at, character) = *characters.choose(random)?;
        Some(token.start + at..token.start + at + character.len_utf8())
    }

    fn token(&self, random: &mut dyn Rng) -> Option<Range<usize>> {
        self.tokens().choose(random).cloned()
    }

    fn token_like(&self, random: &mut dyn Rng, fits: fn(&str) -> bool) -> Option<Range<usize>> {
        let fitting: Vec<_> = self.tokens().into_iter().filter(|token| fits(self.of(token))).collect();
        fitting.choose(random).cloned()
    }

    /// Two tokens that follow each other on a line.
    fn pair(&self, random: &mut dyn Rng) -> Option<(Range<usize>, Range<usize>)> {
        let tokens = self.tokens();
        let joined =
            |first: &Range<usize>, second: &Range<usize>| !self.of(&(first.end..second.start)).contains('\n');
        let pairs: Vec<_> = tokens.windows(2).filter(|pair| joined(&pair[0], &pair[1])).collect();
        pairs.choose(random).map(|pair| (pair[0].clone(), pair[1].clone()))
    }

    /// A line that is not blank and no comment, with its line break.
    fn line(&self, random: &mut dyn Rng) -> Option<Range<usize>> {
        let mut at = 0;
        let lines = self.0.split_inclusive('\n').map(|line| {
            at += line.len();
            at - line.len()..at
        });
        let is_code = |line: &Range<usize>| {
            let line = self.of(line);
            line.ends_with('\n') && !line.trim().is_empty() && !line.trim_start().starts_with('#')
        };
        let lines: Vec<_> = lines.filter(is_code).collect();
        lines.choose(random).cloned()
    }

    /// A line, and the start of another: both in tests, or both elsewhere, because lines of rules are lines of tests
    /// without `expect`.
    fn line_and_place(&self, random: &mut dyn Rng) -> Option<(Range<usize>, usize)> {
        let is_in_test = |at: usize| {
            let before = self.of(&(0..at)).lines();
            before
                .rev()
                .find(|line| line.starts_with(char::is_alphabetic))
                .is_some_and(|line| line.starts_with("test"))
        };
        let (line, to) = (self.line(random)?, self.line(random)?.start);
        (is_in_test(line.start) == is_in_test(to)).then_some((line, to))
    }

    fn line_of(&self, token: &Range<usize>) -> Range<usize> {
        let start = self.of(&(0..token.start)).rfind('\n').map_or(0, |at| at + 1);
        let rest = self.of(&(token.end..self.0.len()));
        start..token.end + rest.find('\n').unwrap_or(rest.len())
    }

    /// Words, numbers, texts and signs, without comments.
    fn tokens(&self) -> Vec<Range<usize>> {
        const SIGNS: [&str; 4] = ["..", ">=", "<=", "\"\"\""];
        let mut tokens = Vec::new();
        let mut at = 0;
        while let Some(first) = self.0.get(at..).and_then(|rest| rest.chars().next()) {
            let rest = &self.0[at..];
            let is_wordy = |c: char| c.is_alphanumeric() || c == '_';
            let length = match first {
                '#' => rest.find('\n').unwrap_or(rest.len()),
                '"' if rest.starts_with("\"\"\"") => {
                    rest[3..].find("\"\"\"").map_or(rest.len(), |end| end + 6)
                }
                '"' => rest[1..].find(['"', '\n']).map_or(rest.len(), |end| end + 2),
                '/' => rest[1..].find(['/', '\n']).map_or(rest.len(), |end| end + 2),
                _ if is_wordy(first) => rest.find(|c| !is_wordy(c)).unwrap_or(rest.len()),
                _ => SIGNS
                    .iter()
                    .find(|sign| rest.starts_with(**sign))
                    .map_or(first.len_utf8(), |sign| sign.len()),
            };
            if first != '#' && !first.is_whitespace() {
                tokens.push(at..at + length);
            }
            at += length;
        }
        tokens
    }
}
