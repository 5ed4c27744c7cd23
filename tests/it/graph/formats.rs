//! What stands in each format.

use crate::harness::Rules;

const POLICY: &str = r#"
hours office = mon-fri 09:00-17:00
let vip = customer.plan is "gold" or customer has tag "vip"

also rule "refund"
when message contains any ["refund", "money \"back\""]:
    tag "refund",
    priority high

move rule "a human"
when message contains "human" and not chat with "bob":
    assign group "Support" except owner by least_chats

rule "vip"
when vip and (during office or not any_online):
    assign owner for 5m
        else user "bob" among available
        else group "Sales" with skill any ["en", "fr"] and customer.language by least_load among online,
    reply "Hello {customer.name or there}!" once per 12h,
    reply "Still there?" after 15m

rule "gold"
when customer.plan is "gold":
    assign nobody

rule "closed, أهلا & <b>"
when not during office:
    assign group "Sales" by hand
"#;

/// The policy in that format.
fn drawn(format: &str) -> String {
    let rules = Rules::new().file("+15550100.rules", POLICY);
    rules.run(&format!("graph --format {format}")).exits_with(0).stdout()
}

/// The text with its marks of direction made visible.
fn visible(text: &str) -> String {
    text.replace('\u{2068}', "[FSI]").replace('\u{2069}', "[PDI]")
}

