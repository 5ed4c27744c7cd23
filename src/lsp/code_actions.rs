//! Code actions: the fixes of findings, all fixes at once, and silencing a finding.

use gen_lsp_types::{
    CodeAction, CodeActionContext, CodeActionKind, CodeActionParams, CodeActionResponse,
    CodeActionTriggerKind, Diagnostic,
};
use serde_json::json;

use super::diagnostics::diagnostic;
use super::fixes::{allow, fix_all};
use super::text_edits::workspace_edit;
use super::view::FolderView;
use crate::diagnostic::{Edit, Finding};
use crate::text::Span;

/// All fixes of a file at once.
pub(super) const FIX_ALL: &str = "source.fixAll.rules";

/// `textDocument/codeAction`
pub(super) fn code_actions(
    view: &FolderView,
    file: &str,
    params: &CodeActionParams,
) -> Vec<CodeActionResponse> {
    let CodeActionParams { range, context, .. } = params;
    if !view.client.code_action_literals {
        return Vec::new();
    }
    let found = view.findings_in(file);
    let mut actions = Vec::new();
    if wants(context, "quickfix") {
        let span = view.span(file, *range);
        let here: Vec<&Finding> = found.iter().filter(|finding| touches(finding.span, span)).collect();
        let fixes = here.iter().filter(|finding| finding.fix.is_some()).count();
        for finding in &here {
            let Some(fix) = &finding.fix else { continue };
            let mut action =
                quick_fix(view, file, finding, context, capitalized(&fix.title), fix.edits.clone());
            action.is_preferred = Some(fixes == 1);
            actions.push(action);
        }
        // It is asked for what can be done about the finding, not while somebody only looks at it.
        let is_invoked = context.trigger_kind != Some(CodeActionTriggerKind::Automatic);
        for finding in here.iter().filter(|_| is_invoked) {
            if let Some(edit) = allow(view, file, finding) {
                let title = format!("Allow `{}` here, with a reason", finding.code);
                actions.push(quick_fix(view, file, finding, context, title, vec![edit]));
            }
        }
    }
    let can_fix = found.iter().any(|finding| finding.fix.is_some());
    let is_named = context.only.is_some();
    if can_fix && wants(context, FIX_ALL) && (is_named || view.client.resolves_edits) {
        actions.extend(fix_all_action(view, file));
    }
    actions.into_iter().map(CodeActionResponse::CodeAction).collect()
}

/// `codeAction/resolve`: its edit, which takes longer.
pub(super) fn resolve(view: &FolderView, file: &str, action: &CodeAction) -> CodeAction {
    let edits = fix_all(view, file);
    CodeAction { edit: Some(workspace_edit(view, &[(file, edits)])), ..action.clone() }
}

fn fix_all_action(view: &FolderView, file: &str) -> Option<CodeAction> {
    let action = CodeAction {
        title: "Fix all that has only one fix".to_owned(),
        kind: Some(CodeActionKind::Custom(FIX_ALL.into())),
        ..CodeAction::default()
    };
    if view.client.resolves_edits {
        let data = json!({ "textDocument": { "uri": view.uri(file) } });
        return Some(CodeAction { data: Some(data), ..action });
    }
    let edits = fix_all(view, file);
    let edit = (!edits.is_empty()).then(|| workspace_edit(view, &[(file, edits)]))?;
    Some(CodeAction { edit: Some(edit), ..action })
}

fn quick_fix(
    view: &FolderView,
    file: &str,
    finding: &Finding,
    context: &CodeActionContext,
    title: String,
    edits: Vec<Edit>,
) -> CodeAction {
    CodeAction {
        title,
        kind: Some(CodeActionKind::QuickFix),
        diagnostics: Some(vec![shown(context, diagnostic(view, file, finding))]),
        edit: Some(workspace_edit(view, &[(file, edits)])),
        ..CodeAction::default()
    }
}

/// The diagnostic as the client has it.
fn shown(context: &CodeActionContext, own: Diagnostic) -> Diagnostic {
    let is_same = |other: &&Diagnostic| other.range == own.range && other.code == own.code;
    context.diagnostics.iter().find(is_same).cloned().unwrap_or(own)
}

/// Whether the client asks for actions of this kind, or of a kind that it belongs to.
fn wants(context: &CodeActionContext, kind: &str) -> bool {
    let belongs = |wanted: &CodeActionKind| {
        let wanted = wanted.to_string();
        wanted.is_empty()
            || kind.strip_prefix(&*wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    context.only.as_ref().is_none_or(|kinds| kinds.iter().any(belongs))
}

fn touches(finding: Span, wanted: Span) -> bool {
    finding.start <= wanted.end && wanted.start <= finding.end
}

fn capitalized(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
