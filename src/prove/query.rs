//! One question to the space: is there a world in which these formulas hold and those do not?
//!
//! Only what the question mentions becomes variables. What the solver then finds is held against the calendar, the
//! texts and the rest of the world; where these contradict it, it is told why and asked again.

use std::collections::{BTreeMap, HashMap};

use super::encoding::{
    Atom, AtomId, Bound, CalendarId, Encoding, Evaluator, Formula, FormulaKind, Formulas, TextPredicate,
    TextSubject, UserSetId, UserSets, UserStatus, World,
};
use super::solver::{Batsat, Literal, SolveResult, Solver};
use crate::language::vocabulary::MessageKind;
use crate::policy::{Attribute, Scope};

/// A formula, and whether it shall hold.
pub(super) type Goal = (Formula, bool);

/// What came of a question.
pub(super) enum Answer {
    /// In this world all goals are met.
    Sat(Box<World>),
    /// In none: these goals, by their places, exclude each other.
    Unsat(Vec<usize>),
    /// It is not known.
    Unknown,
}

/// What may be spent on one answer: conflicts of the solver, and looks at what it found.
const MAX_CONFLICTS: u64 = 5_000;
const MAX_ROUNDS: usize = 2_000;

pub(super) struct Query<'s, 'a> {
    pub(super) encoding: &'s Encoding<'a>,
    solver: Batsat,
    literals: HashMap<Formula, Literal>,
    /// Those that were mentioned, in this order.
    pub(super) atoms: Vec<(AtomId, Literal)>,
    /// While it holds, so do the guesses: clauses that no law demands.
    guess_selector: Literal,
    true_literal: Literal,
    levels: HashMap<(usize, UserStatus), ClassCount>,
    sums: HashMap<(UserSetId, UserStatus), Vec<Literal>>,
    pub(super) encoded_atoms: EncodedAtoms,
    owner_is_constrained: bool,
    /// Steps of the solver that are spent.
    steps: u64,
    /// Of each of these, one goal shall be met whatever is asked.
    pub(super) required: Vec<Vec<Goal>>,
    /// The same, but for the sake of a plainer example.
    preferred: Vec<Vec<Goal>>,
}

/// For a class of users: the first so many are online (or available); and all of them are.
#[derive(Debug, Clone)]
struct ClassCount {
    counts: Vec<Literal>,
    all: Literal,
}

/// The mentioned atoms of each kind, in an order that is useful.
#[derive(Default)]
pub(super) struct EncodedAtoms {
    pub(super) ages: BTreeMap<u64, Literal>,
    pub(super) silences: BTreeMap<u64, Literal>,
    pub(super) waiting: BTreeMap<Option<u32>, BTreeMap<u64, Literal>>,
    pub(super) numbers: BTreeMap<Attribute, BTreeMap<Bound, Literal>>,
    pub(super) kinds: Vec<(MessageKind, Literal)>,
    pub(super) texts: BTreeMap<TextSubject, Vec<(TextPredicate, Literal)>>,
    pub(super) calendars: Vec<(CalendarId, Literal)>,
}

impl<'s, 'a> Query<'s, 'a> {
    pub(super) fn new(encoding: &'s Encoding<'a>) -> Self {
        let mut solver = Batsat::new();
        let guess_selector = solver.variable(true);
        let true_literal = solver.variable(true);
        solver.clause(&[true_literal]);
        Self {
            encoding,
            solver,
            literals: HashMap::new(),
            atoms: Vec::new(),
            guess_selector,
            true_literal,
            levels: HashMap::new(),
            sums: HashMap::new(),
            encoded_atoms: EncodedAtoms::default(),
            owner_is_constrained: false,
            steps: 0,
            required: Vec::new(),
            preferred: Vec::new(),
        }
    }

    /// A world in which every goal is met.
    pub(super) fn solve(&mut self, goals: &[Goal]) -> Answer {
        if !self.encoding.consume(1) {
            return Answer::Unknown;
        }
        let mut assumed = vec![self.guess_selector];
        for (formula, wanted) in goals {
            let literal = self.literal(*formula);
            assumed.push(if *wanted { literal } else { !literal });
        }
        for _ in 0..MAX_ROUNDS {
            let outcome = self.solver.solve(&assumed, MAX_CONFLICTS);
            let steps = std::mem::replace(&mut self.steps, self.solver.steps());
            if !self.encoding.consume(self.steps - steps) {
                return Answer::Unknown;
            }
            match outcome {
                SolveResult::Unknown => return Answer::Unknown,
                SolveResult::Unsat(core) if core.contains(&self.guess_selector) => return Answer::Unknown,
                SolveResult::Unsat(core) => {
                    let is_in_core = |(_, literal): &(usize, &Literal)| core.contains(literal);
                    let goals = assumed.iter().skip(1).enumerate().filter(is_in_core);
                    return Answer::Unsat(goals.map(|(place, _)| place).collect());
                }
                SolveResult::Sat => {}
            }
            match self.world() {
                Err(laws) => laws.iter().for_each(|law| self.solver.clause(law)),
                Ok(world) => {
                    let mut seen = Evaluator::new(self.encoding, &world);
                    let mut is_met = |(formula, wanted): &Goal| seen.holds(*formula) == *wanted;
                    if goals.iter().all(&mut is_met)
                        && self.required.iter().chain(&self.preferred).all(|any| any.iter().any(&mut is_met))
                    {
                        return Answer::Sat(Box::new(world));
                    }
                    if !self.block_model(&world) {
                        return Answer::Unknown;
                    }
                }
            }
        }
        Answer::Unknown
    }

