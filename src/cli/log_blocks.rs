//! Reads a log in blocks of whole lines.

use std::io::{self, Read};

use memchr::{memchr, memrchr};

use crate::text::MAX_FILE_SIZE;

/// The size of a block, unless a line is longer.
const SIZE: usize = 64 * 1024;

/// The blocks of a log. Where they end depends on nothing but the log.
pub(super) struct LogBlocks<R> {
    input: R,
    /// What follows the last block: the beginning of a line.
    rest: Vec<u8>,
    is_at_end: bool,
}

impl<R: Read> LogBlocks<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, rest: Vec::new(), is_at_end: false }
    }

    /// Replaces `block` by the next one. `false`: there is none. A line that is too long for a situation is truncated to a
    /// length that is still too long, so that memory use stays bounded.
    pub(super) fn next(&mut self, block: &mut Vec<u8>) -> io::Result<bool> {
        block.clear();
        block.append(&mut self.rest);
        loop {
            let wanted = SIZE.saturating_sub(block.len()).max(SIZE / 4);
            let read = self.read(block, wanted)?;
            if self.is_at_end {
                return Ok(!block.is_empty());
            }
            if let Some(end) = memrchr(b'\n', block) {
                self.rest.extend_from_slice(block.get(end + 1..).unwrap_or_default());
                block.truncate(end + 1);
                return Ok(true);
            }
            if block.len() > MAX_FILE_SIZE {
                self.skip_line()?;
                block.push(b'\n');
                return Ok(true);
            }
            debug_assert!(read > 0, "the end was not noticed");
        }
    }

    /// Appends `wanted` bytes, or fewer at the end of the input.
    fn read(&mut self, block: &mut Vec<u8>, wanted: usize) -> io::Result<usize> {
        let read = (&mut self.input).take(wanted as u64).read_to_end(block)?;
        self.is_at_end = read < wanted;
        Ok(read)
    }

    /// Reads up to the end of the line.
    fn skip_line(&mut self) -> io::Result<()> {
        let mut piece = Vec::with_capacity(SIZE);
        while !self.is_at_end {
            piece.clear();
            self.read(&mut piece, SIZE)?;
            if let Some(end) = memchr(b'\n', &piece) {
                self.rest.extend_from_slice(piece.get(end + 1..).unwrap_or_default());
                return Ok(());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(log: &[u8]) -> Vec<Vec<u8>> {
        let mut reader = LogBlocks::new(log);
        let (mut blocks, mut block) = (Vec::new(), Vec::new());
        while reader.next(&mut block).unwrap() {
            blocks.push(block.clone());
        }
        blocks
    }

    #[test]
    fn blocks_are_whole_lines_and_all_of_the_log() {
        for length in [1, 100, SIZE - 1, SIZE, SIZE + 1, 3 * SIZE] {
            let mut log = Vec::new();
            while log.len() < 5 * SIZE {
                log.extend(vec![b'x'; length]);
                log.push(b'\n');
            }
            for end in [log.len(), log.len() - 1, log.len() - length / 2 - 1] {
                let log = &log[..end];
                let blocks = blocks(log);
                assert_eq!(blocks.concat(), log, "{length}");
                let (_, but_last) = blocks.split_last().unwrap();
                assert!(but_last.iter().all(|block| block.ends_with(b"\n")), "{length}");
            }
        }
        assert!(blocks(b"").is_empty());
    }

    #[test]
    fn a_line_that_is_too_long_stays_too_long_and_ends_where_it_ended() {
        let endless = vec![b'x'; MAX_FILE_SIZE * 2];
        let log = [b"a\n", &endless[..], b"\nb\nc"].concat();
        let blocks = blocks(&log).concat();
        let lines: Vec<&[u8]> = blocks.split(|byte| *byte == b'\n').collect();
        assert_eq!((lines.len(), lines[0], lines[2], lines[3]), (4, &b"a"[..], &b"b"[..], &b"c"[..]));
        assert!(lines[1].len() > MAX_FILE_SIZE && lines[1].len() < MAX_FILE_SIZE + 2 * SIZE);
        let last = [b"a\n", &endless[..]].concat();
        assert!(self::blocks(&last).concat().len() < MAX_FILE_SIZE + 2 * SIZE);
    }
}
