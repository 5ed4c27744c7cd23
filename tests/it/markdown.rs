//! Reads Markdown pages: the fenced blocks, and the code in tables.

/// A fenced block.
pub(crate) struct Block {
    /// The info string after the opening fence, as `rules` or `rules,bad`.
    pub(crate) kind: String,
    /// The text between the fences.
    pub(crate) text: String,
}

/// The fenced blocks of a page.
pub(crate) fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for line in page.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(kind)) => open = Some(Block { kind: kind.trim().to_owned(), text: String::new() }),
            (Some(_), Some("")) => blocks.extend(open.take()),
            (Some(block), _) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is never closed");
    blocks
}

/// The code in the first column of every table whose header starts with `head`.
pub(crate) fn first_column(page: &str, head: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        match line.strip_prefix("| ") {
            None => inside = line.starts_with("|--") && inside,
            Some(row) if row.starts_with(&format!("{head} |")) => inside = true,
            Some(row) if inside => found.extend(code(row.split(" |").next().unwrap_or_default())),
            Some(_) => {}
        }
    }
    found
}

/// The code between backticks.
pub(crate) fn code(cell: &str) -> impl Iterator<Item = String> + '_ {
    cell.split('`').skip(1).step_by(2).map(str::to_owned)
}

#[test]
fn blocks_are_found() {
    let found = blocks("a\n```rules,bad\nx\n\ny\n```\nb\n```\nz\n```\n");
    let found: Vec<_> = found.iter().map(|block| (block.kind.as_str(), block.text.as_str())).collect();
    assert_eq!(found, [("rules,bad", "x\n\ny\n"), ("", "z\n")]);
}

#[test]
fn tables_are_found() {
    let page =
        "| Action | Does |\n|---|---|\n| `a` `b` | `c` |\n| d | |\n\n| Else | |\n|---|---|\n| `e` | |\n";
    assert_eq!(first_column(page, "Action"), ["a", "b"]);
}