    /// From now on one of `goals` is met.
    pub(super) fn require(&mut self, goals: Vec<Goal>) {
        self.add_disjunction(&goals);
        self.required.push(goals);
    }

    /// The same, though what is sought does not need it.
    pub(super) fn prefer(&mut self, goals: Vec<Goal>) {
        self.add_disjunction(&goals);
        self.preferred.push(goals);
    }

    fn add_disjunction(&mut self, goals: &[Goal]) {
        let mut clause = Vec::with_capacity(goals.len());
        for (formula, wanted) in goals {
            let literal = self.literal(*formula);
            clause.push(if *wanted { literal } else { !literal });
        }
        self.solver.clause(&clause);
    }

    pub(super) fn is_true(&self, literal: Literal) -> bool {
        self.solver.holds(literal)
    }

    /// The world could not be made as the model has it: guesses that it cannot be made in this way at all.
    fn block_model(&mut self, world: &World) -> bool {
        let encoding = self.encoding;
        let mut guesses: BTreeMap<TextSubject, Vec<Literal>> = BTreeMap::new();
        for (atom, literal) in &self.atoms {
            let atom = encoding.formulas.atom_at(*atom);
            let subject = match atom {
                Atom::Text(subject, _) | Atom::Known(subject) => *subject,
                Atom::Number(attribute, _) | Atom::Flag(attribute) => TextSubject::Attribute(*attribute),
                _ => continue,
            };
            let is = self.solver.holds(*literal);
            if is != world.holds(encoding, atom) {
                guesses.entry(subject).or_default().push(if is { !*literal } else { *literal });
            }
        }
        for (subject, guess) in &mut guesses {
            let passed = self.encoded_atoms.texts.get(subject).into_iter().flatten();
            guess.extend(
                passed.filter(|(_, literal)| self.solver.holds(*literal)).map(|(_, literal)| !*literal),
            );
            guess.push(!self.guess_selector);
            guess.sort_unstable();
            guess.dedup();
        }
        for guess in guesses.values() {
            self.solver.clause(guess);
        }
        !guesses.is_empty()
    }

    /// The literal that holds exactly where the formula does.
    pub(super) fn literal(&mut self, formula: Formula) -> Literal {
        if let Some(known) = self.literals.get(&formula) {
            return *known;
        }
        let encoding = self.encoding;
        let literal = match encoding.formulas.shape(formula) {
            FormulaKind::Constant(value) => {
                if *value {
                    self.true_literal
                } else {
                    !self.true_literal
                }
            }
            FormulaKind::Not(part) => !self.literal(*part),
            FormulaKind::And(parts) => {
                let parts: Vec<Literal> = parts.iter().map(|part| !self.literal(*part)).collect();
                !self.any(&parts)
            }
            FormulaKind::Or(parts) => {
                let parts: Vec<Literal> = parts.iter().map(|part| self.literal(*part)).collect();
                self.any(&parts)
            }
            FormulaKind::Atom(atom) => self.atom(formula, *atom),
        };
        self.literals.insert(formula, literal);
        literal
    }

    /// A literal that holds exactly where one of `parts` does.
    fn any(&mut self, parts: &[Literal]) -> Literal {
        match parts {
            [] => !self.true_literal,
            [only] => *only,
            _ => {
                let any = self.solver.variable(false);
                for part in parts {
                    self.solver.clause(&[!*part, any]);
                }
                let clause: Vec<Literal> = parts.iter().copied().chain([!any]).collect();
                self.solver.clause(&clause);
                any
            }
        }
    }

    fn all(&mut self, parts: &[Literal]) -> Literal {
        let clause_against_model: Vec<Literal> = parts.iter().map(|part| !*part).collect();
        !self.any(&clause_against_model)
    }

