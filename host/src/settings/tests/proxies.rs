//! `[proxy]`: what it says, and mistakes in it.

use insta::assert_snapshot;

use super::sample::{findings, read};
use crate::settings::{Can, Grantee};

#[test]
fn a_proxy_needs_two_lines() {
    let (settings, shown) =
        read("[proxy]\nuser_header = \"Remote-User\"\nsecrets = [{ file = \"proxy-secret\" }]\n");
    assert_eq!(shown, "");
    let proxy = settings.proxy.unwrap();
    assert_eq!((&*proxy.user_header, &*proxy.secret_header), ("Remote-User", "X-Proxy-Secret"));
    assert!(proxy.is_from("127.0.0.1".parse().unwrap()) && !proxy.is_from("10.0.0.1".parse().unwrap()));
    assert_eq!((&*proxy.inbox, &*proxy.can, proxy.grants.len()), ("*", &[Can::Read][..], 0));
}

#[test]
fn a_whole_proxy() {
    let (settings, shown) = read(
        r#"
[proxy]
user_header = "X-Forwarded-Email"
groups_header = "X-Forwarded-Groups"
secret_header = "X-Inbox-Secret"
secrets = [{ file = "proxy-secret" }]
from = ["10.0.0.0/8", "fd00::1"]
log_out = "https://login.example.com/out"
can = []
[[proxy.grants]]
user = "mona@example.com"
can = ["read", "rules"]
[[proxy.grants]]
group = "role:lead agents"
inbox = "shop"
can = ["chats"]
"#,
    );
    assert_eq!(shown, "");
    let proxy = settings.proxy.unwrap();
    let grants: Vec<_> =
        proxy.grants.iter().map(|grant| (&grant.to, &*grant.inbox, grant.can.len())).collect();
    let [mona, leads] =
        [Grantee::User("mona@example.com".to_owned()), Grantee::Group("role:lead agents".to_owned())];
    assert_eq!(grants, [(&mona, "*", 2), (&leads, "shop", 1)]);
    assert!(proxy.can.is_empty() && proxy.is_from("10.1.2.3".parse().unwrap()));
}

