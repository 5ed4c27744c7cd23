//! The rules of every number of an inbox, ready to decide.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use rand::Rng;

use super::at_rest::read_at_rest;
use super::batches::load_in_batches;
use super::error::{LoadError, sources_of};
use super::listing::Listing;
use super::parse_cache::KeepTrees;
use super::read::read_path;
use super::reader::FolderReader;
use super::resolved_folder::{Policies, ResolvedFolder};
use super::snapshot::{Location, Snapshot, Stamps, Trust};
use crate::engine::program::Program;
use crate::engine::{
    self, ChatId, CompiledPolicy, ContinueContext, Decision, DrainContext, IfNobody, RouteError, Timer,
    WaitingChats,
};
use crate::inbox::{Inbox, is_e164};
use crate::policy::{Folder, Policy, number_of, policy_key};
use crate::roster::Roster;
use crate::situation::{Customer, Incoming, Situation, SituationError};

/// The rules of every number of an inbox, without faults. The default has no rules.
///
/// ```
/// use inbox_rules::{RuleSet, Situation, dice};
///
/// let rules = RuleSet::load("rules")?;
/// let situation = Situation::from_json(r#"{
///     "number": "+15550100", "at": "2026-11-24T18:30:00Z",
///     "message": { "id": "wamid.A1", "text": "Where is my order?" }
/// }"#)?;
/// let decision = rules.decide(&situation, &mut dice(0, Some("wamid.A1")))?;
/// assert!(decision.rule.is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct RuleSet {
    inbox: Arc<Inbox>,
    /// By number, or by file name where the file is not named after a number. Numbers may share one.
    policies: Policies,
    /// The policy of every number without one of its own.
    default: Option<Arc<CompiledPolicy>>,
    /// Shared by the copies of the set: what is made from its rules asks whether they are still the same.
    identity: Arc<()>,
}

/// The file with the policy of every number without one of its own.
const DEFAULT: &str = "default.rules";

impl RuleSet {
    /// Reads the rules and the `inbox.toml` of a folder. `test` blocks are not kept.
    ///
    /// All files are as they were at one moment: if some have changed within the last 150 ms, or change while they are
    /// read, it waits until they rest, for at most 10 s. To take them as they are, use
    /// [`read_folder`](crate::read_folder) and [`from_folder`](Self::from_folder).
    ///
    /// # Errors
    ///
    /// [`LoadError`], if the folder cannot be read, does not come to rest, has no `inbox.toml`, or there are faults in its
    /// rules.
    pub fn load(folder: impl AsRef<Path>) -> Result<Self, LoadError> {
        read_at_rest(folder.as_ref(), Self::load_once)
    }

    /// Reads the folder while it may be changing. Also returns the stamps of the files that were read.
    pub(super) fn load_once(path: &Path, listing: &Listing) -> (Result<Self, LoadError>, Stamps) {
        let (location, nothing) = (Location::of(path), Snapshot::default());
        if listing.is_of_folder()
            && let Ok(mut reader) = FolderReader::new(&location, &nothing, Trust::Nothing, KeepTrees::Yes)
            && let Some((inbox, policies)) = load_in_batches(listing, &mut reader)
        {
            let default = policies.get(DEFAULT).cloned();
            return (Ok(Self::new(inbox, default, policies)), reader.stamps);
        }
        let snapshot = match read_path(&location, &nothing, Trust::Nothing, KeepTrees::Yes) {
            Ok(snapshot) => snapshot,
            Err(error) => return (Err(error), Stamps::default()),
        };
        let folder = snapshot.folder;
        let set = if folder.inbox_source.is_none() && folder.findings.is_empty() {
            Err(LoadError::NoInbox { path: path.to_owned() })
        } else {
            Self::from_folder(&folder)
        };
        (set, snapshot.stamps)
    }

    /// Reads one policy for `inbox`: of one number if `name` is its file name (`+15550100.rules`), and of every number
    /// otherwise.
    ///
    /// # Errors
    ///
    /// [`LoadError::Faults`], if there are faults in the rules.
    pub fn parse(name: &str, text: &str, inbox: &Inbox) -> Result<Self, LoadError> {
        Self::from_folder(&Folder::from_policy(name, text, inbox.clone()))
    }

