//! The phrases of `phrases.rs`. Words in capitals stand for a text, a name, a day and so on; `?` marks what may be absent.

/// Words of the language that people also use as names of hours and the like.
pub(super) const ALSO_NAMES: &[&str] = &["chat", "number", "order"];

/// Whether the two numbers themselves are in it is open.
pub(super) const BETWEEN: &str = "customer.{1} >= {2} and customer.{1} <= {3}";

/// What people say, and how it is written.
pub(super) const WRITTEN: &[(&str, &str)] = &[
    // Customers.
    ("the? customer is a? new customer?", "new_customer"),
    ("the? customer is not returning", "new_customer"),
    ("the? customer is a? returning customer?", "returning_customer"),
    ("the? customer is not new", "returning_customer"),
    ("the? customer has an owner", "has_owner"),
    ("the? customer has no owner", "not has_owner"),
    ("has? no owner", "not has_owner"),
    ("there is no owner", "not has_owner"),
    ("customer has no tag VALUES", "not customer has tag {1}"),
    ("customer has not a? the? tag VALUES", "not customer has tag {1}"),
    ("customer without a? the? tag VALUES", "not customer has tag {1}"),
    ("customer does not have a? the? tag VALUES", "not customer has tag {1}"),
    ("customer doesn ' t have a? the? tag VALUES", "not customer has tag {1}"),
    ("customer doesn ’ t have a? the? tag VALUES", "not customer has tag {1}"),
    ("customer hasn ' t a? the? tag VALUES", "not customer has tag {1}"),
    ("customer hasn ’ t a? the? tag VALUES", "not customer has tag {1}"),
    ("customer not has a? the? tag VALUES", "not customer has tag {1}"),
    ("customer does not has a? the? tag VALUES", "not customer has tag {1}"),
    ("chat has no tag VALUES", "not chat has tag {1}"),
    ("chat has not a? the? tag VALUES", "not chat has tag {1}"),
    ("chat without a? the? tag VALUES", "not chat has tag {1}"),
    ("chat does not have a? the? tag VALUES", "not chat has tag {1}"),
    ("chat doesn ' t have a? the? tag VALUES", "not chat has tag {1}"),
    ("chat doesn ’ t have a? the? tag VALUES", "not chat has tag {1}"),
    ("chat hasn ' t a? the? tag VALUES", "not chat has tag {1}"),
    ("chat hasn ’ t a? the? tag VALUES", "not chat has tag {1}"),
    ("chat not has a? the? tag VALUES", "not chat has tag {1}"),
    ("chat does not has a? the? tag VALUES", "not chat has tag {1}"),
    ("customer is? tagged with? TEXT", "customer has tag {1}"),
    ("customer has the tag TEXT", "customer has tag {1}"),
    ("customer has a tag TEXT", "customer has tag {1}"),
    ("customer has TEXT", "customer has tag {1}"),
    ("customer with tag TEXT", "customer has tag {1}"),
    ("customer tag is|= VALUES", "customer has tag {1}"),
    ("tag is|= VALUES", "customer has tag {1}"),
    ("has tag VALUES", "customer has tag {1}"),
    ("first message|contact", "new_customer"),
    ("the? customer has written|messaged before", "returning_customer"),
    ("the? customer has more than NUMBER NAME", "customer.{2} > {1}"),
    ("the? customer has less|fewer than NUMBER NAME", "customer.{2} < {1}"),
    ("the? customer has at least NUMBER NAME", "customer.{2} >= {1}"),
    ("the? customer has? been? is? silent for? more|longer than DURATION", "customer.silent_for > {1}"),
    // The habits of programming languages.
    ("FACT is|=|==|=== true|yes", "{1}"),
    ("FACT is|=|==|=== false|no", "not {1}"),
    ("FACT is not true", "not {1}"),
    ("FACT != true", "not {1}"),
    ("FACT != false", "{1}"),
    ("message|text . contains|includes ( TEXT )", "message contains {1}"),
    ("message|text . startswith|starts_with ( TEXT )", "message starts with {1}"),
    ("customer . NAME|name|phone . contains|includes ( TEXT )", "customer.{1} contains {2}"),
    ("customer [ KEY ]", "customer.{1}"),
    ("message [ KEY ]", "message.{1}"),
    ("$ customer", "customer"),
    ("$ message", "message"),
    // Open chats.
    ("the? chat is? not in TEXT", "not chat in {1}"),
    ("the? chat is? not with VALUES", "not chat with {1}"),
    ("chat with not VALUES", "not chat with {1}"),
    ("chat in not TEXT", "not chat in {1}"),
    ("the? chat is? waiting for? OP DURATION", "chat.waiting_for {1} {2}"),
    ("the? chat has been waiting for? OP DURATION", "chat.waiting_for {1} {2}"),
    ("the? chat is? waiting for? more|longer than DURATION", "chat.waiting_for > {1}"),
    ("the? chat has been waiting for? more|longer than DURATION", "chat.waiting_for > {1}"),
    ("the? chat is? open for? OP DURATION", "chat.open_for {1} {2}"),
    ("the? chat is? open for? more|longer than DURATION", "chat.open_for > {1}"),
    ("the? chat has been open for? OP DURATION", "chat.open_for {1} {2}"),
    ("the? chat has been open for? more|longer than DURATION", "chat.open_for > {1}"),
    ("the? chat is open", "chat_open"),
    ("the? chat is answered", "chat_answered"),
    // The owner.
    ("the? owner is? online", "owner_online"),
    ("the? owner is? offline", "owner_offline"),
    ("the? owner is? not online", "owner_offline"),
    ("the? owner isn ' t online", "owner_offline"),
    ("the? owner is away", "owner_away"),
    // Users and groups.
    ("nobody|none|noone is|are? online", "all_offline"),
    ("no one is? online", "all_offline"),
    ("no user|users|agent|agents is|are? online", "all_offline"),
    ("everyone|everybody|all is|are? offline", "all_offline"),
    ("all users|agents are? offline", "all_offline"),
    ("somebody|someone|anybody|anyone is? online", "any_online"),
    ("some|any user|agent is? online", "any_online"),
    ("somebody|someone|anybody|anyone is? available", "any_available"),
    ("nobody|noone is? available", "not any_available"),
    ("no one is? available", "not any_available"),
    ("nobody|noone in TEXT is? online", "all_offline in {1}"),
    ("no one in TEXT is? online", "all_offline in {1}"),
    ("everyone|everybody|all in TEXT is|are? offline", "all_offline in {1}"),
    ("somebody|someone|anybody|anyone in TEXT is? online", "any_online in {1}"),
    ("somebody|someone|anybody|anyone in TEXT is? available", "any_available in {1}"),
    ("group? TEXT is? online", "any_online in {1}"),
    ("group? TEXT is? available", "any_available in {1}"),
    ("group? TEXT is? offline", "all_offline in {1}"),
    ("group? TEXT is? not online", "all_offline in {1}"),
    ("at least NUMBER online", "online >= {1}"),
    ("more than NUMBER online", "online > {1}"),
    ("less|fewer than NUMBER online", "online < {1}"),
    ("at least NUMBER online in TEXT", "online in {2} >= {1}"),
    ("more than NUMBER online in TEXT", "online in {2} > {1}"),
    ("less|fewer than NUMBER online in TEXT", "online in {2} < {1}"),
    ("more than NUMBER chats? waiting in TEXT", "waiting in {2} > {1}"),
    ("less|fewer than NUMBER chats? waiting in TEXT", "waiting in {2} < {1}"),
    ("at least NUMBER chats? waiting in TEXT", "waiting in {2} >= {1}"),
    ("more than NUMBER chats? waiting", "waiting > {1}"),
    ("less|fewer than NUMBER chats? waiting", "waiting < {1}"),
    ("at least NUMBER chats? waiting", "waiting >= {1}"),
    // Hours and days.
    ("outside of? the? NAME hours?", "not during {1}"),
    ("out of NAME hours", "not during {1}"),
    ("outside of? TIME to|until|-|–|and TIME", "not during {1}-{2}"),
    ("within|inside of? the? NAME hours?", "during {1}"),
    ("in|at the? NAME hours", "during {1}"),
    ("during the? NAME hours", "during {1}"),
    ("it? the? time? is? between TIME and|to TIME", "during {1}-{2}"),
    ("the? time is? from TIME to|until|- TIME", "during {1}-{2}"),
    ("it? the? time? is? after TIME", "during {1}-24:00"),
    ("it? the? time? is? before TIME", "during 00:00-{1}"),
    ("the? time >|>= TIME", "during {1}-24:00"),
    ("the? time <|<= TIME", "during 00:00-{1}"),
    ("today|it|day|weekday is on? a? DAY", "during {1}"),
    ("the day is DAY", "during {1}"),
    ("on DAY", "during {1}"),
    ("today|it|date is DATE", "during {1}"),
    ("on DATE", "during {1}"),
    // Messages.
    ("message has a? an? KIND", "message is {1}"),
    ("message is a KIND", "message is {1}"),
    ("message is an KIND", "message is {1}"),
    ("a? an? KIND message|note", "message is {1}"),
    ("message contains neither TEXT nor TEXT", "not message contains any [{1}, {2}]"),
    // Numbers.
    ("customer . NAME is? between NUMBER and|to|- NUMBER", BETWEEN),
    ("NUMBER < customer . NAME", "customer.{2} > {1}"),
    ("NUMBER <= customer . NAME", "customer.{2} >= {1}"),
    ("NUMBER > customer . NAME", "customer.{2} < {1}"),
    ("NUMBER >= customer . NAME", "customer.{2} <= {1}"),
    ("TEXT is? in the? message|text", "message contains {1}"),
    ("TEXT is? not in the? message|text", "not message contains {1}"),
];

