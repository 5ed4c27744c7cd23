//! Texts as PostgreSQL can hold them: it has no U+0000 in a text.

use std::borrow::Cow;
use std::error::Error;
use std::fmt::Debug;

use bytes::{BufMut, BytesMut};
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

/// What stands for U+0000 begins with it.
const ESCAPE: char = '\u{1}';

/// A text that goes into a column, or comes from one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PgText<T>(pub(super) T);

fn escaped(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| byte <= 1) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for char in text.chars() {
        match char {
            '\0' => out.extend([ESCAPE, '0']),
            ESCAPE => out.extend([ESCAPE, '1']),
            char => out.push(char),
        }
    }
    Cow::Owned(out)
}

fn unescaped(text: &str) -> String {
    if !text.contains(ESCAPE) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        match (char, chars.as_str().chars().next()) {
            (ESCAPE, Some('0')) => out.push('\0'),
            (ESCAPE, Some('1')) => out.push(ESCAPE),
            (char, _) => {
                out.push(char);
                continue;
            }
        }
        chars.next();
    }
    out
}

impl<T: AsRef<str> + Debug> ToSql for PgText<T> {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        out.put_slice(escaped(self.0.as_ref()).as_bytes());
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        <&str as ToSql>::accepts(ty)
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for PgText<String> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(unescaped(<&str as FromSql>::from_sql(ty, raw)?)))
    }

    fn accepts(ty: &Type) -> bool {
        <&str as FromSql>::accepts(ty)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_text_comes_back(text in "[\u{0}\u{1}01a\u{1f600}]{0,12}", other in "[\u{0}\u{1}01a]{0,12}") {
            prop_assert!(!escaped(&text).contains('\0'));
            prop_assert_eq!(unescaped(&escaped(&text)), text.clone());
            prop_assert_eq!(escaped(&text) == escaped(&other), text == other);
        }
    }

    #[test]
    fn what_nobody_escaped_is_read_as_it_is() {
        assert_eq!(unescaped("\u{1}x\u{1}"), "\u{1}x\u{1}");
    }
}
