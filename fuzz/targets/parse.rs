//! Any bytes as a rule file: a tree and findings, each inside the text.
#![no_main]

use inbox_rules::language::{decode, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(source) = decode("fuzz.rules", bytes) else { return };
    let parsed = parse(&source);
    let inside = |span: inbox_rules::text::Span| source.text.get(span.range()).is_some();
    for item in &parsed.file.items {
        assert!(inside(item.span()), "an item is outside the text");
    }
    for finding in &parsed.findings {
        assert!(inside(finding.span), "`{}` is outside the text", finding.message);
        let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
        edits.for_each(|edit| {
            assert!(inside(edit.span), "the fix of `{}` is outside the text", finding.message)
        });
    }
});
