//! What is proved with few steps is true, and what is left is told.

use std::collections::BTreeSet;

use crate::cancellation::Cancellation;
use crate::policy::Policy;
use crate::prove::Proofs;
use crate::prove::verify::verify_within;
use crate::testing::{inbox, policy};

/// Rules of each kind, several times over, with a mistake of each kind.
fn sample() -> String {
    let some = |n: usize| {
        format!(
            "when message contains \"w{n}\" and not message contains part \"w{n}\": assign nobody\n\
             when message matches /x{n}y+/ and customer.country is \"EG\": assign owner else group \"Sales\" by in_order\n\
             when message contains any [\"a{n}\", \"b{n}\"]: assign nobody, reply \"{{customer.name}}\"\n\
             when message is \"a{n}\": assign nobody\n\
             also when message contains \"c{n}\": reply \"{{user.name}}\"\n\
             move when chat_waiting and message contains \"m{n}\": assign user \"bob\"\n"
        )
    };
    (0..12).map(some).collect()
}

/// What was found, without the examples.
fn found(proofs: &Proofs) -> BTreeSet<String> {
    let constants = proofs.constants.iter().map(|one| format!("constant {:?} {}", one.span, one.holds));
    let unreachable = proofs.unreachable.iter().map(|one| format!("unreachable {}", one.rule));
    let witnesses =
        [("ownerless", &proofs.ownerless), ("nobody", &proofs.nobody), ("offline", &proofs.offline)];
    let witnesses = witnesses.iter().flat_map(|(what, all)| {
        all.iter().map(move |one| format!("{what} {} {}", one.rule, one.alternative))
    });
    let empty = proofs.empty_placeholders.iter().map(|one| format!("empty {} {:?}", one.rule, one.span));
    let unanswered = proofs.unanswered.iter().map(|_| "unanswered".to_owned());
    constants.chain(unreachable).chain(witnesses).chain(empty).chain(unanswered).collect()
}

#[test]
fn fewer_steps_prove_less() {
    let inbox = inbox();
    let policy: Policy = policy(&inbox, &sample());
    let prove = |steps| verify_within(&policy, &inbox, false, steps, &Cancellation::default());
    let all = prove(u64::MAX);
    assert_eq!((all.disagreements, &*all.unsettled), (0, &[][..]));
    let mut sizes = Vec::new();
    for steps in [0, 1_000, 10_000, 50_000, 100_000, 1_000_000] {
        let some = prove(steps);
        assert_eq!(some.disagreements, 0, "{steps}");
        assert!(found(&some).is_subset(&found(&all)), "{steps}: {:?}", found(&some).difference(&found(&all)));
        assert!(!some.unsettled.is_empty() || found(&some) == found(&all), "{steps}");
        assert_eq!(format!("{some:?}"), format!("{:?}", prove(steps)), "{steps}");
        sizes.push(found(&some).len());
    }
    assert!(sizes.is_sorted() && sizes[0] == 0 && found(&all).len() > 20, "{sizes:?}");
}

#[test]
fn what_is_cancelled_proves_nothing() {
    let inbox = inbox();
    let policy: Policy = policy(&inbox, &sample());
    let cancellation = Cancellation::default();
    let prove = || verify_within(&policy, &inbox, false, u64::MAX, &cancellation);
    assert!(found(&prove()).len() > 20);
    cancellation.cancel();
    let proofs = prove();
    assert!(found(&proofs).is_empty() && !proofs.unsettled.is_empty());
}
