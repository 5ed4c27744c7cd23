//! What C holds: handles and texts, and how they are given, borrowed and taken back.

use std::ffi::{CStr, CString, c_char, c_void};
use std::sync::Arc;

use inbox_rules::RuleSet;
use inbox_rules_json::ProcessReloader;

use crate::status::Failure;

/// The rules of a folder. They never change, and any number of threads may use them at the same time.
pub struct InboxRulesRuleset(pub(crate) Arc<RuleSet>);

/// The current rules of a folder that is followed. Any number of threads may use it at the same time, until it is closed.
pub struct InboxRulesReloader(pub(crate) ProcessReloader);

/// What a caller wants back in each call of their function.
#[derive(Clone, Copy)]
pub(crate) struct UserData(pub(crate) *mut c_void);

// SAFETY: the library only hands it back, and the caller promises that their function may be called with it on another
// thread.
unsafe impl Send for UserData {}

impl UserData {
    pub(crate) fn get(self) -> *mut c_void {
        self.0
    }
}

/// The text of an argument.
///
/// # Safety
///
/// `text` is null, or a string that ends in a zero byte and does not change while the result is used.
pub(crate) unsafe fn string<'t>(text: *const c_char, name: &'static str) -> Result<&'t str, Failure> {
    if text.is_null() {
        return Err(Failure::Null(name));
    }
    // SAFETY: it is a string that ends in a zero byte.
    unsafe { CStr::from_ptr(text) }.to_str().map_err(|_| Failure::NotUtf8(name))
}

/// The value behind a handle.
///
/// # Safety
///
/// `handle` is null, or comes from [`give_handle`] and has not been taken back.
pub(crate) unsafe fn handle<'h, T>(handle: *const T, name: &'static str) -> Result<&'h T, Failure> {
    // SAFETY: it points to a value that is there.
    unsafe { handle.as_ref() }.ok_or(Failure::Null(name))
}

/// Makes a handle of a value.
pub(crate) fn give_handle<T>(value: T) -> *mut T {
    Box::into_raw(Box::new(value))
}

/// Takes a handle back.
///
/// # Safety
///
/// `handle` is null, or comes from [`give_handle`] and is taken back once.
pub(crate) unsafe fn take_handle<T>(handle: *mut T) -> Option<Box<T>> {
    // SAFETY: it comes from `Box::into_raw`.
    (!handle.is_null()).then(|| unsafe { Box::from_raw(handle) })
}

/// Gives a text away.
pub(crate) fn give_text(text: String) -> *mut c_char {
    c_string(text).into_raw()
}

/// Takes a text back.
///
/// # Safety
///
/// `text` is null, or comes from [`give_text`] and is taken back once.
pub(crate) unsafe fn take_text(text: *mut c_char) -> Option<CString> {
    // SAFETY: it comes from `CString::into_raw`.
    (!text.is_null()).then(|| unsafe { CString::from_raw(text) })
}

/// A text for C. JSON has no zero bytes; in a sentence, they are replaced.
pub(crate) fn c_string(text: String) -> CString {
    CString::new(text).unwrap_or_else(|error| {
        let text = String::from_utf8_lossy(&error.into_vec()).replace('\0', "\u{fffd}");
        CString::new(text).unwrap_or_default()
    })
}
