//! What always holds: every message and every chat is counted once, and nobody works more than all the time.

use proptest::prelude::*;

use super::{parsed, run};
use crate::load::RuleSet;
use crate::simulation::SimulationReport;
use crate::testing::folder;

const INBOX: &str = "[users.bot]\nowns = false\n[users.ann]\ncapacity = 2\n[users.ben]\n[groups]\nSales = [\"ann\", \"ben\"]\n\
    Night = [\"ben\"]\n[attributes]\nvip = \"flag\"\n";

/// Rules that use what a desk can do: timers, queues by hand, owners, moves, what is put off.
const RULES: &str = r#"
also rule "slow" when returning_customer: reply "Sorry." once per 1h after 3m
move rule "human" when message contains "human": assign group "Sales" by least_chats else group "Sales" by hand
rule "spam" when message contains "spam": assign nobody
rule "owner" when owner_online: assign owner for 5m else group "Sales" by least_chats among available
rule "bot" when new_customer: assign user "bot" for 2m else group "Sales" by most_waiting among online, reply "Hello."
rule "night" when all_offline in "Sales": assign group "Night" by hand
rule "vip" when customer.vip: assign group "Sales" by random, priority high
rule "rest" when not message contains "odd": assign group "Sales" by in_order among available
"#;

fn set() -> RuleSet {
    RuleSet::from_folder(&folder(&[("inbox.toml", INBOX), ("+15550100.rules", RULES)])).unwrap()
}

fn traffic_text(per_hour: u32, mean: u32, concurrency: u32, hours: &str, close_after: u32) -> String {
    format!(
        "days = 2\nclose_after = \"{close_after}m\"\n[[arrivals]]\nnumber = \"+15550100\"\nper_hour = {per_hour}\n\
         [[shifts]]\nusers = [\"ann\", \"ben\"]\nhours = \"{hours}\"\n[[shifts]]\nusers = [\"bot\"]\n\
         [[shifts]]\nusers = [\"ann\"]\nhours = \"06:00-22:00\"\npresence = \"away\"\n\
         [service]\nmean = \"{mean}m\"\nconcurrency = {concurrency}\n[service.users.bot]\nmean = \"5s\"\nconcurrency = 9\n\
         [customers]\nreturning = 9\nfollow_ups = 0.7\nattributes.vip = {{ yes = 1, no = 4 }}\n\
         [[messages]]\nweight = 5\ntext = \"hi\"\n[[messages]]\ntext = \"spam\"\n[[messages]]\ntext = \"odd\"\n\
         [[messages]]\ntext = \"a human\"\nfollow_up = true\n[[messages]]\ntext = \"more\"\nfollow_up = true\n"
    )
}

#[track_caller]
fn adds_up(report: &SimulationReport) {
    let messages = report.messages;
    assert_eq!(
        messages.arrived,
        messages.opened_chat
            + messages.in_open_chat
            + messages.moved_chat
            + messages.assigned_to_nobody
            + messages.without_rule
            + messages.refused,
        "{messages:?}"
    );
    let chats = report.chats;
    assert_eq!(messages.opened_chat, chats.opened);
    assert_eq!(
        chats.opened,
        chats.closed_answered + chats.closed_unanswered + chats.open_answered + chats.open_unanswered,
        "{chats:?}"
    );
    let overall = &report.overall;
    assert_eq!(overall.answer_wait.chats, chats.closed_answered + chats.open_answered);
    assert_eq!(overall.unanswered, chats.closed_unanswered + chats.open_unanswered);
    assert_eq!(u64::from(report.unanswered.at_end), chats.open_unanswered);
    assert_eq!(report.wait_histogram.iter().map(|bin| bin.chats).sum::<u64>(), overall.answer_wait.chats);
    let sum =
        |figure: fn(&crate::simulation::GroupFigures) -> u64| report.groups.iter().map(figure).sum::<u64>();
    assert_eq!(sum(|group| group.assigned), overall.assigned);
    assert_eq!(sum(|group| group.answer_wait.chats), overall.answer_wait.chats);
    assert_eq!(sum(|group| group.assignment_wait.chats), overall.assignment_wait.chats);
    assert_eq!(sum(|group| group.timeouts), overall.timeouts);
    assert_eq!(sum(|group| group.unanswered), overall.unanswered);
    assert_eq!(sum(|group| group.replies.sent), overall.replies.sent);
    assert_eq!(sum(|group| group.queue.at_end.into()), u64::from(overall.queue.at_end));
    assert_eq!(report.users.iter().map(|user| user.assigned).sum::<u64>(), overall.assigned);
    for user in &report.users {
        assert!(user.utilisation.is_none_or(|part| (0.0..=1.0).contains(&part)), "{user:?}");
        assert!(user.answered <= user.assigned, "{user:?}");
    }
    let decided: u64 = report.rules.iter().filter(|rule| rule.kind == "rule").map(|rule| rule.messages).sum();
    assert_eq!(decided, messages.opened_chat + messages.assigned_to_nobody);
}

#[test]
fn everything_happens_that_the_rules_say() {
    let set = set();
    let report = run(&set, &parsed(&set, &traffic_text(30, 4, 1, "mon-fri 09:00-17:00", 120)), 1);
    adds_up(&report);
    assert!(
        report.overall.timeouts > 0 && report.messages.moved_chat > 0 && report.messages.without_rule > 0
    );
    assert!(report.overall.replies.sent > 0 && report.overall.replies.suppressed > 0);
    assert!(report.chats.closed_unanswered > 0 && report.messages.in_open_chat > 0);
    let idle: Vec<_> =
        report.rules.iter().filter(|rule| rule.messages == 0).map(|rule| &rule.rule.name).collect();
    assert_eq!(idle, [] as [&Option<_>; 0]);
    let night = report.groups.iter().find(|group| group.group.as_deref() == Some("Night")).unwrap();
    assert!(night.queue.max > 0 && night.answer_wait.chats > 0, "{night:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn every_message_and_every_chat_is_counted_once(
        seed in 0_u64..1000,
        per_hour in 0_u32..40,
        mean in 1_u32..30,
        concurrency in 1_u32..4,
        hours in prop::sample::select(&["mon-fri 09:00-17:00", "mon 22:00-02:00", "tue", "00:00-24:00"][..]),
        close_after in prop::sample::select(&[10_u32, 60, 720][..]),
    ) {
        let set = set();
        let traffic = parsed(&set, &traffic_text(per_hour, mean, concurrency, hours, close_after));
        adds_up(&run(&set, &traffic, seed));
    }
}