    /// The rules of a folder that is in memory.
    ///
    /// # Errors
    ///
    /// [`LoadError::Faults`], if there are faults in the rules.
    pub fn from_folder(folder: &Folder) -> Result<Self, LoadError> {
        Self::from_resolved(&ResolvedFolder::new(folder.clone()))
    }

    /// The rules of a folder whose files are resolved.
    ///
    /// # Errors
    ///
    /// [`LoadError::Faults`], if there are faults in the rules.
    pub fn from_resolved(resolved: &ResolvedFolder) -> Result<Self, LoadError> {
        let folder = resolved.folder();
        if resolved.has_faults() {
            let findings = resolved.faults();
            return Err(LoadError::Faults { sources: sources_of(&findings, folder), findings });
        }
        // A file that was named as a policy comes before `default.rules`.
        let mut named = folder.extra_policies.iter().filter(|name| number_of(name).is_none());
        let default = named.find_map(|name| resolved.policies().get(name));
        let default = default.or_else(|| resolved.policies().get(DEFAULT)).cloned();
        Ok(Self::new(Arc::clone(&folder.inbox), default, resolved.policies().clone()))
    }

    fn new(inbox: Arc<Inbox>, default: Option<Arc<CompiledPolicy>>, policies: Policies) -> Self {
        // The first message does not wait for it then.
        inbox.roster_digest();
        Self { inbox, policies, default, identity: Arc::default() }
    }

    /// Decides who answers a message. No clock is read: the moment is part of the situation.
    ///
    /// # Errors
    ///
    /// [`SituationError`], if the situation contradicts itself or the inbox, or its number has no policy.
    pub fn decide(&self, situation: &Situation, dice: &mut dyn Rng) -> Result<Decision, SituationError> {
        engine::decide_compiled(self.policy_of(situation)?, &self.inbox, situation, dice)
    }

    /// Decides a message again whose chat was given to the user with the id `drawn`. Every random choice that can fall on this user
    /// does, so that a difference from the earlier decision comes from the rules and not from another draw. `None`: as
    /// [`decide`](Self::decide).
    ///
    /// # Errors
    ///
    /// As [`decide`](Self::decide).
    pub fn decide_with_draw(
        &self,
        situation: &Situation,
        drawn: Option<&str>,
        dice: &mut dyn Rng,
    ) -> Result<Decision, SituationError> {
        engine::decide_with_draw(self.policy_of(situation)?, &self.inbox, situation, drawn, dice)
    }

    /// Decides, and gives the reasons.
    ///
    /// # Errors
    ///
    /// As [`decide`](Self::decide).
    pub fn explain(&self, situation: &Situation, dice: &mut dyn Rng) -> Result<Decision, SituationError> {
        engine::explain(self.policy_of(situation)?, &self.inbox, situation, dice)
    }

    /// Decides who answers a message of `customer`, and gives them the chat in the same step, so that no other message can
    /// come in between. No clock is read: the moment is part of `incoming`.
    ///
    /// `roster` belongs to this set's inbox. When a set with another inbox takes over, call [`Roster::rebase`]: it costs nothing
    /// when nothing has changed for the roster, so a host may call it before each message.
    ///
    /// ```
    /// use inbox_rules::{Customer, Inbox, Incoming, Message, Roster, RuleSet, Source, dice};
    ///
    /// let (inbox, _) = Inbox::parse(&Source::new("inbox.toml", "[users.alice]\n[groups]\nSales = [\"alice\"]"));
    /// let rules = "otherwise: assign group \"Sales\" by least_chats";
    /// let set = RuleSet::parse("+15550100.rules", rules, &inbox)?;
    /// let mut roster = Roster::new(&inbox);
    ///
    /// let message = Message { text: Some("hello".to_owned()), ..Message::default() };
    /// let at = "2026-11-24T18:30:00Z".parse()?;
    /// let incoming = Incoming { number: "+15550100", at, message: &message, chat: None };
    /// set.route(&incoming, &Customer::default(), &mut roster, &mut dice(0, Some("wamid.A1")))?;
    ///
    /// assert_eq!(roster.now("alice").unwrap().chats, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`RouteError::Situation`], if the customer contradicts itself or the inbox, or the number has no policy;
    /// [`RouteError::OtherInbox`], if `roster` is of another inbox than this set. The roster is then as it was.
    pub fn route(
        &self,
        incoming: &Incoming,
        customer: &Customer,
        roster: &mut Roster,
        dice: &mut dyn Rng,
    ) -> Result<Decision, RouteError> {
        let policy = self.policy_for(incoming.number)?;
        engine::decide_live(policy, &self.inbox, *incoming, customer, roster, dice)
    }

