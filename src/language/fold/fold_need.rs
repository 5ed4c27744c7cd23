//! What folding has to do to a text: for an ASCII text, one pass over the bytes tells.

/// What folding has to do to a text. It is determined in one pass over the bytes, and may be more than is necessary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FoldNeed {
    /// Nothing: the text is folded already.
    Nothing,
    /// The text is ASCII with capital letters.
    Lowercase,
    /// The text is ASCII with white space to join or to trim, and may have capital letters.
    Whitespace,
    /// The text is not ASCII, or has a grave accent, which people type for an apostrophe.
    Full,
}

/// What folding has to do to `text`.
///
/// The loop has no early exit and its state is a few bytes for each lane, so that the compiler turns it into vector
/// instructions: most messages are short ASCII texts, and this pass is all that they need.
pub(crate) fn fold_need(text: &str) -> FoldNeed {
    let bytes = text.as_bytes();
    let (Some((first, rest)), Some((last, but_last))) = (bytes.split_first(), bytes.split_last()) else {
        return FoldNeed::Nothing;
    };
    // A space at either end has to be trimmed, so it counts as the second of two.
    let classes = pair_classes(b' ', *first) | pair_classes(*last, b' ');
    // Each byte is classified together with the one before it. The last chunk may overlap the one before: the classes
    // are combined with `or`, so that classifying a byte twice does no harm.
    let classes = classes
        | match (rest.last_chunk(), but_last.last_chunk()) {
            (Some(chunk), Some(before)) => {
                let mut lanes = Lanes::default();
                for (chunk, before) in rest.as_chunks().0.iter().zip(but_last.as_chunks().0) {
                    lanes.add(before, chunk);
                }
                lanes.add(before, chunk);
                lanes.classes()
            }
            _ => rest.iter().zip(but_last).fold(0, |all, (byte, before)| all | pair_classes(*before, *byte)),
        };
    match classes & !ONE_SPACE {
        0 => FoldNeed::Nothing,
        CAPITALS => FoldNeed::Lowercase,
        classes if classes & FULL == 0 => FoldNeed::Whitespace,
        _ => FoldNeed::Full,
    }
}

const CAPITALS: u8 = 1;
const SPACES: u8 = 2;
/// A space that is not known to need anything.
const ONE_SPACE: u8 = 4;
const FULL: u8 = 0x80;

/// The classes of each byte.
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut rest: &mut [u8] = &mut classes;
    let mut byte: u8 = 0;
    while let Some((first, others)) = rest.split_first_mut() {
        *first = classes_of(byte);
        byte = byte.wrapping_add(1);
        rest = others;
    }
    classes
};

/// All control characters count as white space here, since some of them are; splitting the text at white space then treats
/// each of them correctly.
const fn classes_of(byte: u8) -> u8 {
    match byte {
        b'A'..=b'Z' => CAPITALS,
        b' ' => ONE_SPACE,
        0..b' ' => SPACES,
        b'`' | 0x80.. => FULL,
        _ => 0,
    }
}

/// The classes of `byte`, which follows `before`.
#[inline]
fn pair_classes(before: u8, byte: u8) -> u8 {
    let classes = |byte| CLASSES.get(usize::from(byte)).copied().unwrap_or(FULL);
    let (before, byte) = (classes(before), classes(byte));
    byte | (before & byte & ONE_SPACE) >> 1
}

/// The bytes of a 128-bit vector register.
const CHUNK: usize = 16;

/// The same classes of many bytes, one byte for each lane of a register and for each class: not zero if the lane has it.
#[derive(Default)]
struct Lanes {
    capitals: [u8; CHUNK],
    spaces: [u8; CHUNK],
    /// The highest bit counts.
    full: [u8; CHUNK],
}

impl Lanes {
    #[inline]
    fn add(&mut self, before: &[u8; CHUNK], chunk: &[u8; CHUNK]) {
        let mask = |is: bool| 0_u8.wrapping_sub(u8::from(is));
        let lanes = self.capitals.iter_mut().zip(&mut self.spaces).zip(&mut self.full);
        for (((capitals, spaces), full), (byte, before)) in lanes.zip(chunk.iter().zip(before)) {
            *capitals |= mask(byte.is_ascii_uppercase());
            *spaces |= mask(*byte < b' ') | mask(*byte == b' ') & mask(*before == b' ');
            *full |= byte | mask(*byte == b'`');
        }
    }

    fn classes(&self) -> u8 {
        let any = |lanes: &[u8; CHUNK]| lanes.iter().fold(0, |all, lane| all | lane);
        (any(&self.capitals) & CAPITALS) | (any(&self.spaces) & SPACES) | (any(&self.full) & FULL)
    }
}
