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

#[test]
fn dot() {
    insta::assert_snapshot!(drawn("dot"), @r##"
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
      a3 [label="The owner of the customer\lelse, or if nobody has answered within 5 minutes:\lBob, only who is online and has room\lelse\lOne of Sales, whoever is least full for their capacity, only\lwho is online, with the skill “en” or “fr” and the customer's\l“language” as a skill\lIf nobody can be chosen, it waits in the queue of Sales.\lReply, once per 12 hours:\l  Hello {customer.name or there}!\lReply, after 15 minutes without an answer:\l  Still there?\l" fillcolor="#eef6ff"]
      { rank=same r3 -> a3 [label="yes"] }
      s0 -> r3
      r4 [label="4. gold\lTakes a message when\lthe customer's “plan” is “gold”\l"]
      a4 [label="Nobody, and the chat does not wait\l" fillcolor="#eef6ff"]
      { rank=same r4 -> a4 [label="yes"] }
      r3 -> r4 [label="no"]
      r5 [label="5. closed, أهلا & <b>\lTakes a message when\lthe message comes outside “office”\l"]
      a5 [label="Waits until somebody in Sales takes it\l" fillcolor="#eef6ff"]
      { rank=same r5 -> a5 [label="yes"] }
      r4 -> r5 [label="no"]
      e0 [label="No rule takes it: nobody gets the chat" fillcolor="#fff4d6"]
      r5 -> e0 [label="no"]
      s1 [label="A message comes into an open chat: the first rule that takes it moves the chat" fillcolor="#fff4d6"]
      r2 [label="2. a human\lMoves an open chat when\lthe message contains “human”\land “Bob” does not have the chat\l"]
      a2 [label="One of Support, whoever has the fewest open chats,\lexcept the owner\lIf nobody can be chosen, the chat stays where it is.\l" fillcolor="#eef6ff"]
      { rank=same r2 -> a2 [label="yes"] }
      s1 -> r2
      e1 [label="No rule moves it: the chat stays with whoever has it" fillcolor="#fff4d6"]
      r2 -> e1 [label="no"]
      s2 [label="Whatever is decided, each of these rules that holds adds to it" fillcolor="#fff4d6"]
      r1 [label="1. refund\lAdds to any decision when\lthe message contains “refund” or “money \"back\"”\l"]
      a1 [label="tag “refund”, priority high\l" fillcolor="#eef6ff"]
      { rank=same r1 -> a1 [label="adds"] }
      s2 -> r1 [style=invis]
    }
    "##);
}

#[test]
fn mermaid() {
    insta::assert_snapshot!(drawn("mermaid"), @r##"
    flowchart TB
      accTitle: +15550100 +15550100.rules · the times are those of UTC
      s0(["A message comes, and no chat is open: the first rule that takes it decides"]):::start
      s0 --> r3
      r3["3. vip<br/>Takes a message when<br/>“vip” holds<br/>and at least one of these holds:<br/>   the message comes during “office”<br/>   or nobody is online"]:::rule
      r3 -->|yes| a3["The owner of the customer<br/>else, or if nobody has answered within 5 minutes:<br/>Bob, only who is online and has room<br/>else<br/>One of Sales, whoever is least full for their capacity, only<br/>who is online, with the skill “en” or “fr” and the customer's<br/>“language” as a skill<br/>If nobody can be chosen, it waits in the queue of Sales.<br/>Reply, once per 12 hours:<br/>  Hello #123;customer.name or there#125;!<br/>Reply, after 15 minutes without an answer:<br/>  Still there?"]:::outcome
      r3 -->|no| r4
      r4["4. gold<br/>Takes a message when<br/>the customer's “plan” is “gold”"]:::rule
      r4 -->|yes| a4["Nobody, and the chat does not wait"]:::outcome
      r4 -->|no| r5
      r5["5. closed, أهلا #38; #60;b#62;<br/>Takes a message when<br/>the message comes outside “office”"]:::rule
      r5 -->|yes| a5["Waits until somebody in Sales takes it"]:::outcome
      r5 -->|no| e0(["No rule takes it: nobody gets the chat"]):::start
      s1(["A message comes into an open chat: the first rule that takes it moves the chat"]):::start
      s1 --> r2
      r2["2. a human<br/>Moves an open chat when<br/>the message contains “human”<br/>and “Bob” does not have the chat"]:::rule
      r2 -->|yes| a2["One of Support, whoever has the fewest open chats,<br/>except the owner<br/>If nobody can be chosen, the chat stays where it is."]:::outcome
      r2 -->|no| e1(["No rule moves it: the chat stays with whoever has it"]):::start
      s2(["Whatever is decided, each of these rules that holds adds to it"]):::start
      s2 ~~~ r1
      r1["1. refund<br/>Adds to any decision when<br/>the message contains “refund” or “money #quot;back#quot;”"]:::rule
      r1 -. adds .-> a1["tag “refund”, priority high"]:::outcome
      classDef start fill:#fff4d6,stroke:#e0c068,color:#1f2328
      classDef rule fill:#f6f8fa,stroke:#8c959f,color:#1f2328,text-align:left
      classDef outcome fill:#eef6ff,stroke:#a9cdf5,color:#1f2328,text-align:left
      classDef unreached fill:#ffffff,stroke:#8c959f,color:#6b747d,stroke-dasharray:5 4,text-align:left
    "##);
}

#[test]
fn the_svg_is_read_aloud() {
    let svg = drawn("svg");
    let description = svg.split("<desc>").nth(1).and_then(|rest| rest.split("</desc>").next());
    insta::assert_snapshot!(description.unwrap(), @r##"
    A message comes, and no chat is open: the first rule that takes it decides.
    3. vip. Takes a message when “vip” holds and at least one of these holds: the message comes during “office” or nobody is online. The owner of the customer. else, or if nobody has answered within 5 minutes: Bob, only who is online and has room. else One of Sales, whoever is least full for their capacity, only who is online, with the skill “en” or “fr” and the customer's “language” as a skill. If nobody can be chosen, it waits in the queue of Sales. Reply, once per 12 hours: “Hello {customer.name or there}!” Reply, after 15 minutes without an answer: “Still there?”
    4. gold. Takes a message when the customer's “plan” is “gold”. Nobody, and the chat does not wait.
    5. closed, أهلا &amp; &lt;b&gt;. Takes a message when the message comes outside “office”. Waits until somebody in Sales takes it.
    No rule takes it: nobody gets the chat.
    A message comes into an open chat: the first rule that takes it moves the chat.
    2. a human. Moves an open chat when the message contains “human” and “Bob” does not have the chat. One of Support, whoever has the fewest open chats, except the owner. If nobody can be chosen, the chat stays where it is.
    No rule moves it: the chat stays with whoever has it.
    Whatever is decided, each of these rules that holds adds to it.
    1. refund. Adds to any decision when the message contains “refund” or “money &quot;back&quot;”. tag “refund”, priority high.
    office: from Monday to Friday between 09:00 and 17:00.
    vip: at least one of these holds: the customer's “plan” is “gold” or the customer has the tag “vip”.
    “One of” a group: of those who are online and have room; if there are none, of those online; if there are none either, of all. A chat that is moved never goes to somebody who is not online.
    "##);
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
    let run = rules.run("graph").exits_with(0).prints("Never reached: no message can come to this rule.");
    run.rules.run("graph --format dot").exits_with(0).prints("style=\"rounded,dashed\"");
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