    /// Continues an assignment when its [`Timer`] has fired and nobody has answered: tries the next alternatives at the
    /// moment `at`, and moves the chat in the same step. Conditions are not evaluated again and replies are not repeated.
    /// The next decision takes the place of `last`, the last one about the chat, and keeps its priority. So a timer that
    /// fires twice, or after the chat has gone on otherwise, is refused.
    ///
    /// The choice is made while the chat still counts for the user or the queue that has it, so that nobody is preferred for
    /// losing it. Then the roster takes it away from them and gives it to whoever has it now; if that is the same user or
    /// queue, it stays where it was. The dice are those of [this step](crate::dice_of_step) of the decision's message.
    ///
    /// ```
    /// use inbox_rules::{Customer, Inbox, Incoming, Message, Roster, RouteError, RuleSet, Source, dice};
    ///
    /// let (inbox, _) = Inbox::parse(&Source::new("inbox.toml", "[users.alice]\n[users.bob]"));
    /// let rules = "otherwise: assign user \"alice\" for 5m else user \"bob\"";
    /// let set = RuleSet::parse("+15550100.rules", rules, &inbox)?;
    /// let mut roster = Roster::new(&inbox);
    ///
    /// let (message, customer) = (Message::default(), Customer::default());
    /// let at = "2026-11-24T18:30:00Z".parse()?;
    /// let incoming = Incoming { number: "+15550100", at, message: &message, chat: None };
    /// let mut last = set.route(&incoming, &customer, &mut roster, &mut dice(0, Some("A1")))?;
    ///
    /// let timer = last.timer().unwrap();
    /// assert_eq!(timer.due, "2026-11-24T18:35:00Z".parse()?);
    /// set.reroute(&mut last, &timer, timer.due, &customer, &mut roster, 0)?;
    ///
    /// let chats = ["alice", "bob"].map(|id| roster.now(id).unwrap().chats);
    /// assert_eq!(chats, [0, 1]);
    /// let twice = set.reroute(&mut last, &timer, timer.due, &customer, &mut roster, 0);
    /// assert_eq!(twice, Err(RouteError::StaleTimer));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`RouteError::StaleTimer`], if `timer` is not that of `last`. [`RouteError::PolicyChanged`], if the policy's texts are
    /// not those of `last`: then the message is decided [afresh](Self::route_afresh). [`RouteError::Event`], if the roster
    /// does not count the chat where `last` says that it is. Otherwise as [`route`](Self::route). Nothing changes then.
    pub fn reroute(
        &self,
        last: &mut Decision,
        timer: &Timer,
        at: Timestamp,
        customer: &Customer,
        roster: &mut Roster,
        seed: u64,
    ) -> Result<(), RouteError> {
        self.resume(last, timer, (at, seed), customer, IfNobody::Wait, roster).map(drop)
    }

    /// As [`reroute`](Self::reroute), but only to a user: if nobody can take the chat, it stays with whoever has it, and nothing
    /// changes, so that it can be tried again. Whether it was given to somebody.
    ///
    /// # Errors
    ///
    /// As [`reroute`](Self::reroute).
    pub fn reroute_to_user(
        &self,
        last: &mut Decision,
        timer: &Timer,
        at: Timestamp,
        customer: &Customer,
        roster: &mut Roster,
        seed: u64,
    ) -> Result<bool, RouteError> {
        self.resume(last, timer, (at, seed), customer, IfNobody::Stay, roster)
    }