/// What people ask that no condition asks.
pub(super) struct Unsayable {
    pub said: &'static str,
    pub message: &'static str,
    pub help: &'static str,
}

const fn row(said: &'static str, message: &'static str, help: &'static str) -> Unsayable {
    Unsayable { said, message, help }
}

const ONE_USER: &str = "there is no condition about one user";
const ONE_USER_HELP: &str = "write `assign user {1} among online`, with another alternative after `else`";
const DENIED: &str = "a condition is denied by `not` before it";
const NO_ENDS: &str = "there is no test for how a text ends";
const TWO_TESTS: &str =
    "write `message is {1}` for the whole text, or `message contains {1}` for a part of it";
const COUNTRY: &str = "write `customer.country is \"EG\"`, with the two letters of the country";
const LANGUAGE: &str = "write `customer.language is \"ar\"`, with the two letters of the language";
const WHO_OWNS: &str = "there is no condition for who the owner is";
const ASSIGN_OWNER: &str = "`assign owner` gives the chat to the owner, whoever that is";
const EVERY_MESSAGE: &str = "a rule for every message has no condition";
const OTHERWISE: &str =
    "write `otherwise:` for every message that no rule takes, or `also when …` for a rule that always acts";
const WHICH_HOURS: &str =
    "name them as their definition does: `not during office` with `hours office = mon-fri 09:00-17:00`";
