//! `host.toml` as people write it, and what they read when it is wrong.

use std::sync::Arc;

use inbox_rules::diagnostic::human::Style;
use inbox_rules::diagnostic::{Sources, human};
use inbox_rules::text::Source;
use insta::assert_snapshot;
use proptest::prelude::*;
use secrecy::ExposeSecret;

use super::host_settings::{GateMode, HostSettings, RulesSource, UnknownSend};
use super::mask::{masked, secret_values};
use super::parse::parse;
use super::secret::SecretPlace;

const STYLE: Style = Style { colour: false, width: 100, unicode: true };

fn read(text: &str) -> (HostSettings, String) {
    let source = Source::new("host.toml", text);
    let inboxes: [Arc<str>; 2] = ["main".into(), "shop".into()];
    let (settings, findings) = parse(&source, &inboxes, &|place| match place {
        SecretPlace::Variable(name) if name.starts_with("NO") => {
            Err(format!("the environment has no variable `{name}`"))
        }
        SecretPlace::Variable(name) => Ok(format!("of {name}").into()),
        SecretPlace::File(path) => Ok(format!("in {path}").into()),
    });
    let sources = Sources::from_iter([masked(&source, &secret_values(text))]);
    (settings, human::render(&findings, &sources, STYLE))
}

fn findings(text: &str) -> String {
    read(text).1
}

#[test]
fn nothing_is_the_default() {
    let (settings, shown) = read("");
    assert_eq!(shown, "");
    assert_eq!(format!("{settings:?}"), format!("{:?}", HostSettings::default()));
}

/// The block of the reference.
#[test]
fn all_settings() {
    let hash = "0123456789abcdef".repeat(4);
    let text = format!(
        r#"
listen = "127.0.0.1:8080"
admin = "127.0.0.1:9090"
store = "sqlite:inbox.db"
seed = 0
rules = "folder"
gate = "off"
[chats]
close_after = "12h"
reply_within = "1h"
[keep]
messages = "10d"
texts = "30d"
events = "400d"
[whatsapp.main]
app_secrets = [{{ env = "APP_SECRET" }}]
verify_token = {{ env = "VERIFY_TOKEN" }}
access_token = {{ file = "token" }}
base_url = "https://graph.facebook.com"
version = "v25.0"
numbers = []
per_second = 80
unknown_after = "120s"
ghost_wait = "5s"
[[tokens]]
name = "crm"
sha256 = "{hash}"
inbox = "*"
can = ["read", "messages", "users", "chats", "customers", "rules"]
"#
    );
    let (settings, shown) = read(&text);
    assert_eq!(shown, "");
    let defaults = HostSettings::default();
    assert_eq!((settings.chats, settings.keep), (defaults.chats, defaults.keep));
    let account = &settings.whatsapp["main"];
    let secret = |secret: &secrecy::SecretString| secret.expose_secret().to_owned();
    assert_eq!(account.app_secrets.iter().map(secret).collect::<Vec<_>>(), ["of APP_SECRET"]);
    assert_eq!(account.access_token.as_ref().map(secret).as_deref(), Some("in token"));
    let token = settings.tokens.iter().next().unwrap();
    assert_eq!((&*token.name, &*token.inbox, token.can.len()), ("crm", "*", 6));
}

#[test]
fn other_values_than_the_defaults() {
    let (settings, shown) = read(
        r#"
listen = "[::]:80"
seed = 0xff
rules = "store"
gate = "diff"
[whatsapp.main]
app_secrets = [{ env = "NEW" }, { env = "OLD" }]
verify_token = { file = "v" }
access_token = { file = "t" }
base_url = "http://127.0.0.1:9000/"
unknown = "hold"
ghost_wait = "0s"
[whatsapp.two]
app_secrets = [{ env = "TWO" }]
verify_token = { file = "v" }
access_token = { file = "t" }
numbers = ["106540352242922"]
"#,
    );
    assert_eq!(shown, "");
    assert_eq!(settings.listen.to_string(), "[::]:80");
    assert_eq!((settings.seed, settings.rules, settings.gate), (255, RulesSource::Store, GateMode::Diff));
    let account = &settings.whatsapp["main"];
    assert_eq!((&*account.base_url, account.unknown), ("http://127.0.0.1:9000", UnknownSend::Hold));
    let of = |id: &str| settings.account_of(id).map(|(name, _)| name.to_string());
    assert_eq!((of("106540352242922").as_deref(), of("1").as_deref()), (Some("two"), Some("main")));
}