    fn resume(
        &self,
        last: &mut Decision,
        timer: &Timer,
        (at, seed): (Timestamp, u64),
        customer: &Customer,
        if_nobody: IfNobody,
        roster: &mut Roster,
    ) -> Result<bool, RouteError> {
        if last.timer().as_ref() != Some(timer) {
            return Err(RouteError::StaleTimer);
        }
        let policy = self.policy_for(last.number.as_deref().unwrap_or_default())?;
        let cx = ContinueContext { policy, inbox: &self.inbox, at, seed };
        let next = engine::resume_live(&cx, last, customer, if_nobody, roster)?;
        let is_given = next.is_some();
        if let Some(next) = next {
            *last = next;
        }
        Ok(is_given)
    }

    /// Decides a message once more, because its policy has changed while its chat was open and unanswered. `incoming` says
    /// where the chat is now, and if it has no chat, `last` does. The decision takes the place of `last`, the last one about
    /// the chat.
    ///
    /// The message is decided as if no chat were open, and the chat leaves the user or the queue that has it: it is closed if
    /// no rule decides, or a rule assigns nobody. If a `move` rule began the assignment, the message is decided as in the
    /// open chat. The chat keeps its priority, unless the rules raise it. A host does not send the replies again.
    ///
    /// # Errors
    ///
    /// [`RouteError::Event`], if the roster does not count the chat where `incoming` says that it is. Otherwise as
    /// [`route`](Self::route). Nothing changes then.
    pub fn route_afresh(
        &self,
        last: &mut Decision,
        incoming: &Incoming,
        customer: &Customer,
        roster: &mut Roster,
        seed: u64,
    ) -> Result<(), RouteError> {
        let policy = self.policy_for(incoming.number)?;
        let open = last.open_chat();
        let incoming = Incoming { chat: incoming.chat.or(open.as_ref()), ..*incoming };
        *last = engine::decide_afresh(policy, &self.inbox, incoming, customer, &last.step, roster, seed)?;
        Ok(())
    }

    /// Gives chats that wait to users who can take them at the moment `at`, whichever numbers they are of, and removes them
    /// from `waiting`. Call it whenever somebody can take more: a user comes online or is added to a group, a chat is
    /// closed, a capacity is raised.
    ///
    /// The chats are tried in the order of [`WaitingChats::iter`]. Each goes on from the alternative with which it began to
    /// wait, without those who had the chat, and if that gives nobody, with them. Conditions are not evaluated again,
    /// replies are not repeated, and each chat draws with the [dice of its step](crate::dice_of_step). A chat that nobody
    /// can take stays as it is, and so does the roster. Never given are chats that wait to be taken `by hand`, and those
    /// that are [outdated](Self::outdated).
    ///
    /// It takes time for each chat that it gives, and some for each different user or group that chats ask for, however many
    /// chats wait. The first drain by another set looks at each chat.
    ///
    /// ```
    /// use inbox_rules::{
    ///     ChatId, Customer, Event, Inbox, Incoming, Message, Presence, Roster, RuleSet, Source, WaitingChats, dice,
    /// };
    ///
    /// let (inbox, _) = Inbox::parse(&Source::new("inbox.toml", "[users.alice]\n[groups]\nSales = [\"alice\"]"));
    /// let rules = "otherwise: assign group \"Sales\" by least_chats among online";
    /// let set = RuleSet::parse("+15550100.rules", rules, &inbox)?;
    /// let mut roster = Roster::new(&inbox);
    /// let mut waiting = WaitingChats::new();
    ///
    /// // Nobody is online, so the chat waits.
    /// let (message, customer) = (Message::default(), Customer::default());
    /// let at = "2026-11-24T18:30:00Z".parse()?;
    /// let incoming = Incoming { number: "+15550100", at, message: &message, chat: None };
    /// let decision = set.route(&incoming, &customer, &mut roster, &mut dice(0, Some("A1")))?;
    /// waiting.update(ChatId(412), &decision, &customer, at);
    ///
    /// let later = "2026-11-24T18:40:00Z".parse()?;
    /// assert!(set.drain(&mut roster, &mut waiting, later, 0)?.is_empty());
    /// roster.apply(Event::Presence { user: "alice".into(), presence: Presence::Online })?;
    /// let given = set.drain(&mut roster, &mut waiting, later, 0)?;
    /// assert_eq!((given[0].0, roster.now("alice").unwrap().chats, waiting.len()), (ChatId(412), 1, 0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`RouteError::OtherInbox`], if the roster is of another inbox. Then nothing changes.
    pub fn drain(
        &self,
        roster: &mut Roster,
        waiting: &mut WaitingChats,
        at: Timestamp,
        seed: u64,
    ) -> Result<Vec<(ChatId, Decision)>, RouteError> {
        let policies = |number: &str| self.policy_for(number);
        engine::drain(&self.drain_context(&policies), waiting, roster, at, seed)
    }

