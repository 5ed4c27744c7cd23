//! Sound policies that use every form of the language, for tests that damage them.

use super::inbox::INBOX;

/// A policy, and the inbox that it is for.
pub(crate) struct SoundPolicy {
    pub(crate) inbox: &'static str,
    pub(crate) text: &'static str,
}

/// The sample policies, and some that use what those do not.
pub(crate) fn sound_policies() -> Vec<SoundPolicy> {
    const SAMPLES: [&str; 5] = [
        include_str!("../../rules/+15550100.rules"),
        include_str!("../../rules/+201000000001.rules"),
        include_str!("../../rules/+442079460958.rules"),
        include_str!("../../rules/+61491570156.rules"),
        include_str!("../../rules/default.rules"),
    ];
    let samples = SAMPLES.map(|text| SoundPolicy { inbox: include_str!("../../rules/inbox.toml"), text });
    let others = OTHERS.iter().map(|text| SoundPolicy { inbox: INBOX, text });
    samples.into_iter().chain(others).collect()
}

/// What the samples use.
pub(crate) const COMMON: &str = include_str!("../../rules/common.rules");

const OTHERS: [&str; 13] = [
    "timezone \"Africa/Cairo\"
let vip = customer has tag \"vip\" or customer.plan is \"gold\"
let big = customer.orders >= 10 or customer.orders = 2.5
hours office = mon-fri 09:00-17:00, sat 10:00-14:00 except dec 25, holidays
dates holidays = jan 6, 2026-03-20..2026-03-22, dec 31..jan 2

rule \"vip\"
when (vip or big) and during office and not during holidays:
    assign group \"Sales\" by least_chats among available for 5m else user \"alice\" else owner,
    reply \"Hello {customer.name or there}\" once per 8h

rule \"rest\"
otherwise: assign owner else group \"Support\" by in_order
",
    "rule \"refund\"
when message contains any [\"refund\", \"money back\"] or message matches /order\\s*#?\\d+/:
    assign group \"Support\" with skill \"fr\" by most_waiting else group \"Support\" by hand,
    tag \"refund\", priority high

also rule \"angry\"
when message contains part \"angr\" and not customer.blocked:
    tag \"angry\",
    priority urgent,
    reply \"We are sorry.\"

otherwise:
    assign group \"Sales\" by random among online else group \"Sales\" by in_order
",
    "rule \"image\"
when message is image or message.age > 1h:
    assign nobody

rule \"Egypt\"
when customer.country is any [\"EG\", \"SA\"] and customer.language is not \"en\":
    assign group \"Sales\" with skill customer.language by least_load else owner else group \"Sales\" by hand

rule \"silent\"
when customer.silent_for > 30d and customer has plan and has_owner:
    assign owner, reply \"Welcome back!\" once per 12h

otherwise: assign group \"Support\" by in_order
",
    "hours night = 22:00-02:00
hours shop = mon wed fri 09:00-12:00 13:00-17:00, sat-sun 10:00-14:00
hours days = thu-mon

when during night or during shop and new_customer: assign group \"Sales\" by hand
when during days: assign group \"Support\" by random
when during mon-fri 09:00-12:30 or during 2026-12-24..2026-12-26: assign user \"bob\"
otherwise: assign nobody
",
    "rule \"one\"
when new_customer and any_online in \"Sales\":
    assign group \"Sales\" by weighted,
    reply \"\"\"
    Dear {customer.name or there},

      thank you: we will answer soon.
    \"\"\"

rule \"two\"
when returning_customer and owner_online:
    assign owner

rule \"three\"
when returning_customer and owner_offline and (all_offline in \"Support\" or any_available):
    assign group \"Support\" by most_waiting, reply \"{owner.name} is away, {user.name or somebody} will help you.\"

otherwise: assign owner else group \"Support\" by in_order
",
    "rule \"busy\"
when online in \"Sales\" >= 2 and waiting < 3 and available in \"Support\" > 0:
    assign group \"Sales\" by least_chats

rule \"starts\"
when message starts with \"order\" or message is any [\"1\", \"2\", \"3\"] or message contains \"buy\":
    assign group \"Sales\" by in_order,
    tag \"order\"

also when customer has tag any [\"vip\", \"debt\"]: priority high
also when not (new_customer or has_owner) and message is text: tag \"lead\"

otherwise: assign user \"carol\" else nobody
",
    "let late = not during office
hours office = mon-thu 08:30-16:45, fri 08:30-13:00

rule \"late\" when late and not customer.blocked: assign group \"Support\" by hand, reply \"We are closed.\" once per 1d
rule \"blocked\" when customer.blocked: assign nobody
rule \"others\" when customer.phone starts with \"+20\" and customer.city is \"Cairo\": assign user \"alice\" else group \"Sales\" by random
otherwise: assign group \"Support\" by least_chats
",
    "rule \"late\"
when all_offline and message.age > 5m: assign group \"Support\" by hand

otherwise:
    assign owner else group \"Support\" by in_order

test \"when the owner is away, Support takes over\":
    given customer returning, owner \"alice\", tag \"vip\", country \"EG\", plan \"gold\", orders 12, not blocked, silent_for 40d
    given online \"bob\" with 3 chats idle 20m, \"carol\" with 1 chat
    given turn \"Support\" after \"carol\"
    given at 2026-11-24 18:30
    given message \"I want a refund\" aged 2h
    expect no rule
    expect assign user \"alice\"
",
    "rule \"a\" when customer.name contains \"ltd\" and customer.orders > 3 and customer.orders < 100: assign user \"bob\"
rule \"b\" when message contains \"price\" and not message contains \"offer\": assign group \"Sales\" by least_chats among everyone
rule \"c\" when customer.city is not any [\"Cairo\", \"Giza\"]: tag \"far\", priority low, assign group \"Support\" by in_order
otherwise: assign owner for 10m else group \"Sales\" by in_order for 15m else group \"Support\" by hand
",
    "move rule \"a human, please\"
when chat with \"bob\" and message contains any [\"human\", \"agent\"] and not chat_answered:
    assign group \"Support\" by least_chats else group \"Support\" by hand

move rule \"too long\" when chat_waiting and chat.waiting_for > 10m: assign user \"carol\" among online

also rule \"in the queue\"
when chat in \"Sales\" and chat has tag \"refund\": priority high, tag \"again\" after 10m

rule \"from the ad\"
when message.ad is \"120\" or message.button is \"yes\" or owner_away and message.forwarded:
    assign group \"Sales\" with skill any [\"en\", \"fr\"] except owner and user \"bob\" by in_order among available else owner among online else nobody,
    reply \"Nobody has answered yet.\" once per 1h after 5m

otherwise: assign owner else group \"Support\" by in_order
",
    "let spring = message.campaign is any [\"spring\", \"may\"] and not message.rush
hours shop = mon-fri 09:00-18:00 except holidays
dates holidays = may 1, 2026-12-24..2026-12-26

move rule \"the user has gone\"
when (user_offline or user_away) and chat.open_for > 2h and chat in \"Sales\":
    assign owner among available for 10m else user \"alice\" among online else group \"Support\" by least_chats

move when chat with any [\"alice\", \"bob\"] and message starts with \"human\" and not chat_answered:
    assign group \"Support\" with skill \"fr\" except user \"bob\" by random among everyone, priority urgent

rule \"spring\"
when spring or message.source is \"web\" or message.items >= 3:
    assign group \"Sales\" with skill \"en\" and \"ar\" except owner by least_load among available for 30m else group \"Sales\" by hand,
    reply \"You are next, {customer.name or friend}.\" after 15m,
    tag \"spring\"

rule \"night\"
when not during shop and message has campaign:
    assign group \"Support\" with skill customer.language by weighted else nobody,
    priority low after 1h

also rule \"slow\"
when chat_waiting and chat.waiting_for > 1h and chat has tag any [\"refund\", \"visa\"]:
    priority urgent,
    reply \"We are sorry.\" once per 1d

otherwise:
    assign user \"alice\" among available else group \"Sales\" by most_waiting among online else group \"Support\" by hand
",
    "move rule \"the manager\" when chat_answered and message contains \"manager\": assign user \"carol\" else owner
also when message.ad_text contains \"sale\" or message.ad is \"77\": tag \"ad\", tag \"sale\" after 1d
rule \"passed on\" when message.forwarded and not message has button: assign nobody
otherwise: assign group \"Sales\" by in_order else group \"Support\" by hand

test \"an open chat is moved\":
    given chat with \"bob\", in \"Support\", tag \"refund\", answered, open_for 2d
    given online \"carol\", group \"Sales\"
    given message \"the manager, please\" aged 5m, ad \"77\", forwarded
    expect rule \"the manager\"
    expect assign user \"carol\"
    expect tag \"ad\"

test \"the chat stays\":
    given chat waiting, in \"Sales\", waiting_for 10m
    given waiting 3 in \"Sales\"
    given at fri 22:00
    given number \"+15550101\"
    given message image \"a photo\", campaign \"spring\", not rush, items 2
    expect kept
    expect not rule \"the manager\"
    expect no tag \"ad\"
    expect no reply

test \"chance\":
    given customer new, tag \"vip\"
    given away group \"Support\"
    expect assign user any [\"alice\", \"bob\"]
    expect after 5m assign group \"Sales\"
    expect after 1d tag \"sale\"
    expect priority high
",
    "rule \"rush\"
when message.rush and message.items < 10 and customer.country is not \"EG\":
    assign group \"Sales\" with skill any [\"en\", \"ar\"] by least_chats among available for 5m else owner among online for 10m else user \"carol\" for 1h else nobody,
    tag \"rush\", priority high, reply \"One moment, {customer.name or please}.\"

rule \"away\"
when owner_away or (has_owner and available in \"Support\" = 0):
    assign group \"Support\" except owner and user \"carol\" by in_order,
    reply \"We answer tomorrow.\" once per 12h after 30m

rule \"quiet\" when customer.silent_for > 7d and message.source is not any [\"web\", \"qr\"]:
    assign group \"Sales\" by most_waiting among everyone

also rule \"open\" when chat_open and chat has tag \"vip\" and user_online: tag \"again\"

move when chat.waiting_for > 30m and any_available in \"Support\": assign group \"Support\" by weighted, tag \"moved\"

otherwise: assign group \"Support\" by random
",
];
