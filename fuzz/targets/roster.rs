//! Any bytes as the state of a roster and then events, one a line. An event that does not fit changes nothing, and a roster
//! is saved again as it was restored.
#![no_main]

use std::sync::LazyLock;

use inbox_rules::{Event, Inbox, Roster, RosterState, Source};
use libfuzzer_sys::fuzz_target;

static INBOX: LazyLock<Inbox> =
    LazyLock::new(|| Inbox::parse(&Source::new("inbox.toml", include_str!("../../rules/inbox.toml"))).0);

fuzz_target!(|bytes: &[u8]| {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let state = lines.next().and_then(|line| serde_json::from_slice::<RosterState>(line).ok());
    let restored = state.and_then(|state| Roster::restore(&INBOX, state).ok());
    let mut roster = restored.map_or_else(|| Roster::new(&INBOX), |(roster, _)| roster);
    for event in lines.filter_map(|line| serde_json::from_slice::<Event>(line).ok()) {
        let before = roster.save();
        if roster.apply(event).is_err() {
            assert_eq!(roster.save(), before);
        }
    }
    let saved = roster.save();
    let (restored, _) = Roster::restore(&INBOX, saved.clone()).expect("what was saved can be restored");
    assert_eq!(restored.save(), saved);
});
