//! A file that was meant to be read, but is not because of its name.

use crate::check::lint::{Lint, Pass};
use crate::check::workspace::Workspace;
use crate::diagnostic::{Code, Finding};
use crate::inbox::is_e164;
use crate::policy::misnamed_number;
use crate::text::Span;

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::IgnoredFile, page: include_str!("ignored_file.md"), pass: Pass::Folder(check) };

/// The policy of the numbers that have none of their own.
const DEFAULT: &str = "default.rules";

fn check(workspace: &Workspace, findings: &mut Vec<Finding>) {
    let folder = workspace.folder();
    for file in &folder.ignored_files {
        if file.ends_with('/') {
            let message = "this is a folder, and is not read as a rule file";
            findings.push(
                Finding::new(LINT.code, file, Span::default(), message)
                    .help("give it a name that does not end in `.rules`"),
            );
            continue;
        }
        if file.contains(char::REPLACEMENT_CHARACTER) {
            let message = "this file or folder is not read: its name is not UTF-8";
            findings.push(
                Finding::new(LINT.code, file, Span::default(), message)
                    .help("rename it: rules name files by texts"),
            );
            continue;
        }
        let name = file.rsplit('/').next().unwrap_or(file);
        let (kind, right_name) = match name.to_ascii_lowercase() {
            lower if lower.starts_with("inbox.toml") => {
                ("an inbox is called `inbox.toml`", "inbox.toml".to_owned())
            }
            lower => {
                let stem = name.get(..end_of_stem(&lower)).unwrap_or(name);
                ("the names of rule files end in `.rules`", format!("{stem}.rules"))
            }
        };
        findings.push(
            Finding::new(LINT.code, file, Span::default(), format!("this file is not read: {kind}"))
                .help(format!("rename it to `{right_name}`")),
        );
    }
    for (name, file) in folder.files.iter() {
        let is_default = name.eq_ignore_ascii_case(DEFAULT) && **name != *DEFAULT;
        if is_default && file.outline.has_rules && !folder.is_policy(name) {
            let message = format!("no number uses these rules: in `{name}`, capitals count");
            let finding = Finding::new(LINT.code, &file.source.name, Span::default(), message);
            findings.push(finding.help(format!("rename it to `{DEFAULT}`")));
        }
        let Some(number) = misnamed_number(name).filter(|_| !folder.is_policy(name)) else { continue };
        // Its definitions may be used.
        if file.outline.has_rules {
            let message = format!("no number uses these rules: `{number}` is not a full phone number");
            let finding = Finding::new(LINT.code, &file.source.name, Span::default(), message);
            findings.push(match international(number) {
                Some(number) => finding.help(format!("rename it to `{number}.rules`")),
                None => finding.help(
                    "name it by `+`, the country code and the number, 7 to 15 digits in all, as in `+15550100.rules`",
                ),
            });
        }
    }
}

/// Where the name ends that stands before `.rules`, `.txt` and the like.
fn end_of_stem(name: &str) -> usize {
    let other = [".txt", ".bak", "~", ".old", ".orig", ".save"].iter().find_map(|end| name.strip_suffix(end));
    name.find(".rule").or(other.map(str::len)).unwrap_or(name.len())
}

/// The full number that was probably meant: `0015550100` → `+15550100`.
fn international(number: &str) -> Option<String> {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    Some(format!("+{}", digits.strip_prefix("00").unwrap_or(&digits))).filter(|number| is_e164(number))
}