#[test]
fn each_mistake_is_a_finding() {
    assert_snapshot!(findings(
        r#"
listen = ":8080"
gates = "diff"
[chats]
close_after = "12 hours"
[keep]
messages = "7d"
[whatsapp.main]
app_secrets = [{ env = "NO_SECRET" }]
verify_token = "hush"
access_token = { file = "token" }
"#
    ), @r#"
    error: unknown-value

      × `listen` should be an IP address and a port
       ╭─[host.toml:2:10]
     1 │ 
     2 │ listen = ":8080"
       ·          ───────
     3 │ gates = "diff"
       ╰────
      help: write `127.0.0.1:8080` for this machine alone, or `0.0.0.0:8080` for all networks

    error: syntax

      × host.toml has no `gates`
       ╭─[host.toml:3:1]
     2 │ listen = ":8080"
     3 │ gates = "diff"
       · ─────
     4 │ [chats]
       ╰────
      help: did you mean `gate`?
       fix: write `gate`

    error: invalid-number

      × `12 hours` is not a length of time
       ╭─[host.toml:5:15]
     4 │ [chats]
     5 │ close_after = "12 hours"
       ·               ──────────
     6 │ [keep]
       ╰────
      help: write a whole number and `s`, `m`, `h` or `d`, as in `close_after = "12h"`

    error: invalid-number

      × `messages` must be at least 8d, but this is `7d`
       ╭─[host.toml:7:12]
     6 │ [keep]
     7 │ messages = "7d"
       ·            ────
     8 │ [whatsapp.main]
       ╰────

    error: unknown-value

      × the environment has no variable `NO_SECRET`
        ╭─[host.toml:9:16]
      8 │ [whatsapp.main]
      9 │ app_secrets = [{ env = "NO_SECRET" }]
        ·                ─────────────────────
     10 │ verify_token = ******
        ╰────

    error: type-mismatch

      × a secret must not be in this file
        ╭─[host.toml:10:16]
      9 │ app_secrets = [{ env = "NO_SECRET" }]
     10 │ verify_token = ******
        ·                ──────
     11 │ access_token = { file = "token" }
        ╰────
      help: write where it is, as `{ env = "NAME" }` or `{ file = "PATH" }`; if others can read this
            file, change the secret
    "#);
}

#[test]
fn tokens() {
    assert_snapshot!(findings(
        r#"
[[tokens]]
name = "crm"
sha256 = "hush-hush"
inbox = "shpo"
can = ["read", "mesages"]
[[tokens]]
name = "page"
token = "hush"
can = "read"
[tokens.three]
"#
    ), @r#"
    error: unknown-value

      × `sha256` should be the SHA-256 of the token, 64 hexadecimal digits
       ╭─[host.toml:4:10]
     3 │ name = "crm"
     4 │ sha256 = ***********
       ·          ───────────
     5 │ inbox = "shpo"
       ╰────
      help: `inbox-host token` makes a token and prints its SHA-256

    error: unknown-value

      × no inbox is called `shpo`
       ╭─[host.toml:5:9]
     4 │ sha256 = ***********
     5 │ inbox = "shpo"
       ·         ──────
     6 │ can = ["read", "mesages"]
       ╰────
      help: did you mean `shop`?
       fix: write `shop`

    error: unknown-value

      × `can` cannot be `mesages`
       ╭─[host.toml:6:16]
     5 │ inbox = "shpo"
     6 │ can = ["read", "mesages"]
       ·                ─────────
     7 │ [[tokens]]
       ╰────
      help: did you mean `messages`?
       fix: write `messages`

    error: syntax

      × a token must not be in this file
        ╭─[host.toml:9:1]
      8 │ name = "page"
      9 │ token = ******
        · ─────
     10 │ can = "read"
        ╰────
      help: write its SHA-256, which `inbox-host token` prints with a new token

    error: type-mismatch

      × `can` should be a list, but this is a text
        ╭─[host.toml:10:7]
      9 │ token = ******
     10 │ can = "read"
        ·       ──────
     11 │ [tokens.three]
        ╰────
      help: write it as `can = ["read"]`
       fix: write `["read"]`

    error: syntax

      × a token has no `three`
        ╭─[host.toml:11:9]
     10 │ can = "read"
     11 │ [tokens.three]
        ·         ─────
        ╰────
      help: it can have `name`, `sha256`, `inbox` or `can`
    "#);
    let token = format!("[[tokens]]\nname = \"a\"\nsha256 = \"{}\"\ncan = []\n", "0".repeat(64));
    assert_snapshot!(findings(&format!("{token}{token}")), @r#"
    error: duplicate-name

      × two tokens have the same name
       ╭─[host.toml:2:8]
     1 │ [[tokens]]
     2 │ name = "a"
       ·        ─┬─
       ·         ╰── the first one is here
     3 │ sha256 = ******************************************************************
       ╰────
       ╭─[host.toml:6:8]
     5 │ [[tokens]]
     6 │ name = "a"
       ·        ───
     7 │ sha256 = ******************************************************************
       ╰────
    "#);
}

#[test]
fn accounts() {
    assert_snapshot!(findings(
        r#"
[whatsapp.main]
app_secrets = { env = "A" }
base_url = "graph.facebook.com"
version = "25"
"#), @r#"
    warning: syntax

      ⚠ the account `main` has no `verify_token`, so its address cannot be registered at Meta
       ╭─[host.toml:2:11]
     1 │ 
     2 │ [whatsapp.main]
       ·           ────
     3 │ app_secrets = { env = "A" }
       ╰────

    warning: syntax

      ⚠ the account `main` has no `access_token`, so no reply can be sent
       ╭─[host.toml:2:11]
     1 │ 
     2 │ [whatsapp.main]
       ·           ────
     3 │ app_secrets = { env = "A" }
       ╰────

    error: type-mismatch

      × `app_secrets` should be a list, but this is a section
       ╭─[host.toml:3:15]
     2 │ [whatsapp.main]
     3 │ app_secrets = { env = "A" }
       ·               ─────────────
     4 │ base_url = "graph.facebook.com"
       ╰────
      help: write it as `app_secrets = [{ env = "APP_SECRET" }]`

    error: unknown-value

      × `base_url` should be an address
       ╭─[host.toml:4:12]
     3 │ app_secrets = { env = "A" }
     4 │ base_url = "graph.facebook.com"
       ·            ────────────────────
     5 │ version = "25"
       ╰────
      help: write it as `https://graph.facebook.com`

    error: unknown-value

      × `version` should be a version of the Graph API
       ╭─[host.toml:5:11]
     4 │ base_url = "graph.facebook.com"
     5 │ version = "25"
       ·           ────
       ╰────
      help: write it as `v25.0`
    "#);
}

#[test]
fn more_accounts() {
    assert_snapshot!(findings(
        r#"
[whatsapp.main]
app_secrets = [{ env = "A" }, { env = "B" }, { env = "C" }]
verify_token = { env = "A" }
access_token = { env = "A" }
[whatsapp.Other]
app_secrets = []
verify_token = {}
access_token = { env = "A", file = "b" }
unknown = "hld"
per_second = 0
"#
    ), @r#"
    error: syntax

      × there can be only two `app_secrets`
       ╭─[host.toml:3:46]
     2 │ [whatsapp.main]
     3 │ app_secrets = [{ env = "A" }, { env = "B" }, { env = "C" }]
       ·                                              ─────────────
     4 │ verify_token = { env = "A" }
       ╰────
      help: keep the one in use, and the one that replaces it

    error: unknown-value

      × `Other` cannot be the name of an account
       ╭─[host.toml:6:11]
     5 │ access_token = { env = "A" }
     6 │ [whatsapp.Other]
       ·           ─────
     7 │ app_secrets = []
       ╰────
      help: it is part of an address, so it can have a to z, digits, `-` and `_`

    error: duplicate-name

      × two accounts are for all numbers that no other account lists
       ╭─[host.toml:2:11]
     1 │ 
     2 │ [whatsapp.main]
       ·           ──┬─
       ·             ╰── the first one is here
     3 │ app_secrets = [{ env = "A" }, { env = "B" }, { env = "C" }]
       ╰────
       ╭─[host.toml:6:11]
     5 │ access_token = { env = "A" }
     6 │ [whatsapp.Other]
       ·           ─────
     7 │ app_secrets = []
       ╰────
      help: write `numbers = ["106540352242922"]` in one of them, with its phone_number_ids

    error: syntax

      × `app_secrets` is empty, so no message of WhatsApp can be trusted
       ╭─[host.toml:7:15]
     6 │ [whatsapp.Other]
     7 │ app_secrets = []
       ·               ──
     8 │ verify_token = {}
       ╰────

    error: type-mismatch

      × a secret is in one place
       ╭─[host.toml:8:16]
     7 │ app_secrets = []
     8 │ verify_token = {}
       ·                ──
     9 │ access_token = { env = "A", file = "b" }
       ╰────
      help: write it as `{ env = "NAME" }` or `{ file = "PATH" }`

    error: type-mismatch

      × a secret is in one place
        ╭─[host.toml:9:16]
      8 │ verify_token = {}
      9 │ access_token = { env = "A", file = "b" }
        ·                ─────────────────────────
     10 │ unknown = "hld"
        ╰────
      help: write it as `{ env = "NAME" }` or `{ file = "PATH" }`

    error: unknown-value

      × `unknown` cannot be `hld`
        ╭─[host.toml:10:11]
      9 │ access_token = { env = "A", file = "b" }
     10 │ unknown = "hld"
        ·           ─────
     11 │ per_second = 0
        ╰────
      help: did you mean `hold`?
       fix: write `hold`

    error: invalid-number

      × `per_second` must be a whole number from 1 to 1,000,000
        ╭─[host.toml:11:14]
     10 │ unknown = "hld"
     11 │ per_second = 0
        ·              ─
        ╰────
      help: write it as `per_second = 80`
    "#);
}

/// However a secret is written, nothing shows it.
#[test]
fn secrets_are_not_shown() {
    for text in [
        "[whatsapp.main]\naccess_token = \"hush\"",
        "[whatsapp.main]\naccess_token = hush",
        "[whatsapp.main]\naccess_token: hush",
        "[whatsapp.main]\naccess_token = 'hush",
        "[whatsapp.main]\naccess_token hush",
        "[whatsapp.main]\naccess_token = [\"hush\"]",
        "[whatsapp.main]\naccess_token = { value = \"hush\" }",
        "[whatsapp.main]\napp_secrets = [\n  \"hush\",\n  hush2\n]\nversion = 3",
        "[whatsapp.main]\napp_secrets = \"hush\", \"hush\"",
        "[whatsapp.main]\napp_secrets = [\"hush\", \"hush]",
        "[whatsapp.main]\napp_secret = \"hush\"",
        "[whatsapp]\nmain = { app_secrets = [\"hush\"] }",
        "store = \"postgres://u:hush@db/x\"\nlisten = 3",
        "store = postgres://u:hush@db/x",
        "[[tokens]]\ntoken = \"hush\"",
        "[[tokens]]\nsha256 = hush",
    ] {
        let shown = findings(text);
        assert!(!shown.is_empty() && !shown.contains("hush"), "{text}\n{shown}");
    }
}

#[test]
fn values_without_quotes() {
    assert_snapshot!(findings(
        "listen = 127.0.0.1:8080\nstore = sqlite:inbox.db\n[chats]\nclose_after = 12h\nreply_within = 3600\n[keep]\nlisten = \"x\"\n"
    ), @r#"
    error: syntax

      × `127.0.0.1:8080` needs straight quotes around it
       ╭─[host.toml:1:10]
     1 │ listen = 127.0.0.1:8080
       ·          ──────────────
     2 │ store = sqlite:inbox.db
       ╰────
      help: write `"127.0.0.1:8080"`
       fix: write `"127.0.0.1:8080"`

    error: syntax

      × `sqlite:inbox.db` needs straight quotes around it
       ╭─[host.toml:2:9]
     1 │ listen = 127.0.0.1:8080
     2 │ store = sqlite:inbox.db
       ·         ───────────────
     3 │ [chats]
       ╰────
      help: write `"sqlite:inbox.db"`
       fix: write `"sqlite:inbox.db"`

    error: syntax

      × `12h` needs straight quotes around it
       ╭─[host.toml:4:15]
     3 │ [chats]
     4 │ close_after = 12h
       ·               ───
     5 │ reply_within = 3600
       ╰────
      help: write `"12h"`
       fix: write `"12h"`

    error: type-mismatch

      × `reply_within` should be a text in quotes, but this is a number
       ╭─[host.toml:5:16]
     4 │ close_after = 12h
     5 │ reply_within = 3600
       ·                ────
     6 │ [keep]
       ╰────
      help: write it as `reply_within = "1h"`

    error: syntax

      × `[keep]` has no `listen`
       ╭─[host.toml:7:1]
     6 │ [keep]
     7 │ listen = "x"
       · ──────
       ╰────
      help: move it above the first line in `[ ]`
    "#);
}

proptest! {
    #[test]
    fn no_text_panics(text in "([a-z_]{1,12} ?[=:] ?|\\[whatsapp\\.main\\]|\\[\\[tokens\\]\\]|\"|'|[\\[\\]{},=#\n é-]|access_token = |store = |env = |\"x\"|12){0,40}") {
        findings(&text);
    }
}
