//! How well mistakes are told and mended. Random single mistakes are made in varied policies, and a table is printed: how
//! often the first finding is about the place, exactly one error comes, fixes restore the meaning, and fixes silently
//! change it.
//!
//!     cargo bench --bench mistakes               5,000 mistakes with seed 1
//!     cargo bench --bench mistakes -- 20000 7    20,000 mistakes with seed 7
//!
//! The tests of the checker make and judge mistakes in the same way (`src/check/tests/damage.rs`); the files are theirs.
#![allow(clippy::disallowed_methods, reason = "time is what is measured")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "as in tests")]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use inbox_rules::{check, diagnostic, dice, inbox, language, policy, prove, text};
use rand::seq::IndexedRandom as _;

#[path = "../src/testing"]
mod testing {
    #[expect(dead_code, reason = "the tests make other mistakes, too")]
    pub(crate) mod damage;
    #[expect(dead_code, reason = "most of it is for other tests")]
    mod inbox;
    pub(crate) mod mending;
    pub(crate) mod sound_policies;
}

use testing::damage::damage;
use testing::mending::{Tally, folder_of, mend, summary};
use testing::sound_policies::sound_policies;

fn main() {
    let arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let numbers: Vec<u64> = arguments.map(|argument| argument.parse().expect("a number")).collect();
    let cases = numbers.first().map_or(5000, |cases| usize::try_from(*cases).expect("a size"));
    let seed = numbers.get(1).copied().unwrap_or(1);

    let policies = sound_policies();
    let mut random = dice(seed, None);
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut times: Vec<Duration> = Vec::with_capacity(cases);
    while times.len() < cases {
        let policy = policies.choose(&mut random).expect("there are policies");
        let Some(damaged) = damage(policy.text, &mut random) else { continue };
        let begun = Instant::now();
        let findings = check::check(&folder_of(policy, &damaged.text));
        times.push(begun.elapsed());
        drop(findings);
        let (tally, problem) = mend(policy, &damaged);
        if let Some(problem) = problem {
            println!("{problem}");
        }
        *tallies.entry(damaged.kind).or_default() += tally;
    }
    println!("{cases} mistakes in {} policies, seed {seed}\n\n{}", policies.len(), summary(&tallies));
    times.sort_unstable();
    let at = |permille: usize| times.get((times.len() - 1) * permille / 1000).copied().unwrap_or_default();
    println!(
        "to read and check a policy with a mistake, proofs included: {:.1?} (50 %), {:.1?} (99 %), {:.1?} (longest)",
        at(500),
        at(990),
        at(1000)
    );
}