    fn mention(&mut self, atom: &Atom) -> Literal {
        match self.encoding.formulas.find(atom) {
            Some(formula) => self.literal(formula),
            None => !self.true_literal,
        }
    }

    /// A new variable for the atom, and the laws that bind it.
    fn atom(&mut self, formula: Formula, id: AtomId) -> Literal {
        let encoding = self.encoding;
        let atom = encoding.formulas.atom_at(id);
        if let Atom::UserCount { of, among, at_least } = atom {
            let literal = self.heads(*of, *among, *at_least);
            self.atoms.push((id, literal));
            return literal;
        }
        let literal = self.solver.variable(encoding.default_value(id));
        self.atoms.push((id, literal));
        // The laws may speak of it too.
        self.literals.insert(formula, literal);
        match atom {
            Atom::Returning | Atom::Tag(_) | Atom::Known(_) | Atom::UserCount { .. } => {}
            Atom::HasOwner => {
                let returning = self.mention(&Atom::Returning);
                self.solver.clause(&[!literal, returning]);
                self.constrain_owner();
            }
            Atom::OwnerOnline => {
                let owner = self.mention(&Atom::HasOwner);
                self.solver.clause(&[!literal, owner]);
                self.constrain_owner();
            }
            Atom::Silent { at_least } => {
                let returning = self.mention(&Atom::Returning);
                self.solver.clause(&[!literal, returning]);
                insert_ordered(&mut self.solver, &mut self.encoded_atoms.silences, *at_least, literal);
                if *at_least > 0 {
                    self.mention(&Atom::Silent { at_least: 0 });
                }
            }
            Atom::Age { at_least } => {
                insert_ordered(&mut self.solver, &mut self.encoded_atoms.ages, *at_least, literal)
            }
            Atom::Waiting { scope, at_least } => {
                let scope = match scope {
                    Scope::Inbox => None,
                    Scope::Group(group) => Some(group.0),
                };
                insert_ordered(
                    &mut self.solver,
                    self.encoded_atoms.waiting.entry(scope).or_default(),
                    *at_least,
                    literal,
                );
            }
            Atom::Open(calendar) => self.encoded_atoms.calendars.push((*calendar, literal)),
            Atom::Kind(kind) => {
                for (_, other) in &self.encoded_atoms.kinds {
                    self.solver.clause(&[!literal, !*other]);
                }
                self.encoded_atoms.kinds.push((*kind, literal));
                if self.encoded_atoms.kinds.len() == MessageKind::ALL.len() {
                    let kinds: Vec<Literal> =
                        self.encoded_atoms.kinds.iter().map(|(_, literal)| *literal).collect();
                    self.solver.clause(&kinds);
                }
            }
            Atom::Text(subject, asked) => {
                let known = self.mention(&Atom::Known(*subject));
                self.solver.clause(&[!literal, known]);
                self.encoded_atoms.texts.entry(*subject).or_default().push((asked.clone(), literal));
            }
            Atom::Number(attribute, cut) => {
                let known = self.mention(&Atom::Known(TextSubject::Attribute(*attribute)));
                self.solver.clause(&[!literal, known]);
                insert_ordered(
                    &mut self.solver,
                    self.encoded_atoms.numbers.entry(*attribute).or_default(),
                    *cut,
                    literal,
                );
            }
            Atom::Flag(attribute) => {
                let known = self.mention(&Atom::Known(TextSubject::Attribute(*attribute)));
                self.solver.clause(&[!literal, known]);
            }
        }
        literal
    }

    /// An owner is a user: where the owner is online somebody is, and where the owner is not, not everybody.
    fn constrain_owner(&mut self) {
        if std::mem::replace(&mut self.owner_is_constrained, true) {
            return;
        }
        let (owner, owner_online) = (self.mention(&Atom::HasOwner), self.mention(&Atom::OwnerOnline));
        let size = self.encoding.user_sets.size(UserSets::EVERYBODY);
        let mut online = |at_least| {
            self.mention(&Atom::UserCount { of: UserStatus::Online, among: UserSets::EVERYBODY, at_least })
        };
        let (somebody, everybody) = (online(1), online(size));
        self.solver.clause(&[!owner_online, somebody]);
        self.solver.clause(&[!owner, owner_online, !everybody]);
    }

