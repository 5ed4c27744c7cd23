//! `rules graph`: pictures of a policy.

use std::fs;
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
    Any browser shows the SVG. Rules that no message reaches are grey; this is proved, and needs an inbox.toml.")]
pub(super) struct GraphArgs {
    /// The policy, or a folder with one policy; `-` is standard input [default: rules]
    #[arg(value_name = "FILE")]
    path: Option<PathBuf>,
    /// Draw when in an ordinary week each rule can decide, which is proved
    #[arg(long)]
    week: bool,
    /// The output format [default: by the ending of --output, otherwise svg]
    #[arg(long, value_enum)]
    format: Option<GraphFormat>,
    /// The file to write, instead of standard output
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
    let format = arguments.format.unwrap_or_else(|| format_of(arguments.output.as_deref()));
    if let Some(output) = arguments.output.as_deref().filter(|output| has_ending(output, &["rules", "toml"]))
    {
        let message =
            format!("a picture would replace the rules in `{}`; name another file", output.display());
        return Err(Failure::Message(message));
    }
    if arguments.week && format != GraphFormat::Svg {
        return Err(Failure::Message("the week is only drawn as SVG; omit `--format`".to_owned()));
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
            "note: there is no `inbox.toml`, so names of users are not known, and rules that are never reached are not \
             marked\n",
        );
    }
    match &arguments.output {
        None => output::print(&text)?,
        Some(path) => fs::write(path, text)
            .map_err(|error| Failure::Message(format!("cannot write `{}`: {error}", path.display())))?,
    }
    Ok(Exit::Clean)
}

/// The format of a file with this name.
fn format_of(output: Option<&Path>) -> GraphFormat {
    match output {
        Some(output) if has_ending(output, &["dot", "gv"]) => GraphFormat::Dot,
        Some(output) if has_ending(output, &["mmd", "mermaid"]) => GraphFormat::Mermaid,
        _ => GraphFormat::Svg,
    }
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    path.extension().is_some_and(|ending| endings.iter().any(|known| ending.eq_ignore_ascii_case(known)))
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
        [] => {
            let message = format!(
                "there is no policy in `{}`: a file named after a number, as `+15550100.rules`, or `default.rules`",
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