#[test]
fn half_a_proxy() {
    assert_snapshot!(findings("[proxy]\ngroups_header = \"X-Groups\"\n"), @r#"
    error: missing-setting

      × `[proxy]` has no `user_header`, so it is not known who is logged in
       ╭─[host.toml:1:2]
     1 │ [proxy]
       ·  ─────
     2 │ groups_header = "X-Groups"
       ╰────

    error: missing-setting

      × `[proxy]` has no `secrets`, so every program of this machine could name anybody
       ╭─[host.toml:1:2]
     1 │ [proxy]
       ·  ─────
     2 │ groups_header = "X-Groups"
       ╰────
    "#);
    assert_snapshot!(findings("[proxy]\nuser_header = \"X-User\"\nsecrets = [{ file = \"short\" }]\nfrom = []\n"), @r#"
    error: invalid-number

      × a secret of the proxy must have at least 32 characters
       ╭─[host.toml:3:11]
     2 │ user_header = "X-User"
     3 │ secrets = [{ file = "short" }]
       ·           ────────────────────
     4 │ from = []
       ╰────
      help: `openssl rand -hex 32` makes one

    error: missing-setting

      × `from` is empty, so the proxy is nowhere
       ╭─[host.toml:4:8]
     3 │ secrets = [{ file = "short" }]
     4 │ from = []
       ·        ──
       ╰────
      help: write its address, as in `from = ["127.0.0.1"]`, or leave `from` out
    "#);
    assert_snapshot!(
        findings("[proxy]\nuser_header = \"X-Proxy-Secret\"\nsecrets = []\n[[proxy.grants]]\ngroup = \"leads\"\ncan = []\n"), @r#"
        error: duplicate-name

          × the header with the secret is `X-Proxy-Secret` already
           ╭─[host.toml:2:15]
         1 │ [proxy]
         2 │ user_header = "X-Proxy-Secret"
           ·               ────────────────
         3 │ secrets = []
           ╰────
          help: write another name as `secret_header`, or another one here

        error: missing-setting

          × `secrets` is empty, so every program of this machine could name anybody
           ╭─[host.toml:3:11]
         2 │ user_header = "X-Proxy-Secret"
         3 │ secrets = []
           ·           ──
         4 │ [[proxy.grants]]
           ╰────

        error: missing-setting

          × `[proxy]` has no `groups_header`, so nobody is in a group
           ╭─[host.toml:5:9]
         4 │ [[proxy.grants]]
         5 │ group = "leads"
           ·         ───────
         6 │ can = []
           ╰────
        "#
    );
}

#[test]
fn mistakes_in_a_proxy() {
    assert_snapshot!(findings(
        r#"
[proxy]
user_header = "Cookie"
groups_header = "X-User"
secret_header = "x-user"
secrets = "hush"
from = ["localhost", "0.0.0.0/0"]
log_out = "//evil.example"
users = ["mona"]
"#
    ), @r#"
    error: unknown-value

      × `user_header` should be the name of a header that only the proxy sets
       ╭─[host.toml:3:15]
     2 │ [proxy]
     3 │ user_header = "Cookie"
       ·               ────────
     4 │ groups_header = "X-User"
       ╰────
      help: write one as `X-Forwarded-User` or `Remote-User`, with letters, digits and `-`

    error: duplicate-name

      × two headers are called `x-user`
       ╭─[host.toml:5:17]
     3 │ user_header = "Cookie"
     4 │ groups_header = "X-User"
       ·                 ────┬───
       ·                     ╰── the first one is here
     5 │ secret_header = "x-user"
       ·                 ────────
     6 │ secrets = ******
       ╰────

    error: secret-in-file

      × a secret must not be in this file
       ╭─[host.toml:6:11]
     5 │ secret_header = "x-user"
     6 │ secrets = ******
       ·           ──────
     7 │ from = ["localhost", "0.0.0.0/0"]
       ╰────
      help: write where it is, as `{ env = "NAME" }` or `{ file = "PATH" }`; if others can read this
            file, change the secret

    error: unknown-value

      × `from` should be a list of addresses
       ╭─[host.toml:7:9]
     6 │ secrets = ******
     7 │ from = ["localhost", "0.0.0.0/0"]
       ·         ───────────
     8 │ log_out = "//evil.example"
       ╰────
      help: write an IP address as `127.0.0.1`, or a network as `10.0.0.0/8`

    error: unknown-value

      × `from` should be a list of addresses
       ╭─[host.toml:7:22]
     6 │ secrets = ******
     7 │ from = ["localhost", "0.0.0.0/0"]
       ·                      ───────────
     8 │ log_out = "//evil.example"
       ╰────
      help: name the addresses that the proxy has: this is every address

    error: unknown-value

      × `log_out` should be where a browser logs out
       ╭─[host.toml:8:11]
     7 │ from = ["localhost", "0.0.0.0/0"]
     8 │ log_out = "//evil.example"
       ·           ────────────────
     9 │ users = ["mona"]
       ╰────
      help: write a path as `/oauth2/sign_out`, or an address that begins with `https://`

    error: syntax

      × `[proxy]` has no `users`
       ╭─[host.toml:9:1]
     8 │ log_out = "//evil.example"
     9 │ users = ["mona"]
       · ─────
       ╰────
      help: it can have `user_header`, `groups_header`, `secret_header`, `secrets`, `from`, `log_out`,
            `inbox`, `can` or `grants`
    "#);
}

#[test]
fn mistakes_in_grants() {
    assert_snapshot!(findings(
        r#"
[proxy]
user_header = "X-User"
secrets = [{ file = "proxy-secret" }]
[[proxy.grants]]
user = "mona ali"
can = ["raed"]
[[proxy.grants]]
user = "a"
inbox = "shpo"
can = []
[[proxy.grants]]
user = "a"
can = []
[[proxy.grants]]
user = "b"
group = "b"
"#
    ), @r#"
    error: unknown-value

      × `user` should be the name of a user
       ╭─[host.toml:6:8]
     5 │ [[proxy.grants]]
     6 │ user = "mona ali"
       ·        ──────────
     7 │ can = ["raed"]
       ╰────
      help: write it as the proxy does: letters, digits and signs, but no spaces, commas, semicolons
            or quotes

    error: unknown-value

      × `can` cannot be `raed`
       ╭─[host.toml:7:8]
     6 │ user = "mona ali"
     7 │ can = ["raed"]
       ·        ──────
     8 │ [[proxy.grants]]
       ╰────
      help: did you mean `read`?
       fix: write `read`

    error: unknown-value

      × no inbox is called `shpo`
        ╭─[host.toml:10:9]
      9 │ user = "a"
     10 │ inbox = "shpo"
        ·         ──────
     11 │ can = []
        ╰────
      help: did you mean `shop`?
       fix: write `shop`

    error: duplicate-name

      × two grants are for the same, and only the first counts
        ╭─[host.toml:9:8]
      8 │ [[proxy.grants]]
      9 │ user = "a"
        ·        ─┬─
        ·         ╰── the first one is here
     10 │ inbox = "shpo"
        ╰────
        ╭─[host.toml:13:8]
     12 │ [[proxy.grants]]
     13 │ user = "a"
        ·        ───
     14 │ can = []
        ╰────

    error: missing-setting

      × a grant is for one `user` or for one `group`
        ╭─[host.toml:15:1]
     14 │ can = []
     15 │ [[proxy.grants]]
        · ────────────────
     16 │ user = "b"
        ╰────

    error: missing-setting

      × this grant has no `can`
        ╭─[host.toml:15:1]
     14 │ can = []
     15 │ [[proxy.grants]]
        · ────────────────
     16 │ user = "b"
        ╰────
      help: write what is allowed, as in `can = ["read"]`
    "#);
}