    /// The chats that [`drain`](Self::drain) passes over because they cannot go on: the policy of their number has changed
    /// since they began to wait, or their customer has an attribute that the inbox does not have. A host asks after each
    /// change of the rules.
    ///
    /// Each comes with the reason. [`RouteError::PolicyChanged`]: the message is to be decided [afresh](Self::route_afresh).
    /// [`RouteError::Situation`]: that would be refused as well, until the host takes out of the customer what the inbox
    /// does not have, or the number has a policy again.
    ///
    /// # Errors
    ///
    /// As [`drain`](Self::drain).
    pub fn outdated(
        &self,
        roster: &Roster,
        waiting: &mut WaitingChats,
    ) -> Result<Vec<(ChatId, RouteError)>, RouteError> {
        let policies = |number: &str| self.policy_for(number);
        engine::outdated(&self.drain_context(&policies), waiting, roster)
    }

    fn drain_context<'a>(
        &'a self,
        policies: &'a dyn Fn(&str) -> Result<&'a CompiledPolicy, SituationError>,
    ) -> DrainContext<'a> {
        DrainContext { inbox: &self.inbox, policies, identity: &self.identity }
    }

    /// The policy of a number: its own, the one that it names, or the default.
    pub fn policy(&self, number: &str) -> Option<&Policy> {
        self.ready(number).map(|ready| &**ready)
    }

    /// The program of that policy, for a host that runs it directly. It is compiled when it is first needed.
    pub fn program(&self, number: &str) -> Option<&Program> {
        self.ready(number).map(CompiledPolicy::program)
    }

    /// Every policy once, the default last.
    pub fn policies(&self) -> impl Iterator<Item = &Policy> {
        let is_of_numbers =
            |name: &str| is_e164(name) || name != DEFAULT && self.inbox.policy_files.contains(name);
        let own = self.policies.iter().filter(move |(name, _)| is_of_numbers(name)).map(|(_, policy)| policy);
        // A file that was named as a policy may be the policy of a number as well.
        let default = self.default.iter().filter(move |policy| !is_of_numbers(&policy_key(&policy.file)));
        own.chain(default).map(|policy| &***policy)
    }

    /// The inbox the rules are for.
    pub fn inbox(&self) -> &Inbox {
        &self.inbox
    }

    fn ready(&self, number: &str) -> Option<&CompiledPolicy> {
        let shared = || {
            let named = self.inbox.numbers.get(number)?.rules.as_ref()?;
            self.policies.get(&policy_key(&named.file))
        };
        self.policies.get(number).or_else(shared).or(self.default.as_ref()).map(|ready| &**ready)
    }

    fn policy_of(&self, situation: &Situation) -> Result<&CompiledPolicy, SituationError> {
        let Some(number) = situation.number.as_deref() else {
            return Err(SituationError::at("number", "`number` is missing: which number was written to?"));
        };
        self.policy_for(number)
    }

    fn policy_for(&self, number: &str) -> Result<&CompiledPolicy, SituationError> {
        self.ready(number).ok_or_else(|| {
            let message =
                format!("`{number}` has no policy: there is neither `{number}.rules` nor `default.rules`");
            SituationError::at("number", message)
        })
    }
}
