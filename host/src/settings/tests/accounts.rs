//! Accounts and tokens with mistakes.

use insta::assert_snapshot;

use super::sample::findings;

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

    error: secret-in-file

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
    warning: missing-setting

      ⚠ the account `main` has no `verify_token`, so its address cannot be registered at Meta
       ╭─[host.toml:2:11]
     1 │ 
     2 │ [whatsapp.main]
       ·           ────
     3 │ app_secrets = { env = "A" }
       ╰────

    warning: missing-setting

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
    error: invalid-number

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

    error: missing-setting

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
