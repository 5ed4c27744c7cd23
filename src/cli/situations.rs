//! Reads situations from an input: one object over several lines, or one object per line.

use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};

use serde::de::IgnoredAny;

use crate::text::MAX_FILE_SIZE;

/// The form of the input.
pub(super) enum SituationInput<R> {
    /// One object over several lines, after this many blank lines.
    One(Vec<u8>, usize),
    /// One object per line.
    Stream(Lines<Chain<Cursor<Vec<u8>>, BufReader<R>>>),
}

/// Detects the form from the first line. If that line is an unfinished object, the rest of the input is read to find out:
/// in a stream, the following lines are objects of their own.
pub(super) fn open<R: Read>(input: R) -> io::Result<SituationInput<R>> {
    let mut reader = BufReader::new(input);
    let mut head = Vec::new();
    let mut blank = 0;
    while read_line(&mut reader, &mut head)? > 0 && head.trim_ascii().is_empty() {
        head.clear();
        blank += 1;
    }
    if is_unfinished(&head) {
        let room = (MAX_FILE_SIZE + 1).saturating_sub(head.len());
        (&mut reader).take(room as u64).read_to_end(&mut head)?;
        if is_one_object(&head) {
            return Ok(SituationInput::One(head, blank));
        }
    }
    Ok(SituationInput::Stream(Lines::new(Cursor::new(head).chain(reader), blank)))
}

fn is_unfinished(text: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(text).is_err_and(|error| error.is_eof())
        && !text.trim_ascii().is_empty()
}

/// Whether the lines are one object: they parse as one, or no single line parses as an object.
fn is_one_object(text: &[u8]) -> bool {
    let whole = || serde_json::from_slice::<IgnoredAny>(text).is_ok();
    let is_object = |line: &[u8]| {
        line.trim_ascii_start().starts_with(b"{") && serde_json::from_slice::<IgnoredAny>(line).is_ok()
    };
    whole() || !text.split(|byte| *byte == b'\n').any(is_object)
}

/// The lines of an input, read into one buffer.
pub(super) struct Lines<R> {
    reader: BufReader<R>,
    buffer: Vec<u8>,
    number: usize,
}

/// A line that is not blank.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// From 1.
    pub(super) number: usize,
    /// Its text.
    pub(super) bytes: &'a [u8],
}

impl<R: Read> Lines<R> {
    fn new(input: R, before: usize) -> Self {
        Self { reader: BufReader::with_capacity(64 * 1024, input), buffer: Vec::new(), number: before }
    }

    /// Whether the next line has not arrived yet, so that [`next`](Self::next) may block.
    pub(super) fn must_wait(&self) -> bool {
        !self.reader.buffer().contains(&b'\n')
    }

    /// The next line that is not blank. A line that is too long for a situation is truncated to a length that is still too
    /// long, so that memory use stays bounded.
    pub(super) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        loop {
            self.buffer.clear();
            if read_line(&mut self.reader, &mut self.buffer)? == 0 {
                return Ok(None);
            }
            self.number += 1;
            if !self.buffer.trim_ascii().is_empty() {
                return Ok(Some(Line { number: self.number, bytes: self.buffer.trim_ascii_end() }));
            }
        }
    }
}

/// Appends a line to `buffer`, truncated if it is too long. Returns 0 at the end of the input.
fn read_line(reader: &mut impl BufRead, buffer: &mut Vec<u8>) -> io::Result<usize> {
    let limit = MAX_FILE_SIZE + 2;
    let read = reader.take(limit as u64).read_until(b'\n', buffer)?;
    if read == limit && !buffer.ends_with(b"\n") {
        reader.skip_until(b'\n')?;
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of a stream by number, or the one object.
    #[track_caller]
    fn check(input: &str, expected: &[(usize, &str)]) {
        let found = match open(input.as_bytes()).unwrap() {
            SituationInput::One(text, before) => vec![(before, String::from_utf8(text).unwrap())],
            SituationInput::Stream(mut lines) => {
                let mut found = Vec::new();
                while let Some(line) = lines.next().unwrap() {
                    found.push((line.number, String::from_utf8(line.bytes.to_vec()).unwrap()));
                }
                found
            }
        };
        let found: Vec<_> = found.iter().map(|(number, line)| (*number, line.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn lines_and_their_numbers() {
        check("", &[]);
        check("\n \r\n\t", &[]);
        check("{}", &[(1, "{}")]);
        check("\n{\"a\":1}\r\n\n{}\n", &[(2, "{\"a\":1}"), (4, "{}")]);
        check("no\n{}", &[(1, "no"), (2, "{}")]);
    }

    #[test]
    fn one_object_over_several_lines() {
        check("{\n  \"a\": 1\n}\n", &[(0, "{\n  \"a\": 1\n}\n")]);
        check("\n{\"a\":\n{}\n}", &[(1, "{\"a\":\n{}\n}")]);
        check("{\n  \"a\" 1\n}", &[(0, "{\n  \"a\" 1\n}")]);
        check("{", &[(0, "{")]);
    }

    #[test]
    fn a_stream_that_begins_with_half_a_line() {
        check("{\"a\":\n{\"b\":1}\nno\n", &[(1, "{\"a\":"), (2, "{\"b\":1}"), (3, "no")]);
    }

    #[test]
    fn a_line_without_end() {
        let long = "x".repeat(MAX_FILE_SIZE + 100);
        let input = format!("{{}}\n{long}\n{{}}\n");
        let SituationInput::Stream(mut lines) = open(input.as_bytes()).unwrap() else { panic!("a stream") };
        assert_eq!(lines.next().unwrap().unwrap().number, 1);
        assert!(lines.next().unwrap().unwrap().bytes.len() > MAX_FILE_SIZE);
        assert_eq!(lines.next().unwrap(), Some(Line { number: 3, bytes: b"{}" }));
        assert_eq!(lines.next().unwrap(), None);
    }

    #[test]
    fn answers_need_not_wait_for_the_next_line() {
        let SituationInput::Stream(mut lines) = open(&b"{}\n{}\n{}\n{\"a\""[..]).unwrap() else {
            panic!("a stream")
        };
        let mut waits = Vec::new();
        while lines.next().unwrap().is_some() {
            waits.push(lines.must_wait());
        }
        assert_eq!(waits, [true, false, true, true]);
    }
}
