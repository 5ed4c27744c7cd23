//! `rules graph`: pictures of a policy.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ValueEnum;

use super::exit::{Exit, Failure};
use super::output;
use super::paths;
use super::progress::Progress;
use crate::graph::{dot, flow_graph, flow_svg, mermaid, week_graph, week_svg};
use crate::load::RuleSet;
use crate::policy::{Folder, Policy};

/// Draw who gets which chat, in the order of the rules, or when each rule can decide
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    rules graph rules/+15550100.rules > store.svg\n  \
    rules graph rules/+15550100.rules --output store.mmd\n  \
    rules graph rules/+15550100.rules --format dot | dot -Tpng > store.png\n  \
    rules graph --week rules/+15550100.rules > week.svg\n\n\
    Any browser can show the SVG. Rules that no message reaches are grey; this is proved, and needs an inbox.toml.")]
pub(super) struct GraphArgs {
    /// The policy, or a folder with one policy; `-` is standard input [default: rules]
    #[arg(value_name = "FILE")]
    path: Option<PathBuf>,
    /// Draw the hours of an ordinary week in which each rule can decide
    #[arg(long)]
    week: bool,
    /// The output format [default: from the extension of --output, otherwise svg]
    #[arg(long, value_enum)]
    format: Option<GraphFormat>,
    /// The file to write, instead of standard output, which is `-`
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum GraphFormat {
    /// A picture for browsers
    Svg,
    /// For Graphviz
    Dot,
    /// For pages in Markdown, on GitHub and elsewhere
    Mermaid,
}

pub(super) fn run(arguments: &GraphArgs) -> Result<Exit, Failure> {
    let output = arguments.output.as_deref().filter(|output| *output != Path::new("-"));
    let format = format_of(arguments.format, output)?;
    if let Some(output) = output.filter(|output| has_extension(output, &["rules", "toml"])) {
        let message =
            format!("a picture would replace the rules in `{}`; name another file", output.display());
        return Err(Failure::Message(message));
    }
    if arguments.week && format != GraphFormat::Svg {
        let advice = match (arguments.format, output) {
            (None, Some(output)) => format!("let `{}` end in `.svg`", output.display()),
            _ => "leave out `--format`".to_owned(),
        };
        return Err(Failure::Message(format!("the week is only drawn as SVG; {advice}")));
    }
    let progress = Progress::start(&arguments.path, |_| "drawing the rules …".to_owned());
    let paths: Vec<PathBuf> = arguments.path.clone().into_iter().collect();
    let loaded = paths::load(&paths)?;
    let Some(folder) = loaded.first().map(|loaded| &loaded.folder) else { return Ok(Exit::Clean) };
    let set = RuleSet::from_folder(folder)?;
    let policy = policy_of(folder, &set, arguments.path.as_deref())?;
    if arguments.week && folder.inbox.is_inferred {
        let message =
            "`--week` needs to know who is in which group, but there is no `inbox.toml` beside the rules";
        return Err(Failure::Message(message.to_owned()));
    }
    let text = if arguments.week {
        week_svg(&week_graph(folder, policy, set.inbox()))
    } else {
        let graph = flow_graph(folder, policy, set.inbox());
        match format {
            GraphFormat::Svg => flow_svg(&graph),
            GraphFormat::Dot => dot(&graph),
            GraphFormat::Mermaid => mermaid(&graph),
        }
    };
    drop(progress);
    if folder.inbox.is_inferred {
        output::eprint(
            "note: there is no `inbox.toml`, so users are shown by their ids, and unreachable rules are not \
             marked\n",
        );
    }
    match output {
        None => output::print(&text)?,
        Some(path) => fs::write(path, text).map_err(|error| cannot_write(path, &error))?,
    }
    Ok(Exit::Clean)
}

/// The format that was asked for, or else that of a file with this name.
fn format_of(asked: Option<GraphFormat>, output: Option<&Path>) -> Result<GraphFormat, Failure> {
    match (asked, output) {
        (Some(format), _) => Ok(format),
        (None, Some(output)) if has_extension(output, &["dot", "gv"]) => Ok(GraphFormat::Dot),
        (None, Some(output)) if has_extension(output, &["mmd", "mermaid"]) => Ok(GraphFormat::Mermaid),
        // Where the rules themselves would be replaced, that is told.
        (None, Some(output))
            if !has_extension(output, &["svg", "rules", "toml"]) && output.extension().is_some() =>
        {
            Err(Failure::Message(format!(
                "the extension of `{}` does not say which format it is to have; let it end in `.svg`, `.dot`, `.gv`, `.mmd` or \
                 `.mermaid`, or name a format with `--format`",
                output.display()
            )))
        }
        (None, _) => Ok(GraphFormat::Svg),
    }
}

/// Why a picture cannot be written into this file, and what to do.
fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    let file = path.display();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    Failure::Message(match folder {
        _ if path.is_dir() => {
            format!("`{file}` is a folder; name a file in it, as `{}`", path.join("graph.svg").display())
        }
        Some(folder) if !folder.is_dir() => {
            format!("cannot write `{file}`: there is no folder `{}`; create it first", folder.display())
        }
        _ => format!("cannot write `{file}`: {error}"),
    })
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension()
        .is_some_and(|extension| extensions.iter().any(|known| extension.eq_ignore_ascii_case(known)))
}

/// The policy to draw: the file that was named, or the only policy of a folder.
fn policy_of<'s>(folder: &Folder, set: &'s RuleSet, path: Option<&Path>) -> Result<&'s Policy, Failure> {
    let is_named =
        |policy: &&Policy| folder.extra_policies.is_empty() || folder.extra_policies.contains(&policy.file);
    let mut policies: Vec<&Policy> = set.policies().filter(is_named).collect();
    policies.sort_by(|a, b| a.file.cmp(&b.file));
    let place = path.unwrap_or(Path::new("rules"));
    match *policies {
        [policy] if !policy.rules.is_empty() => Ok(policy),
        [policy] => {
            let file = name_of(folder, policy);
            Err(Failure::Message(format!("there are no rules in `{file}`, so there is nothing to draw")))
        }
        [] if place.is_file() => {
            Err(Failure::Message(format!("`{}` has no rules; name the file of a policy", place.display())))
        }
        [] => {
            let message = format!(
                "there is no policy in `{}`: a file named after a number, such as `+15550100.rules`, or `default.rules`",
                place.display()
            );
            Err(Failure::Message(message))
        }
        _ => {
            const SHOWN: usize = 10;
            let names = policies.iter().take(SHOWN).map(|policy| format!("\n  {}", name_of(folder, policy)));
            let names: String = names.collect();
            let more = policies.len().saturating_sub(SHOWN);
            let more = if more > 0 { format!("\n  … and {more} more") } else { String::new() };
            let message = format!(
                "there are {} policies in `{}`, and a picture shows one; name it:{names}{more}",
                policies.len(),
                place.display()
            );
            Err(Failure::Message(message))
        }
    }
}

/// The file of a policy, as findings call it.
fn name_of(folder: &Folder, policy: &Policy) -> Arc<str> {
    folder
        .files
        .get(&policy.file)
        .map_or_else(|| Arc::clone(&policy.file), |file| Arc::clone(&file.source.name))
}