#[test]
fn dot() {
    insta::assert_snapshot!(visible(&drawn("dot")), @r##"
    digraph {
      label="+15550100\n+15550100.rules · the times are those of UTC"
      labelloc=t
      rankdir=TB
      newrank=true
      fontname="sans-serif"
      node [shape=box style="rounded,filled" fillcolor="#f6f8fa" color="#8c959f" fontname="sans-serif" fontsize=12 margin="0.15,0.1"]
      edge [fontname="sans-serif" fontsize=11 color="#57606a"]
      s0 [label="A message comes, and no chat is open: the first rule that takes it decides" fillcolor="#fff4d6"]
      r3 [label="3. vip\lTakes a message when\l“vip” holds\land at least one of these holds:\l   the message comes during “office”\l   or nobody is online\l"]
      a3 [label="The owner of the customer\lelse, or if nobody has answered within 5 minutes:\lBob, only if they are online and have room\lelse\lOne of Sales, whoever is least full for their capacity,\lamong those who are online, with the skill “en” or “fr” and\lthe customer's “language” as a skill\lIf nobody can be chosen, it waits in the queue of Sales.\lReply, once per 12 hours:\l  Hello {customer.name or there}!\lReply, after 15 minutes without an answer:\l  Still there?\l" fillcolor="#eef6ff"]
      { rank=same r3 -> a3 [label="yes"] }
      s0 -> r3
      r4 [label="4. gold\lTakes a message when\lthe customer's “plan” is “gold”\l"]
      a4 [label="Nobody: the chat does not wait\l" fillcolor="#eef6ff"]
      { rank=same r4 -> a4 [label="yes"] }
      r3 -> r4 [label="  no"]
      r5 [label="5. [FSI]closed, أهلا & <b>[PDI]\lTakes a message when\lthe message comes outside “office”\l"]
      a5 [label="Waits until somebody in Sales takes it\l" fillcolor="#eef6ff"]
      { rank=same r5 -> a5 [label="yes"] }
      r4 -> r5 [label="  no"]
      e0 [label="No rule takes it: nobody gets the chat" fillcolor="#fff4d6"]
      r5 -> e0 [label="  no"]
      s1 [label="A message comes into an open chat: the first rule that takes it moves the chat" fillcolor="#fff4d6"]
      r2 [label="2. a human\lMoves an open chat when\lthe message contains “human”\land “Bob” does not have the chat\l"]
      a2 [label="One of Support, whoever has the fewest open chats,\lexcept the owner\lIf nobody can be chosen, the chat stays where it is.\l" fillcolor="#eef6ff"]
      { rank=same r2 -> a2 [label="yes"] }
      s1 -> r2
      e1 [label="If no rule moves it, the chat stays where it is" fillcolor="#fff4d6"]
      r2 -> e1 [label="  no"]
      s2 [label="Whatever is decided, each of these rules that holds adds to it" fillcolor="#fff4d6"]
      r1 [label="1. refund\lAdds to any decision when\lthe message contains “refund” or “money \"back\"”\l"]
      a1 [label="tag “refund”\lpriority high\l" fillcolor="#eef6ff"]
      { rank=same r1 -> a1 [label="adds"] }
      s2 -> r1 [style=invis]
      note [label="What the names stand for\loffice:\l   from Monday to Friday between 09:00 and 17:00\lvip:\l   at least one of these holds:\l      the customer's “plan” is “gold”\l      or the customer has the tag “vip”\l \l“One of” a group, when a chat is moved, is a member who\lis online and has room; failing that, one who is online;\lnever another.\lThe rules are numbered as they stand in the file.\l" shape=note style=filled fillcolor="#ffffff"]
      e0 -> note [style=invis]
    }
    "##);
}

#[test]
fn mermaid() {
    insta::assert_snapshot!(visible(&drawn("mermaid")), @r#"
    ---
    title: "+15550100"
    config:
      flowchart:
        wrappingWidth: 600
    ---
    flowchart TB
      accTitle: +15550100 +15550100.rules · the times are those of UTC
      s0(["A message comes, and no chat is open: the first rule that takes it decides"]):::start
      s0 --> r3
      r3["3. vip<br/>Takes a message when<br/>“vip” holds<br/>and at least one of these holds:<br/>   the message comes during “office”<br/>   or nobody is online"]:::rule
      r3 -->|yes| a3["The owner of the customer<br/>else, or if nobody has answered within 5 minutes:<br/>Bob, only if they are online and have room<br/>else<br/>One of Sales, whoever is least full for their capacity,<br/>among those who are online, with the skill “en” or “fr” and<br/>the customer's “language” as a skill<br/>If nobody can be chosen, it waits in the queue of Sales.<br/>Reply, once per 12 hours:<br/>  Hello #123;customer.name or there#125;!<br/>Reply, after 15 minutes without an answer:<br/>  Still there?"]:::outcome
      r3 -->|no| r4
      r4["4. gold<br/>Takes a message when<br/>the customer's “plan” is “gold”"]:::rule
      r4 -->|yes| a4["Nobody: the chat does not wait"]:::outcome
      r4 -->|no| r5
      r5["5. [FSI]closed, أهلا #38; #60;b#62;[PDI]<br/>Takes a message when<br/>the message comes outside “office”"]:::rule
      r5 -->|yes| a5["Waits until somebody in Sales takes it"]:::outcome
      r5 -->|no| e0(["No rule takes it: nobody gets the chat"]):::start
      s1(["A message comes into an open chat: the first rule that takes it moves the chat"]):::start
      s1 --> r2
      r2["2. a human<br/>Moves an open chat when<br/>the message contains “human”<br/>and “Bob” does not have the chat"]:::rule
      r2 -->|yes| a2["One of Support, whoever has the fewest open chats,<br/>except the owner<br/>If nobody can be chosen, the chat stays where it is."]:::outcome
      r2 -->|no| e1(["If no rule moves it, the chat stays where it is"]):::start
      s2(["Whatever is decided, each of these rules that holds adds to it"]):::start
      s2 ~~~ r1
      r1["1. refund<br/>Adds to any decision when<br/>the message contains “refund” or “money #quot;back#quot;”"]:::rule
      r1 -. adds .-> a1["tag “refund”<br/>priority high"]:::outcome
      e0 ~~~ note["What the names stand for<br/>office:<br/>   from Monday to Friday between 09:00 and 17:00<br/>vip:<br/>   at least one of these holds:<br/>      the customer's “plan” is “gold”<br/>      or the customer has the tag “vip”<br/> <br/>“One of” a group, when a chat is moved, is a member who<br/>is online and has room#59; failing that, one who is online#59;<br/>never another.<br/>The rules are numbered as they stand in the file."]:::note
      classDef start fill:#fff4d6,stroke:#e0c068,color:#1f2328
      classDef rule fill:#f6f8fa,stroke:#8c959f,color:#1f2328,text-align:left
      classDef outcome fill:#eef6ff,stroke:#a9cdf5,color:#1f2328,text-align:left
      classDef unreached fill:#ffffff,stroke:#8c959f,color:#6b747d,stroke-dasharray:5 4,text-align:left
      classDef note fill:#ffffff,stroke:#d1d9e0,color:#59636e,text-align:left
    "#);
}

#[test]
fn the_svg_is_read_aloud() {
    let svg = drawn("svg");
    let description = svg.split("<desc>").nth(1).and_then(|rest| rest.split("</desc>").next());
    insta::assert_snapshot!(description.unwrap(), @r"
    A message comes, and no chat is open: the first rule that takes it decides.
    3. vip. Takes a message when “vip” holds and at least one of these holds: the message comes during “office” or nobody is online. The owner of the customer. else, or if nobody has answered within 5 minutes: Bob, only if they are online and have room. else One of Sales, whoever is least full for their capacity, among those who are online, with the skill “en” or “fr” and the customer's “language” as a skill. If nobody can be chosen, it waits in the queue of Sales. Reply, once per 12 hours: “Hello {customer.name or there}!” Reply, after 15 minutes without an answer: “Still there?”
    4. gold. Takes a message when the customer's “plan” is “gold”. Nobody: the chat does not wait.
    5. closed, أهلا &amp; &lt;b&gt;. Takes a message when the message comes outside “office”. Waits until somebody in Sales takes it.
    No rule takes it: nobody gets the chat.
    A message comes into an open chat: the first rule that takes it moves the chat.
    2. a human. Moves an open chat when the message contains “human” and “Bob” does not have the chat. One of Support, whoever has the fewest open chats, except the owner. If nobody can be chosen, the chat stays where it is.
    If no rule moves it, the chat stays where it is.
    Whatever is decided, each of these rules that holds adds to it.
    1. refund. Adds to any decision when the message contains “refund” or “money &quot;back&quot;”. tag “refund”, priority high.
    office: from Monday to Friday between 09:00 and 17:00.
    vip: at least one of these holds: the customer's “plan” is “gold” or the customer has the tag “vip”.
    “One of” a group, when a chat is moved, is a member who is online and has room; failing that, one who is online; never another.
    The rules are numbered as they stand in the file.
    ");
}

#[test]
fn the_svg_needs_nothing_else() {
    let svg = drawn("svg");
    assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
    for word in ["<script", "href", "url(", "@import", "@font-face", "foreignObject"] {
        assert!(!svg.contains(word), "{word}");
    }
    assert_eq!(svg.matches("http").count(), 1);
    assert!(svg.contains("prefers-color-scheme:dark") && svg.contains("role=\"img\""));
    assert!(svg.contains("closed, أهلا &amp; &lt;b&gt;") && !svg.contains("<b>"));
}

#[test]
fn what_no_message_reaches_is_grey() {
    let rules = "rule \"a\" when new_customer: assign owner\nrule \"b\" when new_customer and has_owner: assign owner\n\
        otherwise: assign owner\n";
    let rules = Rules::new().file("default.rules", rules);
    let run = rules.run("graph").exits_with(0).prints("Never reached: no message gets as far as this rule.");
    run.rules.run("graph --format dot").exits_with(0).prints("style=\"rounded,dashed\"");
}

/// The picture of a policy of a folder with this `inbox.toml`, as it is read aloud.
fn read_aloud(rules: Rules, arguments: &str) -> String {
    let svg = rules.run(&format!("graph {arguments}")).exits_with(0).stdout();
    svg.split("<desc>").nth(1).and_then(|rest| rest.split("</desc>").next()).unwrap().to_owned()
}

#[test]
fn without_a_rule_for_new_chats_nobody_gets_them() {
    let text = "also when message contains \"refund\": tag \"refund\"\n\
        move rule \"close\" when chat.open_for > 1d: assign nobody\n\
        move rule \"queue\" when chat with \"bob\": assign group \"Sales\" by hand\n\
        move rule \"other\" when chat in \"Sales\": assign group \"Support\" by random\n";
    insta::assert_snapshot!(read_aloud(Rules::new().file("default.rules", text), ""), @r"
    A message comes, and no chat is open.
    No rule takes it: nobody gets the chat.
    A message comes into an open chat: the first rule that takes it moves the chat.
    2. close. Moves an open chat when the chat has been open for more than 1 day. Nobody: the chat is closed.
    3. queue. Moves an open chat when “Bob” has the chat. Waits until somebody in Sales takes it.
    4. other. Moves an open chat when the chat came through “Sales”, or waits in its queue. One of Support, anyone, all with the same chance. If nobody can be chosen, the chat stays where it is.
    If no rule moves it, the chat stays where it is.
    Whatever is decided, each of these rules that holds adds to it.
    1. The rule on line 1. Adds to any decision when the message contains “refund”. tag “refund”.
    “One of” a group, when a chat is moved, is a member who is online and has room; failing that, one who is online; never another.
    The rules are numbered as they stand in the file.
    ");
    Rules::new().file("default.rules", text).run("graph --format dot").prints("s0 -> e0\n");
    Rules::new().file("default.rules", text).run("graph --format mermaid").prints("s0 --> e0");
}

#[test]
fn lists_in_lists_of_the_same_kind_are_one_list() {
    let text = "when has_owner and not (new_customer or (any_online or owner_away)) and (message is image or \
        (message is video or not (message is audio and owner_online))): assign nobody\n\
        when not (has_owner and owner_online): assign nobody\n";
    let said = read_aloud(Rules::new().file("default.rules", text), "");
    let conditions: Vec<&str> = said.lines().filter(|line| line.contains("Takes a message when")).collect();
    insta::assert_snapshot!(conditions.join("\n"), @r"
    1. The rule on line 1. Takes a message when a user of the inbox owns the customer and the customer has written to this inbox before and nobody is online and the customer has no owner who is away and at least one of these holds: the message is a picture or the message is a video or the message is not a voice message or another sound or the customer has no owner who is online. Nobody: the chat does not wait.
    2. The rule on line 2. Takes a message when at least one of these holds: no user of the inbox owns the customer or the customer has no owner who is online. Nobody: the chat does not wait.
    ");
}

#[test]
fn a_picture_is_called_after_its_numbers_or_its_file() {
    let title = |inbox: &str, file: &str| {
        let svg = Rules::empty()
            .file("inbox.toml", inbox)
            .file(file, "otherwise: assign nobody\n")
            .run(&format!("graph rules/{file}"))
            .exits_with(0)
            .stdout();
        let title = svg.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next()).unwrap();
        let below =
            svg.split("<text class=\"m\"").nth(1).and_then(|rest| rest.split(['>', '<']).nth(1)).unwrap();
        format!("{title} / {}", below.replace(" · the times are those of UTC", ""))
    };
    assert_eq!(title("", "+15550100.rules"), "+15550100 / +15550100.rules");
    let named = "[numbers.\"+15550100\"]\nname = \"Store\"\n";
    assert_eq!(title(named, "+15550100.rules"), "Store / +15550100 · +15550100.rules");
    assert_eq!(title("", "default.rules"), "Every other number / default.rules");
    assert_eq!(title("", "store.rules"), "store.rules / the times are those of UTC");
    let shared = |count: usize| {
        let number = |at| format!("[numbers.\"+1555010{at}\"]\nrules = \"store.rules\"\n");
        title(&(0..count).map(number).collect::<String>(), "store.rules")
    };
    assert_eq!(shared(2), "+15550100 and +15550101 / store.rules");
    assert_eq!(shared(5), "+15550100, +15550101, +15550102 and 2 more / store.rules");
}

#[test]
fn a_long_word_is_cut_and_not_left_out() {
    let word = "Wissenschaftskommunikation".repeat(5);
    let text = format!("otherwise: assign nobody, tag \"{word}\"\n");
    Rules::new()
        .file("default.rules", text)
        .run("graph")
        .exits_with(0)
        .prints("tag “Wissenschaftskommunikation");
}

#[test]
fn texts_are_quoted_for_each_format() {
    let text = r#"when message contains "\"]\\l; #35 | {x} --> %% <script>alert(1)</script>": assign owner, reply "a\"\\\nb"
otherwise: assign owner
"#;
    let rules = Rules::new().file("default.rules", text);
    let run = rules.run("graph --format dot").exits_with(0);
    let dot = run.stdout();
    // Outside of quoted texts there is only what is drawn.
    let mut outside = String::new();
    let (mut is_quoted, mut characters) = (false, dot.chars());
    while let Some(character) = characters.next() {
        match character {
            '\\' if is_quoted => drop(characters.next()),
            '"' => is_quoted = !is_quoted,
            _ if !is_quoted => outside.push(character),
            _ => assert_ne!(character, '\n', "a quoted text has one line"),
        }
    }
    assert!(!is_quoted && !outside.contains("script") && !outside.contains("%%"), "{outside}");
    assert_eq!(outside.matches(['{', '[']).count(), outside.matches(['}', ']']).count());
    let run = run.rules.run("graph --format mermaid").exits_with(0);
    for line in run.stdout().lines().filter(|line| line.trim_start().starts_with('r')) {
        assert_eq!(line.matches('"').count() % 2, 0, "{line}");
        assert!(!line.contains("<script"), "{line}");
    }
    run.rules.run("graph").exits_with(0).prints("&lt;script&gt;").prints_no("<script");
}
