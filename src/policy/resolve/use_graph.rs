//! Which files use which, and the cycles among them.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use crate::inbox::resolve_path;
use crate::policy::file::RuleFile;
use crate::policy::folder::Folder;

/// How much work the search for cycles may be, in searches of a whole component: the first file of a component has a
/// cycle, so that one is always found.
const MAX_SEARCHES: usize = 32;

/// Some files, with what each of their `use` lines names: `None` if that is no file of the folder.
pub(super) struct UseGraph<'f>(BTreeMap<&'f Arc<str>, Vec<Option<&'f Arc<str>>>>);

/// Files that use each other.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct UseCycle {
    /// The position of the `use` line that it begins with, among those of its first file.
    pub(super) line: usize,
    /// The files, the first one also at the end.
    pub(super) files: Vec<Arc<str>>,
}

/// A file on the path of the depth-first search for components.
struct Frame<'f> {
    name: &'f Arc<str>,
    /// The next of its `use` lines.
    line: usize,
    /// Its position among the files of unfinished components.
    place: usize,
    /// The lowest place that it leads to.
    lowest: usize,
}

/// What each `use` line of a file names: `None` if that is no file of the folder.
pub(super) fn used_files<'f>(
    folder: &'f Folder,
    name: &str,
    file: &RuleFile,
) -> impl Iterator<Item = Option<&'f Arc<str>>> {
    file.outline.uses.iter().map(move |path| {
        let used = resolve_path(name, path)?;
        folder.files.get_key_value(&used).map(|(name, _)| name)
    })
}

impl<'f> UseGraph<'f> {
    /// The files of those names and all that they use, except those that are `known` and what these use.
    pub(super) fn new<'n>(
        folder: &'f Folder,
        names: impl IntoIterator<Item = &'n str>,
        is_known: impl Fn(&str) -> bool,
    ) -> Self {
        let key = |name: &str| folder.files.get_key_value(name).map(|(name, _)| name);
        let mut next: Vec<&Arc<str>> = names.into_iter().filter_map(key).collect();
        let mut graph = BTreeMap::new();
        while let Some(name) = next.pop() {
            if is_known(name) || graph.contains_key(name) {
                continue;
            }
            let Some(file) = folder.files.get(name) else { continue };
            let uses: Vec<_> = used_files(folder, name, file).collect();
            next.extend(uses.iter().flatten().copied());
            graph.insert(name, uses);
        }
        Self(graph)
    }

    /// The files in groups, each after those that it uses: files that use each other, directly or through others, are
    /// one group (strongly connected components: R. Tarjan, *Depth-first search and linear graph algorithms*, 1972).
    pub(super) fn components(&self) -> Vec<Vec<&'f Arc<str>>> {
        let mut components = Vec::new();
        // Those of unfinished components, in the order in which they were found, and the place of each among them.
        let mut open: Vec<&'f Arc<str>> = Vec::new();
        let mut places: HashMap<&str, Option<usize>> = HashMap::new();
        for root in self.0.keys() {
            let mut path = Vec::new();
            let mut found = (!places.contains_key(&***root)).then_some(*root);
            loop {
                if let Some(name) = found.take() {
                    let place = open.len();
                    places.insert(name, Some(place));
                    open.push(name);
                    path.push(Frame { name, line: 0, place, lowest: place });
                }
                let Some(visit) = path.last_mut() else { break };
                visit.line += 1;
                let (name, place, lowest) = (visit.name, visit.place, visit.lowest);
                match self.0.get(name).and_then(|uses| uses.get(visit.line - 1)) {
                    Some(Some(used)) if self.0.contains_key(used) => match places.get(&***used) {
                        Some(Some(place)) => visit.lowest = lowest.min(*place),
                        Some(None) => {}
                        None => found = Some(used),
                    },
                    Some(_) => {}
                    None => {
                        path.pop();
                        if lowest == place {
                            let component = open.split_off(place);
                            places.extend(component.iter().map(|name| (&***name, None)));
                            components.push(component);
                        } else if let Some(user) = path.last_mut() {
                            user.lowest = user.lowest.min(lowest);
                        }
                    }
                }
            }
        }
        components
    }

    /// The cycles in a component, by the first of their files: one for every file that closes a cycle there. Of very
    /// many, only some are found.
    pub(super) fn cycles(&self, component: &[&'f Arc<str>]) -> HashMap<&'f Arc<str>, Vec<UseCycle>> {
        let members: BTreeSet<&Arc<str>> = component.iter().copied().collect();
        let size: usize =
            members.iter().filter_map(|name| self.0.get(*name)).map(|uses| 1 + uses.len()).sum();
        let mut steps = MAX_SEARCHES * size;
        let mut found: HashMap<&Arc<str>, Vec<UseCycle>> = HashMap::new();
        for first in &members {
            if steps == 0 {
                break;
            }
            // How each file was reached: from which other, and through which line of the first.
            let mut reached: HashMap<&Arc<str>, (&Arc<str>, usize)> = HashMap::new();
            let mut queue = VecDeque::from([*first]);
            while let Some(name) = queue.pop_front() {
                for (line, used) in self.0.get(name).into_iter().flatten().enumerate() {
                    steps = steps.saturating_sub(1);
                    let Some(used) = used else { continue };
                    let line = reached.get(name).map_or(line, |(_, line)| *line);
                    if used == first && (found.is_empty() || steps > 0) {
                        let mut files = vec![Arc::clone(first), Arc::clone(name)];
                        let mut last = name;
                        while let Some((before, _)) = reached.get(last) {
                            files.push(Arc::clone(before));
                            last = before;
                        }
                        files.reverse();
                        steps = steps.saturating_sub(files.len());
                        found.entry(first).or_default().push(UseCycle { line, files });
                    } else if used > first && members.contains(used) && !reached.contains_key(used) {
                        reached.insert(used, (name, line));
                        queue.push_back(used);
                    }
                }
            }
        }
        found
    }
}