    /// So many of a set of users.
    fn heads(&mut self, of: UserStatus, among: UserSetId, at_least: u32) -> Literal {
        let encoding = self.encoding;
        let parts = encoding.user_sets.classes_of(among);
        if at_least == encoding.user_sets.size(among) {
            let all: Vec<Literal> = parts.iter().map(|class| self.levels(*class, of).all).collect();
            return self.all(&all);
        }
        if at_least == 1 {
            let some: Vec<Literal> =
                parts.iter().filter_map(|class| self.levels(*class, of).counts.first().copied()).collect();
            return self.any(&some);
        }
        if !self.sums.contains_key(&(among, of)) {
            let most = encoding.user_sets.max_count(among) as usize;
            let mut sum: Vec<Literal> = Vec::new();
            for class in parts {
                let counts = self.levels(*class, of).counts;
                sum = self.add(&sum, &counts, most);
            }
            self.sums.insert((among, of), sum);
        }
        let sum = self.sums.get(&(among, of)).and_then(|sum| sum.get(at_least as usize - 1));
        sum.copied().unwrap_or(!self.true_literal)
    }

    /// The sum of two counts, up to `most`.
    fn add(&mut self, left: &[Literal], right: &[Literal], most: usize) -> Vec<Literal> {
        let sum: Vec<Literal> =
            (0..most.min(left.len() + right.len())).map(|_| self.solver.variable(false)).collect();
        for here in 0..=left.len() {
            for there in 0..=right.len() {
                let (this, that) = (here.checked_sub(1), there.checked_sub(1));
                let reached = [this.and_then(|at| left.get(at)), that.and_then(|at| right.get(at))];
                if let Some(total) = (here + there).min(most).checked_sub(1).and_then(|at| sum.get(at)) {
                    let mut clause: Vec<Literal> = reached.into_iter().flatten().map(|one| !*one).collect();
                    clause.push(*total);
                    self.solver.clause(&clause);
                }
                if let Some(total) = sum.get(here + there) {
                    let beyond = [left.get(here), right.get(there)];
                    let mut clause: Vec<Literal> = beyond.into_iter().flatten().copied().collect();
                    clause.push(!*total);
                    self.solver.clause(&clause);
                }
            }
        }
        sum
    }

    fn levels(&mut self, class: usize, of: UserStatus) -> ClassCount {
        let encoding = self.encoding;
        let Some(users) = encoding.user_sets.classes.get(class) else {
            return ClassCount { counts: Vec::new(), all: self.true_literal };
        };
        let of = if users.has_capacity { of } else { UserStatus::Online };
        if let Some(known) = self.levels.get(&(class, of)) {
            return known.clone();
        }
        let most = users.most.max(1) as usize;
        let mut counts: Vec<Literal> = (0..most).map(|_| self.solver.variable(false)).collect();
        let all = if most == users.users.len() {
            counts.last().copied().unwrap_or(self.true_literal)
        } else {
            let all = self.solver.variable(false);
            counts.push(all);
            all
        };
        for (less, more) in counts.iter().zip(counts.iter().skip(1)) {
            self.solver.clause(&[!*more, *less]);
        }
        if of == UserStatus::Available {
            let online = self.levels(class, UserStatus::Online);
            for (available, online) in counts.iter().zip(&online.counts) {
                self.solver.clause(&[!*available, *online]);
            }
            self.solver.clause(&[!all, online.all]);
        }
        counts.truncate(most);
        let levels = ClassCount { counts, all };
        self.levels.insert((class, of), levels.clone());
        levels
    }

    /// How many of the class there are in the model.
    pub(super) fn count(&self, class: usize, of: UserStatus) -> usize {
        let Some(users) = self.encoding.user_sets.classes.get(class) else { return 0 };
        let of = if users.has_capacity { of } else { UserStatus::Online };
        match self.levels.get(&(class, of)) {
            // Nothing was asked: whoever is online is available.
            None if of == UserStatus::Available => self.count(class, UserStatus::Online),
            None => 0,
            Some(levels) if self.solver.holds(levels.all) => users.users.len(),
            Some(levels) => levels.counts.iter().filter(|level| self.solver.holds(**level)).count(),
        }
    }

    /// What holds in every world, for the model to heed.
    pub(super) fn clause_against_model(&self, literals: impl IntoIterator<Item = Literal>) -> Vec<Literal> {
        literals
            .into_iter()
            .map(|literal| if self.solver.holds(literal) { !literal } else { literal })
            .collect()
    }
}

/// Puts `literal` into a chain in which each place implies those before it.
fn insert_ordered<K: Ord + Copy>(
    solver: &mut Batsat,
    chain: &mut BTreeMap<K, Literal>,
    at: K,
    literal: Literal,
) {
    if let Some((_, less)) = chain.range(..at).next_back() {
        solver.clause(&[!literal, *less]);
    }
    if let Some((_, more)) = chain.range(at..).next() {
        solver.clause(&[!*more, literal]);
    }
    chain.insert(at, literal);
}

/// Whether the formula is the same in every world, as far as its looks tell.
pub(super) fn plain(formula: Formula) -> Option<bool> {
    match formula {
        Formulas::TRUE => Some(true),
        Formulas::FALSE => Some(false),
        _ => None,
    }
}
