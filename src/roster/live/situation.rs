//! A situation that says what a roster knows, so that a routed decision can be explained and kept.

use super::live_state::LiveState;
use super::roster::Roster;
use crate::inbox::UserId;
use crate::situation::{Customer, Incoming, Situation, UserNow, UserState};

impl Roster {
    /// The situation that [`RuleSet::route`](crate::RuleSet::route) decides: the message, the customer, and
    /// the users and queues as they are now. Take it before the message is routed: for the same random
    /// numbers, [`RuleSet::decide`](crate::RuleSet::decide) makes the same decision from it (but for what it
    /// did to the roster), and [`RuleSet::explain`](crate::RuleSet::explain) gives the reasons.
    ///
    /// A situation has the users and members of `inbox.toml`. If events have added or removed users, or
    /// changed members, then it cannot say so, and its decision may be another.
    ///
    /// ```
    /// use inbox_rules::{Customer, Event, Inbox, Incoming, Message, Presence, Roster, RuleSet, Source, dice};
    ///
    /// let toml = "[users.alice]\n[users.bob]\n[groups]\nSales = [\"alice\", \"bob\"]";
    /// let (inbox, _) = Inbox::parse(&Source::new("inbox.toml", toml));
    /// let rules = "otherwise: assign group \"Sales\" by least_chats";
    /// let set = RuleSet::parse("+15550100.rules", rules, &inbox)?;
    /// let mut roster = Roster::new(set.inbox());
    /// roster.apply(Event::Presence { user: "bob".into(), presence: Presence::Online })?;
    ///
    /// let (message, customer) = (Message::default(), Customer::default());
    /// let at = "2026-11-24T18:30:00Z".parse()?;
    /// let incoming = Incoming { number: "+15550100", at, message: &message, chat: None };
    /// let situation = roster.situation(&incoming, &customer);
    /// let decision = set.route(&incoming, &customer, &mut roster, &mut dice(0, Some("A1")))?;
    ///
    /// let explained = set.explain(&situation, &mut dice(0, Some("A1")))?;
    /// assert_eq!(explained.assign, decision.assign);
    /// assert_eq!(explained.why.unwrap().assign[0].tie_break.as_deref(), Some("the only one"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn situation(&self, incoming: &Incoming, customer: &Customer) -> Situation {
        let of_inbox = |user: &UserId| self.users.is_of_inbox(*user);
        let name = |user: UserId| self.users.id(user).map(ToString::to_string);
        let users = self.users.active().filter(of_inbox).filter_map(|user| {
            let state = self.users.state(user).map(LiveState::now).filter(|now| *now != UserNow::default());
            Some((name(user)?, user_state(state?)))
        });
        let groups = || self.groups.iter().map(|group| (group.name.to_string(), group));
        let turn = |user: Option<UserId>| name(user.filter(of_inbox)?);
        Situation {
            number: Some(incoming.number.to_owned()).filter(|number| !number.is_empty()),
            at: Some(incoming.at.into()),
            message: incoming.message.clone(),
            customer: customer.clone(),
            users: users.collect(),
            waiting: groups()
                .map(|(name, group)| (name, group.waiting))
                .filter(|(_, waiting)| *waiting > 0)
                .collect(),
            turns: groups().filter_map(|(name, group)| Some((name, turn(group.last_turn())?))).collect(),
            chat: incoming.chat.cloned(),
            resume: None,
        }
    }
}

fn user_state(now: UserNow) -> UserState {
    let UserNow { presence, chats, last_message_at, capacity, weight } = now;
    UserState { presence, chats, last_message_at: last_message_at.map(Into::into), capacity, weight }
}
