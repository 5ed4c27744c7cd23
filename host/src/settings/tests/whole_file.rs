//! Whole files: all settings, defaults, and what cannot be read.

use insta::assert_snapshot;
use proptest::prelude::*;
use secrecy::ExposeSecret;

use super::sample::{findings, read};
use crate::settings::ProxySettings;
use crate::settings::host_settings::{AccountSettings, GateMode, HostSettings, RulesSource, UnknownSend};

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
    let token = &settings.tokens.iter().next().unwrap().principal;
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
    assert_eq!(
        (settings.seed, settings.rules, settings.gate),
        (255, Some(RulesSource::Store), GateMode::Diff)
    );
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

    error: secret-in-file

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

/// However a secret is written, nothing shows it.
#[test]
fn secrets_are_not_shown() {
    for text in [
        "[whatsapp.main]\naccess_token = \"hush\"",
        "[whatsapp.main]\naccess_token = hush",
        "[whatsapp.main]\naccess_token: hush",
        "[whatsapp.main]\naccess_token = 'hush",
        "[whatsapp.main]\naccess_token hush",
        "[whatsapp.main]\n\"access_token\" hush",
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

/// A line that something may be wrong with.
fn noise() -> impl Strategy<Value = String> {
    let lines = [
        "",
        "[whatsapp.main]",
        "[[tokens]]",
        "[chats",
        "version = \"25\"",
        "x = \"\"\"",
        "numbers = [",
        "]",
        "a = 'b",
        "gate: \"off\"",
        "unknown = {",
        "}",
        "app_secrets = [{ env = \"A\" },",
        "# a comment",
        "listen = 1",
    ];
    prop::collection::vec(prop::sample::select(lines.to_vec()), 0..4).prop_map(|lines| lines.join("\n"))
}

proptest! {
    /// Whatever stands around a secret, and however it is written, no finding shows it.
    #[test]
    fn no_finding_shows_a_secret(
        before in noise(),
        key in prop::sample::select(vec!["access_token", "verify_token", "app_secrets", "\"token\"", "  sha256", "app_secret", "whatsapp_token"]),
        equals in prop::sample::select(vec!["=", " = ", ": ", " "]),
        open in prop::sample::select(vec!["", "\"", "'", "[\"", "[", "[\n  \"", "{ value = \"", "[{ env = \"A\" }, \"", "\"\"\"\n"]),
        close in prop::sample::select(vec!["", "\"", "'", "\"]", "]", "\",\n]", "\" }", " # no", "\"\"\""]),
        after in noise(),
    ) {
        let text = format!("{before}\n{key}{equals}{open}hush{close}\n{after}\n");
        let shown = findings(&text);
        prop_assert!(!shown.contains("hush"), "{text}\n{shown}");
    }

    #[test]
    fn no_text_panics(text in "([a-z_]{1,12} ?[=:] ?|\\[whatsapp\\.main\\]|\\[\\[tokens\\]\\]|\"|'|[\\[\\]{},=#\n é-]|access_token = |store = |env = |\"x\"|12){0,40}") {
        findings(&text);
    }
}

/// The settings of the manual are all that there are, with their defaults.
#[test]
fn the_settings_of_the_manual() {
    let manual = include_str!("../../../../docs/host.md");
    let (_, block) = manual.split_once("```toml\nlisten").unwrap();
    let block = format!("listen{}", block.split_once("```").unwrap().0);
    let block = block.replace("sha256 = \"…\"", &format!("sha256 = \"{}\"", "0".repeat(64)));
    let (settings, shown) = read(&block);
    assert_eq!(shown, "");
    assert_eq!(settings.rules, Some(HostSettings::default().rules_source()));
    let defaults = HostSettings {
        rules: settings.rules,
        whatsapp: settings.whatsapp.clone(),
        tokens: settings.tokens.clone(),
        proxy: settings.proxy.clone(),
        ..HostSettings::default()
    };
    assert_eq!(format!("{settings:?}"), format!("{defaults:?}"));
    let AccountSettings { app_secrets, verify_token, access_token, .. } = settings.whatsapp["main"].clone();
    let account = AccountSettings { app_secrets, verify_token, access_token, ..AccountSettings::default() };
    assert_eq!(format!("{:?}", settings.whatsapp["main"]), format!("{account:?}"));
    let proxy = settings.proxy.unwrap();
    let defaults = ProxySettings::default();
    assert_eq!((proxy.secret_header, proxy.from), (defaults.secret_header, defaults.from));
    assert_eq!((proxy.inbox, proxy.can), (defaults.inbox, defaults.can));
    let keys = crate::settings::parse::KEYS.iter().chain(&crate::settings::account::ACCOUNT_KEYS);
    for key in keys.chain(&crate::settings::proxy_entry::PROXY_KEYS) {
        assert!(block.contains(key), "{key}");
    }
}
