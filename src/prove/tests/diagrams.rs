//! What is proved of policies that are too large to enumerate their situations, against binary decision diagrams of
//! another library. The facts and what ties them together are written here a second time and in another way.
//!
//! Bryant, *Graph-Based Algorithms for Boolean Function Manipulation*, 1986.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use biodivine_lib_bdd::{Bdd, BddVariable, BddVariableSet};
use proptest::prelude::{Strategy, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::test_runner::Config;

use crate::inbox::AlignedInboxes;
use crate::prove::difference::compare_all;
use crate::prove::verify;
use crate::testing::{inbox, policy};

const HEAD: &str = "hours office = mon-fri 09:00-17:00\nhours morning = mon-fri 09:00-12:00\n";

/// The variables of the situations, and each fact as a diagram over them.
struct World {
    variables: BddVariableSet,
    constraints: Bdd,
    facts: Vec<(&'static str, Bdd)>,
}

/// Hands out the variables one after the other.
struct Variables(BddVariableSet, std::vec::IntoIter<BddVariable>);

impl Variables {
    fn bit(&mut self) -> Bdd {
        let variable = self.1.next().unwrap();
        self.0.mk_var(variable)
    }

    fn bits<const N: usize>(&mut self) -> [Bdd; N] {
        [(); N].map(|()| self.bit())
    }

    /// Four alternatives, of which exactly one is true.
    fn one_of_four(&mut self) -> [Bdd; 4] {
        let [high, low] = self.bits();
        [high.not().and(&low.not()), high.not().and(&low), high.and(&low.not()), high.and(&low)]
    }
}

impl World {
    fn new() -> Self {
        let set = BddVariableSet::new_anonymous(28);
        let all = set.variables().into_iter();
        let mut take = Variables(set, all);
        let variables = take.0.clone();
        let mut constraints = variables.mk_true();
        let mut constrain = |holds: Bdd| constraints = constraints.and(&holds);

        let returning = take.bit();
        let [no_owner, alices, bobs, carols] = take.one_of_four();
        let [alice, bob, carol] = take.bits();
        let [alice_full, bob_full] = take.bits();
        let free = [alice.and_not(&alice_full), bob.and_not(&bob_full), carol.clone()];
        constrain(no_owner.or(&returning));
        let owner_online = alices.and(&alice).or(&bobs.and(&bob)).or(&carols.and(&carol));
        let any = alice.or(&bob).or(&carol);
        let two = |[a, b, c]: [&Bdd; 3]| a.and(b).or(&a.and(c)).or(&b.and(c));
        let two_online = two([&alice, &bob, &carol]);
        let two_free = two([&free[0], &free[1], &free[2]]);

        let [no_country, egypt, saudi, _] = take.one_of_four();
        let [no_plan, free_plan, gold, neither] = take.one_of_four();
        constrain(neither.not());
        let [has_orders, two_orders, more_orders, many_orders] = take.bits();
        constrain(two_orders.imp(&has_orders));
        constrain(more_orders.imp(&two_orders));
        constrain(many_orders.imp(&more_orders));
        let [text, image, voice, other] = take.one_of_four();
        let [past_one_hour, past_two_hours] = take.bits();
        constrain(past_two_hours.imp(&past_one_hour));
        let [price, price_part, hello] = take.bits();
        constrain(price.imp(&price_part));
        let [morning, afternoon, evening, weekend] = take.one_of_four();
        let [vip, wholesale] = take.bits();

        let facts = vec![
            ("new_customer", returning.not()),
            ("returning_customer", returning),
            ("has_owner", no_owner.not()),
            ("owner_online", owner_online.clone()),
            ("owner_offline", no_owner.not().and_not(&owner_online)),
            ("any_online", any.clone()),
            ("all_offline", any.not()),
            ("any_online in \"Sales\"", alice.or(&bob)),
            ("all_offline in \"Support\"", bob.or(&carol).not()),
            ("any_online in \"Two\"", alice.or(&bob)),
            ("online in \"Sales\" = 1", alice.xor(&bob)),
            ("online >= 2", two_online),
            ("available < 2", two_free.not()),
            ("any_available in \"Sales\"", free[0].or(&free[1])),
            ("customer.country is \"EG\"", egypt.clone()),
            ("customer.country is any [\"EG\", \"SA\"]", egypt.or(&saudi)),
            ("customer has country", no_country.not()),
            ("customer.plan is \"gold\"", gold),
            ("customer.plan is \"free\"", free_plan),
            ("customer has plan", no_plan.not()),
            ("customer has orders", has_orders.clone()),
            ("customer.orders >= 2", two_orders),
            ("customer.orders > 2", more_orders),
            ("customer.orders < 10", has_orders.and_not(&many_orders)),
            ("message is image", image.clone()),
            ("message is any [image, audio]", image.or(&voice)),
            ("message is text", text),
            ("message.age > 1h", past_one_hour),
            ("message.age <= 2h", past_two_hours.not()),
            ("message contains \"price\"", price),
            ("message contains part \"price\"", price_part),
            ("message contains \"hello\"", hello),
            ("during office", morning.or(&afternoon)),
            ("during morning", morning),
            ("during sat-sun", weekend.clone()),
            ("during mon-fri", weekend.not()),
            ("customer has tag \"vip\"", vip.clone()),
            ("customer has tag any [\"VIP\", \"wholesale\"]", vip.or(&wholesale)),
        ];
        let _ = (other, evening);
        Self { variables, constraints, facts }
    }
}

#[derive(Debug, Clone)]
enum Tree {
    Fact(prop::sample::Index),
    Not(Box<Self>),
    And(Vec<Self>),
    Or(Vec<Self>),
}

impl Tree {
    fn text(&self, world: &World) -> String {
        let join = |parts: &[Self], word: &str| {
            parts.iter().map(|part| format!("({})", part.text(world))).collect::<Vec<_>>().join(word)
        };
        match self {
            Self::Fact(fact) => fact.get(&world.facts).0.to_owned(),
            Self::Not(part) => format!("not ({})", part.text(world)),
            Self::And(parts) => join(parts, " and "),
            Self::Or(parts) => join(parts, " or "),
        }
    }

    fn compile(&self, world: &World) -> Bdd {
        match self {
            Self::Fact(fact) => fact.get(&world.facts).1.clone(),
            Self::Not(part) => part.compile(world).not(),
            Self::And(parts) => {
                parts.iter().fold(world.variables.mk_true(), |all, part| all.and(&part.compile(world)))
            }
            Self::Or(parts) => {
                parts.iter().fold(world.variables.mk_false(), |any, part| any.or(&part.compile(world)))
            }
        }
    }
}

fn tree() -> impl Strategy<Value = Tree> {
    let fact = || proptest::arbitrary::any::<prop::sample::Index>().prop_map(Tree::Fact);
    let part = prop_oneof![
        4 => fact(),
        1 => fact().prop_map(|fact| Tree::Not(Box::new(fact))),
        1 => prop::collection::vec(fact(), 2..=3).prop_map(Tree::Or),
    ];
    // Specific enough that many rules can be reached below each other.
    prop::collection::vec(part, 2..=4).prop_map(Tree::And)
}

/// The text of a policy in which each rule replies with its number.
fn text(world: &World, rules: &[(usize, Tree)]) -> String {
    let mut text = HEAD.to_owned();
    for (number, tree) in rules {
        let _ = writeln!(text, "when {}:\n  assign nobody, reply \"{number}\"", tree.text(world));
    }
    text
}

/// The situations in which each rule is the first that holds, and those in which none holds.
fn fires(world: &World, rules: &[(usize, Tree)]) -> (Vec<Bdd>, Bdd) {
    let mut left = world.constraints.clone();
    let mut fires = Vec::new();
    for (_, tree) in rules {
        let holds = tree.compile(world);
        fires.push(left.and(&holds));
        left = left.and_not(&holds);
    }
    (fires, left)
}

fn config() -> Config {
    let default = Config::default();
    if default.cases == 256 { Config { cases: 60, max_shrink_iters: 200, ..default } } else { default }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn large_policies_agree(trees in prop::collection::vec(tree(), 20..=60)) {
        let world = World::new();
        let rules: Vec<_> = trees.into_iter().enumerate().collect();
        let text = text(&world, &rules);
        let inbox = inbox();
        let proofs = verify(&policy(&inbox, &text), &inbox, false);
        prop_assert_eq!(&proofs.unsettled, &[], "{}", text);
        prop_assert_eq!(proofs.disagreements, 0, "{}", text);
        let (fires, left) = fires(&world, &rules);
        prop_assert_eq!(proofs.unanswered.is_none(), left.is_false(), "{}", text);
        // A condition that never holds is another finding, and not an unreachable rule.
        let holds: Vec<Bdd> = rules.iter().map(|(_, tree)| tree.compile(&world).and(&world.constraints)).collect();
        let dead: BTreeSet<usize> =
            (0..rules.len()).filter(|rule| fires[*rule].is_false() && !holds[*rule].is_false()).collect();
        let reported: BTreeSet<usize> = proofs.unreachable.iter().map(|dead| dead.rule).collect();
        prop_assert_eq!(reported, dead, "{}", text);
        for dead in &proofs.unreachable {
            let is_taken = |without: Option<usize>| {
                let by = dead.blockers.iter().filter(|by| Some(**by) != without);
                by.fold(holds[dead.rule].clone(), |rest, by| rest.and_not(&holds[*by])).is_false()
            };
            prop_assert!(is_taken(None), "{:?} in {}", dead, text);
            for by in &dead.blockers {
                prop_assert!(!is_taken(Some(*by)), "{:?} needs no {} in {}", dead, by, text);
            }
        }
    }

    #[test]
    fn edits_of_large_policies_agree(
        trees in prop::collection::vec(tree(), 20..=40),
        at in proptest::arbitrary::any::<prop::sample::Index>(),
        edit in 0..4_usize,
        other in tree(),
    ) {
        let world = World::new();
        let old: Vec<_> = trees.into_iter().enumerate().collect();
        let mut new = old.clone();
        let at = at.index(old.len());
        match edit {
            0 => _ = new.remove(at),
            1 => new[at].1 = Tree::Not(Box::new(new[at].1.clone())),
            2 => new[at].1 = Tree::Or(vec![new[at].1.clone(), other]),
            _ => new.swap(at, (at + 1) % old.len()),
        }
        let (old_text, new_text) = (text(&world, &old), text(&world, &new));
        let inbox = inbox();
        let (before, after) = (policy(&inbox, &old_text), policy(&inbox, &new_text));
        let compared = compare_all(&before, &after, &AlignedInboxes::new(&inbox, &inbox));
        prop_assert_eq!(&compared.unsettled, &[], "{}\n{}", old_text, new_text);
        let ends = |rules: &[(usize, Tree)]| {
            let (fires, left) = fires(&world, rules);
            let indices = (0..rules.len()).map(Some).chain([None]);
            indices.zip(fires.into_iter().chain([left])).collect::<Vec<_>>()
        };
        let reply = |rules: &[(usize, Tree)], index: Option<usize>| index.map(|index| rules[index].0);
        let news = ends(&new);
        let mut differ = BTreeSet::new();
        for (this, holds) in ends(&old) {
            for (that, holds_too) in &news {
                if reply(&old, this) != reply(&new, *that) && !holds.and(holds_too).is_false() {
                    differ.insert((this, *that));
                }
            }
        }
        let reported: BTreeSet<_> = compared.differences.iter().map(|one| (one.pair.old, one.pair.new)).collect();
        prop_assert_eq!(reported, differ, "{}\n{}", old_text, new_text);
    }
}
