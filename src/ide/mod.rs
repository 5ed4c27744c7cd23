//! What an editor asks about a place in a file: what stands there, where it is defined, what may be written there.
//!
//! Each request is a pure function in a file of its own. It is given a [`Folder`](crate::policy::Folder) of the texts that
//! are being edited, the name of a file in the folder (`inbox.toml` is one too) and a byte of its text, and it answers while
//! the file has mistakes. Only what asks for the meaning of a policy is given a [`Workspace`](crate::check::Workspace), which
//! takes longer to make. How an editor asks is not known here.

mod classify;
mod visible_names;
mod placeholders;
mod occurrence;
mod inbox_file;
mod place;
mod definition;
mod references;
mod reply_at;
mod hover;
mod completion;
mod items;
mod symbols;
mod rename;
mod semantic_tokens;
mod folding;
mod tree_spans;
mod selection;
mod code_lenses;
mod inlay_hints;
#[cfg(test)]
mod tests;

pub use code_lenses::{CodeLens, LensAction, code_lenses};
pub use completion::{Completion, CompletionKind, completion, snippets};
pub use definition::definition;
pub use folding::{FoldingRange, folding};
pub use hover::{Hover, hover};
pub use inlay_hints::{InlayHint, inlay_hints};
pub use place::Place;
pub use references::references;
pub use rename::{FileEdit, RenameError, prepare_rename, rename};
pub use selection::selection;
pub use semantic_tokens::{SemanticKind, SemanticToken, semantic_tokens};
pub use symbols::{Symbol, SymbolKind, symbols, workspace_symbols};
