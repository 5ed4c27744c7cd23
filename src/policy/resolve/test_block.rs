//! `test` blocks, and what each expects.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::context::Context;
use super::{action, given};
use crate::diagnostic::Code;
use crate::language::ast;
use crate::policy::model::{Expect, ExpectKind, Test};
use crate::text::Span;

/// The tests of the file, in its order.
pub(super) fn tests(cx: &mut Context<'_>) -> Vec<Test> {
    let mut first_spans: BTreeMap<&str, Span> = BTreeMap::new();
    let mut tests = Vec::new();
    for item in &cx.file.tree().items {
        let ast::Item::Test(test) = item else { continue };
        if let Some(first) = first_spans.insert(&test.name.value, test.name.span) {
            let message = format!("two tests are called `{}`", test.name.value);
            cx.report(
                cx.error(Code::DuplicateName, test.name.span, message)
                    .related(first, "the first one is here"),
            );
        }
        let given = given::situation(cx, &test.givens);
        let expects = test.expects.iter().filter_map(|tree| expect(cx, tree)).collect();
        tests.push(Test { name: test.name.value.as_str().into(), span: test.name.span, given, expects });
    }
    tests
}

/// Resolves the names in a test of which only a part could be read, for its findings only.
pub(super) fn resolve_names(cx: &mut Context<'_>, test: &ast::Test) {
    given::situation(cx, &test.givens);
    for tree in &test.expects {
        expect(cx, tree);
    }
}

fn expect(cx: &mut Context<'_>, expect: &ast::Expect) -> Option<Expect> {
    use ast::ExpectKind as Tree;
    let name = |text: &ast::TextLiteral| Arc::from(text.value.as_str());
    let after = match &expect.after {
        None => None,
        Some(after) => Some(cx.nonzero_seconds(after)?),
    };
    let kind = match &expect.kind {
        Tree::Rule(text) => ExpectKind::Rule(name(text)),
        Tree::NoRule => ExpectKind::NoRule,
        Tree::AlsoRule(text) => ExpectKind::AlsoRule(name(text)),
        Tree::NotRule(text) => ExpectKind::NotRule(name(text)),
        Tree::AssignUser(users) => {
            let users: Vec<_> = users.iter().map(|id| cx.user(id)).collect();
            ExpectKind::AssignUser(users.into_iter().collect::<Option<_>>()?)
        }
        Tree::AssignGroup(group) => ExpectKind::AssignGroup(cx.group(group)?),
        Tree::AssignNobody => ExpectKind::AssignNobody,
        Tree::Waiting => ExpectKind::Waiting,
        Tree::Kept => ExpectKind::Kept,
        Tree::Reply(text) => ExpectKind::Reply(text.value.clone()),
        Tree::ReplyContains(text) => ExpectKind::ReplyContains(text.value.clone()),
        Tree::NoReply => ExpectKind::NoReply,
        Tree::Tag(text) => ExpectKind::Tag(text.value.clone()),
        Tree::NoTag(text) => ExpectKind::NoTag(text.value.clone()),
        Tree::Priority(word) => ExpectKind::Priority(action::priority(cx, word)?),
    };
    Some(Expect { span: expect.span, after, kind })
}
