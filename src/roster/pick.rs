//! The choice of one member of a pool.

use rand::{Rng, RngExt};

use super::criterion::Criterion;
use super::pool::{Candidate, Pool};
use super::{in_order, least_chats, least_load, most_waiting, random, weighted};
use crate::inbox::UserId;
use crate::language::vocabulary::Algorithm;

/// The chosen member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pick {
    /// The user.
    pub user: UserId,
    /// The criterion that decided between the last candidates.
    pub decided_by: Criterion,
}

/// Chooses a member of the pool; `None` if it is empty, or `by hand`.
///
/// A random number is drawn only by `random` and `weighted`, and only if the pool has at least two members.
pub fn pick(by: Algorithm, pool: &Pool, dice: &mut dyn Rng) -> Option<Pick> {
    match by {
        Algorithm::Random => random::pick(pool, dice),
        Algorithm::InOrder => in_order::pick(pool),
        Algorithm::MostWaiting => most_waiting::pick(pool),
        Algorithm::LeastChats => least_chats::pick(pool),
        Algorithm::LeastLoad => least_load::pick(pool),
        Algorithm::Weighted => weighted::pick(pool, dice),
        Algorithm::Hand => None,
    }
}

/// Draws a member of the pool at random, in proportion to `weight` (at least 1).
pub(super) fn draw(pool: &Pool, dice: &mut dyn Rng, weight: impl Fn(&Candidate) -> u32) -> Option<Pick> {
    let weight = |member: &Candidate| u64::from(weight(member).max(1));
    let mut candidates = pool.candidates();
    if let (Some(only), None) = (candidates.next(), candidates.next()) {
        return Some(Pick { user: only.user, decided_by: Criterion::OnlyOne });
    }
    let total = pool.candidates().map(weight).sum::<u64>();
    if total == 0 {
        return None;
    }
    let mut target = dice.random_range(0..total);
    let drawn = pool.candidates().find(|member| match target.checked_sub(weight(member)) {
        None => true,
        Some(rest) => {
            target = rest;
            false
        }
    });
    drawn.map(|member| Pick { user: member.user, decided_by: Criterion::Chance })
}

#[cfg(test)]
pub(super) mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::*;
    use crate::inbox::{GroupId, Inbox};
    use crate::language::vocabulary::{Eligibility, Presence};
    use crate::roster::{ChoiceRequest, Roster, dice};
    use crate::situation::{Situation, UserState};
    use crate::text::Source;

    /// A group "G" of `members`. `ana:2/5~20*3!` has 2 open chats, capacity 5, the last message 20 minutes ago, weight 3, and
    /// had the last turn; `-ana` is offline.
    fn group(members: &str) -> (Inbox, Situation) {
        let now = Timestamp::UNIX_EPOCH;
        let mut situation = Situation { at: Some(now.into()), ..Situation::default() };
        let (mut users, mut ids) = (String::new(), Vec::new());
        for member in members.split_whitespace() {
            let number = |sign: char| -> Option<u32> {
                let number = member.split_once(sign)?.1;
                Some(number.split(|c: char| !c.is_ascii_digit()).next()?.parse().unwrap())
            };
            let online = !member.starts_with('-');
            let name = member.trim_start_matches('-');
            let id = name.split(|c: char| !c.is_alphabetic()).next().unwrap().to_owned();
            if member.ends_with('!') {
                situation.turns.insert("G".to_owned(), id.clone());
            }
            let idle = number('~').map(|minutes| now - SignedDuration::from_mins(minutes.into()));
            let state = UserState {
                presence: if online { Presence::Online } else { Presence::Offline },
                chats: number(':').unwrap_or(0),
                last_message_at: idle.map(Into::into),
                ..UserState::default()
            };
            situation.users.insert(id.clone(), state);
            let capacity = number('/').map(|n| format!("capacity = {n}\n")).unwrap_or_default();
            users += &format!("[users.{id}]\n{capacity}weight = {}\n", number('*').unwrap_or(1));
            ids.push(id);
        }
        let toml = format!("{users}[groups]\nG = {ids:?}\n");
        let inbox = Inbox::parse(&Source::new("inbox.toml", toml)).0;
        (inbox, situation)
    }

    fn choose(by: &str, members: &str, seed: u64) -> Option<(String, Criterion)> {
        let (inbox, situation) = group(members);
        let (_, now) = situation.validate(&inbox, &inbox.timezone).unwrap();
        let by = Algorithm::parse(by).unwrap();
        let among = &[Eligibility::Available, Eligibility::Online, Eligibility::Everyone];
        let request = ChoiceRequest {
            group: GroupId(0),
            skills: &[],
            excluded: &[],
            by,
            among,
            at: Timestamp::UNIX_EPOCH,
        };
        let pool = Pool::gather(&inbox, &now, &request);
        let pick = pick(by, &pool, &mut dice(seed, None));
        assert_eq!(Roster::of(&inbox, &now).choose(&request, &mut dice(seed, None)), pick, "live");
        let pick = pick?;
        Some((inbox.users[pick.user.0 as usize].id.to_string(), pick.decided_by))
    }

    /// Checks which of `members` is chosen.
    pub(in crate::roster) fn check(by: &str, members: &str, chosen: &str) {
        let choose = choose(by, members, 0).map(|(id, _)| id);
        assert_eq!(choose.as_deref().unwrap_or("nobody"), chosen, "{by} of {members}");
    }

    /// Checks how often each of `members` is chosen in 6,000 draws, to the nearest 500.
    pub(in crate::roster) fn check_proportions(by: &str, members: &str, shares: &[u32]) {
        let ids: Vec<_> = group(members).0.users.into_iter().map(|user| user.id).collect();
        let mut counts = vec![0; ids.len()];
        for seed in 0..6_000 {
            let (id, _) = choose(by, members, seed).unwrap();
            counts[ids.iter().position(|known| **known == *id).unwrap()] += 1;
        }
        let rounded: Vec<u32> = counts.iter().map(|count| (count + 250) / 500 * 500).collect();
        assert_eq!(rounded, shares, "{by} of {members}: {counts:?}");
    }

    #[test]
    fn the_deciding_criterion() {
        let decided = |by, members| choose(by, members, 0).unwrap().1.as_str();
        assert_eq!(decided("least_chats", "ana:2 bo:1"), "fewest chats");
        assert_eq!(decided("least_chats", "ana:1~5 bo:1~9"), "longest waiting");
        assert_eq!(decided("least_chats", "ana:1 bo:1"), "turn order");
        assert_eq!(decided("least_chats", "ana:1 -bo:0"), "the only one");
        assert_eq!(decided("least_load", "ana:1/5 bo:1/4"), "lowest load");
        assert_eq!(decided("random", "ana bo"), "chance");
    }

    #[test]
    fn nobody_by_hand_or_from_an_empty_pool() {
        check("hand", "ana bo", "nobody");
        for by in Algorithm::ALL {
            check(by.word(), "", "nobody");
        }
    }

    #[test]
    fn available_members_then_online_then_everyone() {
        check("least_chats", "ana:5/5 bo:7 -cy:0", "bo");
        check("least_chats", "ana:5/5 bo:7/7 -cy:0", "ana");
        check("least_chats", "-ana:5/5 -bo:7/7 -cy:6", "ana");
    }
}
