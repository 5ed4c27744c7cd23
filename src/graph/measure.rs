//! How wide a text is drawn, at most, and where its lines end. The browser chooses the font, so nothing is exact.

use icu_properties::CodePointMapData;
use icu_properties::props::{BidiClass, GeneralCategory, GeneralCategoryGroup, Script};
use icu_segmenter::options::LineBreakOptions;
use icu_segmenter::{GraphemeClusterSegmenter, LineSegmenter};
use unicode_width::UnicodeWidthChar;

/// How a text is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TextStyle {
    /// Its class in the style sheet.
    pub(super) class: &'static str,
    /// The size of the font.
    pub(super) size: i32,
    pub(super) is_bold: bool,
    /// From one line to the next.
    pub(super) line: i32,
}

/// The lines of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WrappedText {
    pub(super) lines: Vec<String>,
    pub(super) is_right_to_left: bool,
    /// The last line ends in `…`, for there was more.
    pub(super) is_cut: bool,
}

/// Starts a part of a text with a direction of its own, which its first letter says.
const ISOLATE: char = '\u{2068}';
/// Starts such a part whose direction is from left to right.
const LEFT_TO_RIGHT: char = '\u{2066}';
/// Ends such a part.
const END_OF_ISOLATE: char = '\u{2069}';

/// More accents than this on one letter would be drawn over the line above.
const MAX_MARKS: usize = 4;

/// A text that somebody wrote, without what does not belong into a picture: characters for control, and marks that change the
/// direction of what follows.
pub(super) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut marks = 0;
    for character in text.chars() {
        let is_mark = group(character, GeneralCategoryGroup::Mark);
        marks = if is_mark { marks + 1 } else { 0 };
        match character {
            '\u{AD}' | '\u{61C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' => {}
            '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}' => {}
            '\n' => out.push('\n'),
            _ if character.is_control() || character.is_whitespace() => out.push(' '),
            _ if marks > MAX_MARKS => {}
            _ => out.push(character),
        }
    }
    out
}

/// `name`, so that its direction is its own and what stands around it stays where it is.
pub(super) fn isolated(name: &str) -> String {
    let name = clean(name);
    if has_right_to_left(&name) { format!("{ISOLATE}{name}{END_OF_ISOLATE}") } else { name }
}

/// An English sentence, in which each text in quotes has a direction of its own.
pub(super) fn with_isolated_quotes(sentence: &str) -> String {
    enclosed(&clean(sentence), ['“', '”'], ISOLATE, false)
}

/// A text for customers, in which placeholders are written from left to right.
pub(super) fn with_isolated_placeholders(text: &str) -> String {
    enclosed(&clean(text), ['{', '}'], LEFT_TO_RIGHT, true)
}