const COUNTED: &str = "a count is compared with a number in figures";
const COUNT: &str = "count them instead: `online >= 3`, or `online in \"Sales\" >= 3`";

/// What people ask that no condition asks, and the way round it.
pub(super) const UNSAYABLE: &[Unsayable] = &[
    row(
        "the? message has|contains a? an? attachment|attachments|media",
        "an attachment can be of several kinds",
        "write the kinds that are meant, as in `(message is image or message is document)`",
    ),
    row(
        "the? owner . chats|chat|open_chats|load",
        "there is no condition for how many chats the owner has",
        "write `assign owner among available`, and give the users a `capacity` in `inbox.toml`",
    ),
    row(
        "the? owner . NAME|name",
        "there is no condition about the owner but `has_owner`, `owner_online`, `owner_offline` and `owner_away`",
        "`assign owner` gives the chat to the owner, whoever that is",
    ),
    row(
        "the? owner is? not? available|busy|free",
        "there is no condition for whether the owner is available",
        "write `assign owner among available`, with another alternative after `else`",
    ),
    row("the? owner is|= not? TEXT", WHO_OWNS, ASSIGN_OWNER),
    row(
        "the? owner|user|agent does not|nt? answer|reply|respond",
        "a condition cannot wait for an answer",
        "write `assign owner for 10m else …`: the alternative after `else` is for when there is no answer within that time",
    ),
    row(
        "nobody|noone answers|replies|responds",
        "a condition cannot wait for an answer",
        "write `assign … for 10m else …`: the alternative after `else` is for when there is no answer within that time",
    ),
    row(
        "the? customer has not written|replied|answered|messaged",
        "there is no condition called `has not written`",
        "`customer.silent_for > 30d` asks how long ago the customer's last message before this one was",
    ),
    row(
        "the? customer did not write|reply|answer",
        "there is no condition called `did not write`",
        "`customer.silent_for > 30d` asks how long ago the customer's last message before this one was",
    ),
    row("user|agent TEXT is? not? online|offline|away|available|busy", ONE_USER, ONE_USER_HELP),
    row("everyone|everybody|all is|are? online", "there is no condition for everybody being online", COUNT),
    row("nobody|noone is|are? offline", "there is no condition for everybody being online", COUNT),
    row("no one is? offline", "there is no condition for everybody being online", COUNT),
    row(
        "somebody|someone|anybody|anyone is? offline",
        "there is no condition for somebody being offline",
        "count who is online instead: `online < 3`, or `online in \"Sales\" < 3`",
    ),
    row(
        "the? customer is not? online|offline|away",
        "there is no condition for whether a customer is online",
        "`customer.silent_for > 30d` asks how long ago their last message before this one was",
    ),
    row("the? owner is not away", DENIED, "write `not owner_away`, which also holds where there is no owner"),
    row(
        "the? owner is not offline",
        DENIED,
        "write `owner_online`, or `not owner_offline`, which also holds where there is no owner",
    ),
    row("user is not away", DENIED, "write `not user_away`, which also holds where nobody has the chat"),
    row(
        "user is not online",
        DENIED,
        "write `user_offline`, or `not user_online`, which also holds where nobody has the chat",
    ),
    row(
        "user is not offline",
        DENIED,
        "write `user_online`, or `not user_offline`, which also holds where nobody has the chat",
    ),
    row(
        "the? chat is? has? been? waiting for DURATION",
        "this does not say whether the time is a least or a most",
        "write `chat.waiting_for >= {1}` for at least that long, or `chat.waiting_for > {1}` for longer",
    ),
    row(
        "the? chat is? has? been? open for DURATION",
        "this does not say whether the time is a least or a most",
        "write `chat.open_for >= {1}` for at least that long, or `chat.open_for > {1}` for longer",
    ),
    row("the? chat is not open", DENIED, "write `not chat_open`"),
    row("the? chat is closed", "there is no condition called `closed`", "write `not chat_open`"),
    row(
        "the? chat is not waiting",
        DENIED,
        "write `not chat_waiting`, which also holds where no chat is open",
    ),
    row(
        "the? chat is not answered",
        DENIED,
        "write `not chat_answered`, which also holds where no chat is open",
    ),
    row(
        "customer is? not NAME",
        "`customer is` does not say what of the customer is meant",
        "for a flag of `inbox.toml`, write `not customer.{1}`; for a tag, `not customer has tag \"{1}\"`",
    ),
    row(
        "customer is? not TEXT",
        "`customer is` does not say what of the customer is meant",
        "for a tag, write `not customer has tag {1}`; for an attribute, its name too, as in `customer.country is not \"EG\"`",
    ),
    row(
        "customer is NAME",
        "`customer is` does not say what of the customer is meant",
        "for a tag, write `customer has tag \"{1}\"`; for a flag of `inbox.toml`, `customer.{1}`",
    ),
    row(
        "customer is TEXT",
        "`customer is` does not say what of the customer is meant",
        "for a tag, write `customer has tag {1}`; for an attribute, its name too, as in `customer.country is \"EG\"`",
    ),
    row("the? customer is? not? from TEXT", "`from` is not known here", COUNTRY),
    row("the? customer is? not? from NAME", "`from` is not known here", COUNTRY),
    row("the? customer speaks|writes in? TEXT", "`speaks` is not known here", LANGUAGE),
    row("the? customer speaks|writes in? NAME", "`speaks` is not known here", LANGUAGE),
    row("the? customer is owned by TEXT", WHO_OWNS, ASSIGN_OWNER),
    row("the? customer is owned by NAME", WHO_OWNS, ASSIGN_OWNER),
    row("the? customer belongs to TEXT", WHO_OWNS, ASSIGN_OWNER),
    row("the? customer belongs to NAME", WHO_OWNS, ASSIGN_OWNER),
    row(
        "nobody|noone is|are? free",
        "`free` is not known here",
        "write `not any_available` if nobody is online with room for another chat",
    ),
    row(
        "somebody|someone|anybody|anyone is|are? free",
        "`free` is not known here",
        "write `any_available` if somebody is online with room for another chat",
    ),
    row(
        "everyone|everybody|all is|are? busy",
        "`busy` is not known here",
        "write `not any_available` if nobody is online with room for another chat",
    ),
    row(
        "the? customer has? been? waited|waiting for? more|longer than DURATION",
        "a chat waits, not a customer",
        "write `chat.waiting_for > {1}` in a `move rule`, which is about open chats",
    ),
    row(
        "the? customer came|comes|is from an? ad|advertisement",
        "`came from` is not known here",
        "write `message has ad`, or `message.ad is \"…\"` for one advertisement",
    ),
    row(
        "customer|they asks|wants|needs|mentions",
        "there is no condition about what a customer wants",
        "write `message contains \"…\"` with words of the message",
    ),
    row(
        "the? customer writes for",
        "no condition counts the messages of a customer",
        "the host can count them in an attribute, as in `customer.orders >= 3`",
    ),
    row("message|text is in NAME", "there is no condition for the language of a message", LANGUAGE),
    row("message|text is about TEXT", "`about` is not known here", "write `message contains {1}`"),
    row(
        "message|text is longer|shorter than",
        "there is no condition for the length of a text",
        "`message matches /.{100}/` asks for a line of at least 100 characters",
    ),
    row(
        "message|text contains a|an NAME",
        "`contains` takes a text in quotes",
        "write `message contains \"…\"`, or a pattern, as in `message matches /https?:/`",
    ),
    row(
        "button TEXT",
        "this does not say what of the button is meant",
        "write `message.button is \"…\"` with the id of the button",
    ),
    row(
        "the? phone number begins|starts with?",
        "`phone` is of the customer",
        "write `customer.phone starts with \"+20\"`",
    ),
    row("any|every|each|all message|messages", EVERY_MESSAGE, OTHERWISE),
    row("at|by night", "this does not say which times the night is", "write the times: `during 22:00-06:00`"),
    row("we are|re? closed|open", "this does not say which hours", WHICH_HOURS),
    row(
        "NUMBER % of",
        "a condition does not choose by chance",
        "`by weighted` gives the members of a group different shares of the chats",
    ),
    row("at least NAME online", COUNTED, "write `online >= 2`"),
    row("more than NAME online", COUNTED, "write `online > 2`"),
    row("less|fewer than NAME online", COUNTED, "write `online < 2`"),
    row(
        "message|text = ~",
        "a pattern is tested by `matches`",
        "write `message matches /…/`, with the pattern between the slashes",
    ),
    row(
        "message|text ends|end|ending with? TEXT",
        NO_ENDS,
        "write a pattern, in which `$` is the end: `message matches /…$/`",
    ),
    row(
        "message|text ends|end|ending with? any",
        NO_ENDS,
        "write a pattern, in which `$` is the end: `message matches /…$/`",
    ),
    row(
        "customer . NAME|name|phone ends|end with? TEXT",
        NO_ENDS,
        "write a pattern, in which `$` is the end: `customer.{1} matches /…$/`",
    ),
    row("message|text says|say|said|reads TEXT", "`says` could be two tests", TWO_TESTS),
    row(
        "customer|they says|say|said|writes|wrote|asks TEXT",
        "there is no condition about what a customer says",
        TWO_TESTS,
    ),
    row("outside|after|during|in of? hours", "this does not say which hours", WHICH_HOURS),
    row(
        "on|at the? weekend|weekends",
        "this does not say which days the weekend is",
        "write the days: `during sat-sun`, or `during fri-sat`",
    ),
    row(
        "it? the? time? is TIME",
        "there is no condition for one moment",
        "write an interval: `during 09:00-17:00`",
    ),
];

/// What cannot be read, where no repair is known.
pub(super) const UNKNOWN: &[Unsayable] = &[
    row("*", EVERY_MESSAGE, OTHERWISE),
    row("either WORD", "`either` is not needed before `or`", "leave it out"),
    row(
        "neither WORD",
        "`neither` is not known here",
        "deny each condition: `not new_customer and not has_owner`",
    ),
    row(
        "NAME is|are not? online|offline|away|available",
        "there is no condition called `{1}`",
        "for a group, write `any_online in \"{1}\"` with its own name; for one user, write `assign user \"{1}\" among online`",
    ),
    row(
        "NAME is|contains|starts|matches|has|includes",
        "`{1}` is not known here",
        "for an attribute of the customer, write `customer.{1}`; for the text, `message contains \"…\"`",
    ),
    row("and|or (", "`and` and `or` stand between two conditions", "write `new_customer and any_online`"),
    row(
        "WORD , WORD",
        "conditions are not joined by a comma",
        "write `and` if both must hold, or `or` if one is enough",
    ),
];