/// Isolates what is between each two `signs`, together with the signs if they are `inside`.
fn enclosed(text: &str, [open, close]: [char; 2], isolate: char, inside: bool) -> String {
    if !has_right_to_left(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut is_open = false;
    for character in text.chars() {
        if character == open && !is_open {
            is_open = true;
            out.extend(if inside { [isolate, open] } else { [open, isolate] });
        } else if character == close && is_open {
            is_open = false;
            out.extend(if inside { [close, END_OF_ISOLATE] } else { [END_OF_ISOLATE, close] });
        } else {
            out.push(character);
        }
    }
    if is_open {
        out.push(END_OF_ISOLATE);
    }
    out
}

/// Whether some of the text is written from right to left.
fn has_right_to_left(text: &str) -> bool {
    let classes = CodePointMapData::<BidiClass>::new();
    text.chars().any(|character| {
        matches!(
            classes.get(character),
            BidiClass::RightToLeft | BidiClass::ArabicLetter | BidiClass::ArabicNumber
        )
    })
}

/// Whether a paragraph is written from right to left: its first letter outside of isolated parts is.
pub(super) fn is_right_to_left(text: &str) -> bool {
    let classes = CodePointMapData::<BidiClass>::new();
    let mut depth = 0_usize;
    for character in text.chars() {
        match character {
            ISOLATE | LEFT_TO_RIGHT => depth += 1,
            END_OF_ISOLATE => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            _ => match classes.get(character) {
                BidiClass::LeftToRight => return false,
                BidiClass::RightToLeft | BidiClass::ArabicLetter => return true,
                _ => {}
            },
        }
    }
    // A name alone is isolated as a whole.
    depth == 0 && text.starts_with(ISOLATE) && {
        let inner = text.trim_start_matches(ISOLATE);
        !inner.is_empty() && is_right_to_left(inner)
    }
}

/// How wide the text is at most.
pub(super) fn width(text: &str, style: TextStyle) -> i32 {
    let mut characters = text.chars().peekable();
    let mut hundredths = 0;
    while let Some(character) = characters.next() {
        hundredths += ems(character, characters.peek().copied());
    }
    let bold = if style.is_bold { 117 } else { 100 };
    (hundredths * style.size * bold + 9_999) / 10_000
}

/// The paragraphs of a text, each in lines that are at most `width` wide; `max_lines` altogether.
pub(super) fn wrapped_text(text: &str, style: TextStyle, width: i32, max_lines: usize) -> Vec<WrappedText> {
    let mut wrapped: Vec<WrappedText> = Vec::new();
    let mut left = max_lines;
    for paragraph in text.lines().filter(|line| !line.trim().is_empty()) {
        if left == 0 {
            if let Some(last) = wrapped.last_mut().filter(|last| !last.is_cut) {
                last.is_cut = true;
                if let Some(line) = last.lines.last_mut() {
                    *line = cut(line, style, width);
                }
            }
            break;
        }
        let paragraph = wrap(paragraph.trim(), style, [width, width], left);
        left -= paragraph.lines.len();
        wrapped.push(paragraph);
    }
    wrapped
}

/// A paragraph in lines, of which the first has another width.
pub(super) fn wrap(text: &str, style: TextStyle, widths: [i32; 2], max_lines: usize) -> WrappedText {
    let is_right_to_left = is_right_to_left(text);
    let [mut room, rest] = widths;
    let (mut lines, mut line) = (Vec::new(), String::new());
    for piece in pieces(text, style, rest) {
        let longer = format!("{line}{piece}");
        if line.is_empty() || width(longer.trim_end(), style) <= room {
            line = longer;
        } else {
            lines.push(std::mem::replace(&mut line, piece.to_owned()));
            room = rest;
            if lines.len() > max_lines {
                break;
            }
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    let is_cut = lines.len() > max_lines;
    if is_cut {
        let more: String = lines.drain(max_lines..).collect();
        if let Some(last) = lines.last_mut() {
            let room = if max_lines == 1 { widths[0] } else { rest };
            // A long word that would leave most of the line empty is cut itself.
            if width(last.trim_end(), style) < room / 2 {
                last.push_str(&more);
            }
            *last = cut(last, style, room);
        }
    }
    let mut lines: Vec<String> = lines.iter().map(|line| line.trim_end().to_owned()).collect();
    balance(&mut lines);
    WrappedText { lines, is_right_to_left, is_cut }
}

/// The parts between which a line may end. What is wider than a line is divided between letters.
fn pieces(text: &str, style: TextStyle, room: i32) -> Vec<&str> {
    let segmenter = LineSegmenter::new_for_non_complex_scripts(LineBreakOptions::default());
    let mut pieces = Vec::new();
    for piece in between(text, segmenter.segment_str(text)) {
        if width(piece.trim_end(), style) <= room {
            pieces.push(piece);
            continue;
        }
        let mut start = 0;
        let mut end = 0;
        for cluster in clusters(piece) {
            let next = end + cluster.len();
            if start < end && width(piece.get(start..next).unwrap_or_default(), style) > room {
                pieces.push(piece.get(start..end).unwrap_or_default());
                start = end;
            }
            end = next;
        }
        pieces.push(piece.get(start..).unwrap_or_default());
    }
    pieces
}

/// The letters with their accents.
fn clusters(text: &str) -> Vec<&str> {
    between(text, GraphemeClusterSegmenter::new().segment_str(text)).collect()
}

fn between(text: &str, ends: impl Iterator<Item = usize>) -> impl Iterator<Item = &str> {
    let mut start = 0;
    ends.filter_map(move |end| {
        let piece = text.get(start..end)?;
        start = end;
        (!piece.is_empty()).then_some(piece)
    })
}

/// As much of the line as has room before a `…`.
fn cut(line: &str, style: TextStyle, room: i32) -> String {
    let mut kept = line.trim_end().to_owned();
    for cluster in clusters(line.trim_end()).into_iter().rev() {
        if width(&format!("{kept}…"), style) <= room {
            break;
        }
        kept.truncate(kept.len() - cluster.len());
    }
    format!("{}…", kept.trim_end())
}

/// Each line is drawn by itself, so it ends the isolated parts that it begins, and the next line begins them again.
fn balance(lines: &mut [String]) {
    let mut open: Vec<char> = Vec::new();
    for line in lines {
        let before: String = open.iter().collect();
        let mut balanced = String::new();
        for character in line.chars() {
            match character {
                ISOLATE | LEFT_TO_RIGHT => open.push(character),
                END_OF_ISOLATE if open.pop().is_none() => continue,
                _ => {}
            }
            balanced.push(character);
        }
        let after = open.iter().map(|_| END_OF_ISOLATE);
        *line = before.chars().chain(balanced.chars()).chain(after).collect();
    }
}

/// The width of a character in hundredths of the size of the font: that of the widest of the usual fonts.
fn ems(character: char, next: Option<char>) -> i32 {
    // A sign that is drawn as an emoji.
    if next == Some('\u{FE0F}') {
        return 140;
    }
    match character {
        ISOLATE | LEFT_TO_RIGHT | END_OF_ISOLATE => 0,
        ' ' | '\u{A0}' | '\u{202F}' => 34,
        'i' | 'j' | 'l' | '\'' => 30,
        'I' | '|' | '.' | ',' | ':' | ';' | '-' | '/' | '\\' => 36,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '!' | '`' => 44,
        'c' | 's' | 'z' | 'J' | '"' => 54,
        'k' | 'v' | 'x' | 'y' | '?' | '*' | '_' => 60,
        'm' | 'W' | '@' | '%' => 101,
        'M' => 88,
        '+' | '<' | '=' | '>' | '^' | '~' | '#' | 'w' => 85,
        'a'..='z' | '0'..='9' | '$' | '{' | '}' | 'F' | 'L' | 'T' => 65,
        'D' | 'G' | 'H' | 'N' | 'O' | 'Q' | '&' => 80,
        'A'..='Z' => 74,
        '“' | '”' | '‘' | '’' | '–' | '·' => 60,
        '…' | '—' => 100,
        '\u{FDFD}' => 900,
        '\u{FDF0}'..='\u{FDFC}' => 250,
        _ if character.width() == Some(0) => 0,
        _ => by_script(character, next),
    }
}

fn by_script(character: char, next: Option<char>) -> i32 {
    let is_letter = group(character, GeneralCategoryGroup::Letter);
    if is_letter && script(character) == Script::Arabic {
        let is_joined = next.is_some_and(|next| script(next) == Script::Arabic);
        return match character {
            'ا' | 'أ' | 'إ' | 'آ' | 'ٱ' | 'ـ' => 45,
            'د' | 'ذ' | 'ر' | 'ز' | 'و' | 'ؤ' | 'ء' | 'ة' => 70,
            'س' | 'ش' | 'ص' | 'ض' => {
                if is_joined {
                    120
                } else {
                    155
                }
            }
            _ => {
                if is_joined {
                    80
                } else {
                    120
                }
            }
        };
    }
    if character.width() == Some(2) {
        return if is_letter { 105 } else { 140 };
    }
    match script(character) {
        Script::Latin => match character {
            '\u{C0}'..='\u{17F}' if character.is_lowercase() && character != 'æ' && character != 'œ' => 75,
            '\u{C0}'..='\u{17F}' if !matches!(character, 'Æ' | 'Œ' | 'Ŵ' | 'æ' | 'œ') => 90,
            _ => 110,
        },
        Script::Hebrew => 85,
        Script::Greek | Script::Cyrillic if character.is_lowercase() => 95,
        Script::Greek | Script::Cyrillic => 120,
        Script::Thai => 75,
        Script::Arabic => 75,
        _ if is_letter && character < '\u{3000}' => 140,
        _ => 160,
    }
}

fn group(character: char, group: GeneralCategoryGroup) -> bool {
    group.contains(CodePointMapData::<GeneralCategory>::new().get(character))
}

fn script(character: char) -> Script {
    CodePointMapData::<Script>::new().get(character)
}
