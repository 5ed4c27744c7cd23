//! Arguments, environment, `host.toml`, `--check` and `token`.

use std::fs;
use std::path::Path;
use std::process::Command;

use insta::assert_snapshot;

const INBOX: &str = "[users.alice]\n[users.bob]\n[groups]\nSales = [\"alice\", \"bob\"]\n";
const RULES: &str = "otherwise: assign group \"Sales\" by hand\n";

/// A folder with an inbox in `rules`, and this `host.toml` if it is not empty.
fn setup(settings: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "rules/inbox.toml", INBOX);
    write(folder.path(), "rules/default.rules", RULES);
    if !settings.is_empty() {
        write(folder.path(), "host.toml", settings);
    }
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// The exit code and all that is printed.
fn run(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_inbox-host"));
    for name in ["INBOX_CONFIG", "INBOX_LISTEN", "INBOX_ADMIN", "INBOX_STORE", "INBOX_LOG", "CLICOLOR_FORCE"]
    {
        program.env_remove(name);
    }
    program.current_dir(folder).args(arguments).envs(variables.iter().copied());
    let output = program.output().unwrap();
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    format!("{out}{err}exit {}", output.status.code().unwrap())
}

fn check(settings: &str) -> String {
    run(setup(settings).path(), &["--check"], &[("APP_SECRET", "hush"), ("VERIFY_TOKEN", "hush")])
}

#[test]
fn no_settings_are_needed() {
    assert_snapshot!(check(""), @"
    settings: there is no file `host.toml`, so the defaults are used
    rules of `main`: no findings in 2 files
    exit 0
    ");
}

#[test]
fn a_file_with_five_mistakes() {
    assert_snapshot!(check(
        r#"
listen = "8080"
gate = "dif"
[keep]
messages = "7d"
texts = "a month"
[whatsapp.main]
app_secrets = ["hush"]
"#), @r#"
    error: unknown-value

      × `listen` should be an IP address and a port
       ╭─[host.toml:2:10]
     1 │ 
     2 │ listen = "8080"
       ·          ──────
     3 │ gate = "dif"
       ╰────
      help: write `127.0.0.1:8080` for this machine alone, or `0.0.0.0:8080` for all networks

    error: unknown-value

      × `gate` cannot be `dif`
       ╭─[host.toml:3:8]
     2 │ listen = "8080"
     3 │ gate = "dif"
       ·        ─────
     4 │ [keep]
       ╰────
      help: did you mean `diff`?
       fix: write `diff`

    error: invalid-number

      × `messages` must be at least 8d, but this is `7d`
       ╭─[host.toml:5:12]
     4 │ [keep]
     5 │ messages = "7d"
       ·            ────
     6 │ texts = "a month"
       ╰────

    error: invalid-number

      × `a month` is not a length of time
       ╭─[host.toml:6:9]
     5 │ messages = "7d"
     6 │ texts = "a month"
       ·         ─────────
     7 │ [whatsapp.main]
       ╰────
      help: write a whole number and `s`, `m`, `h` or `d`, as in `texts = "30d"`

    warning: missing-setting

      ⚠ the account `main` has no `verify_token`, so its address cannot be registered at Meta
       ╭─[host.toml:7:11]
     6 │ texts = "a month"
     7 │ [whatsapp.main]
       ·           ────
     8 │ app_secrets = ********
       ╰────

    warning: missing-setting

      ⚠ the account `main` has no `access_token`, so no reply can be sent
       ╭─[host.toml:7:11]
     6 │ texts = "a month"
     7 │ [whatsapp.main]
       ·           ────
     8 │ app_secrets = ********
       ╰────

    error: secret-in-file

      × a secret must not be in this file
       ╭─[host.toml:8:16]
     7 │ [whatsapp.main]
     8 │ app_secrets = ********
       ·                ──────
       ╰────
      help: write where it is, as `{ env = "NAME" }` or `{ file = "PATH" }`; if others can read this
            file, change the secret

    rules of `main`: no findings in 2 files
    error: the settings cannot be used until this is fixed
    exit 2
    "#);
}

#[test]
fn secrets_from_the_environment_and_from_files() {
    let settings = r#"
[whatsapp.main]
app_secrets = [{ env = "APP_SECRET" }]
verify_token = { env = "VERIFY_TOKEN" }
access_token = { file = "secrets/token" }
"#;
    assert_snapshot!(check(settings), @r#"
    error: unknown-file

      × there is no file `secrets/token`
       ╭─[host.toml:5:16]
     4 │ verify_token = { env = "VERIFY_TOKEN" }
     5 │ access_token = { file = "secrets/token" }
       ·                ──────────────────────────
       ╰────

    rules of `main`: no findings in 2 files
    error: the settings cannot be used until this is fixed
    exit 2
    "#);
    let folder = setup(settings);
    write(folder.path(), "secrets/token", "hush\n");
    let variables = [("APP_SECRET", "hush"), ("VERIFY_TOKEN", "hush")];
    assert_snapshot!(run(folder.path(), &["--check"], &variables), @"
    settings: no findings in 1 file
    rules of `main`: no findings in 2 files
    exit 0
    ");
    // The file is relative to the settings, wherever the program is started.
    let rules = folder.path().join("rules");
    assert!(run(Path::new("/"), &["--check", rules.to_str().unwrap()], &variables).ends_with("exit 0"));
}

#[test]
fn rules_with_errors() {
    let folder = setup("");
    write(folder.path(), "rules/default.rules", "otherwise: assign group \"Slaes\" by hand\n");
    assert_snapshot!(run(folder.path(), &["--check"], &[]), @r#"
    settings: there is no file `host.toml`, so the defaults are used
    error: unknown-group

      × no group is called `Slaes`
       ╭─[rules/default.rules:1:25]
     1 │ otherwise: assign group "Slaes" by hand
       ·                         ───────
       ╰────
      help: did you mean `Sales`?
       fix: write `Sales`

    rules of `main`: 1 error in 2 files; `rules check --fix` fixes it
    exit 1
    "#);
    write(folder.path(), "host.toml", "gate = 3");
    assert!(run(folder.path(), &["--check"], &[]).ends_with("exit 2"));
}

#[test]
fn several_inboxes() {
    let folder = setup("[[tokens]]\nname = \"a\"\ninbox = \"shop\"\ncan = [\"read\"]\nsha256 = \"0\"");
    for name in ["inboxes/shop", "inboxes/clinic"] {
        write(folder.path(), &format!("{name}/inbox.toml"), INBOX);
        write(folder.path(), &format!("{name}/default.rules"), RULES);
    }
    assert_snapshot!(run(folder.path(), &["inboxes", "--check"], &[]), @r#"
    error: unknown-value

      × `sha256` should be the SHA-256 of the token, 64 hexadecimal digits
       ╭─[host.toml:5:10]
     4 │ can = ["read"]
     5 │ sha256 = ***
       ·          ───
       ╰────
      help: `inbox-host token` makes a token and prints its SHA-256

    rules of `clinic`: no findings in 2 files
    rules of `shop`: no findings in 2 files
    error: the settings cannot be used until this is fixed
    exit 2
    "#);
}

#[test]
fn what_comes_first() {
    let folder = setup("listen = \"127.0.0.1:1\"\nstore = \"postgres://u:hush@db/x\"");
    let run = |arguments: &[&str], variables: &[(&str, &str)]| run(folder.path(), arguments, variables);
    assert_snapshot!(run(&["--check"], &[]), @"
    settings: no findings in 1 file
    rules of `main`: no findings in 2 files
    exit 0
    ");
    assert!(run(&["--check"], &[("INBOX_STORE", "inbox.db")]).ends_with("exit 2"));
    assert!(run(&["--check", "--store", "sqlite:a.db"], &[("INBOX_STORE", "inbox.db")]).ends_with("exit 0"));
    assert!(
        run(&["--check", "--config", "none.toml"], &[]).ends_with("there is no file `none.toml`\nexit 2")
    );
    assert!(
        run(&["--check"], &[("INBOX_CONFIG", "none.toml")]).ends_with("there is no file `none.toml`\nexit 2")
    );
    assert!(run(&["--check", "--store", "sqlite:a.db"], &[("INBOX_CONFIG", "")]).ends_with("exit 0"));
}

#[test]
fn what_cannot_be_used() {
    let folder = setup("");
    let run = |arguments: &[&str], variables: &[(&str, &str)]| run(folder.path(), arguments, variables);
    assert_snapshot!(run(&["--listen", ":80"], &[]), @"
    error: `--listen` cannot be used: write `127.0.0.1:80` for this machine alone, or `0.0.0.0:80` for all networks
    exit 2
    ");
    assert_snapshot!(run(&[], &[("INBOX_ADMIN", "9090")]), @"
    error: `INBOX_ADMIN` cannot be used: write `127.0.0.1:9090` for this machine alone, or `0.0.0.0:9090` for all networks
    exit 2
    ");
    assert_snapshot!(run(&["--store", "mysql://u:hush@db"], &[]), @"
    error: `--store` cannot be used: write `sqlite:` and a file, or `postgres://` and an address
    exit 2
    ");
    assert_snapshot!(run(&["gone"], &[]), @"
    error: there is no folder `gone`
    exit 2
    ");
    assert_snapshot!(run(&["rules/inbox.toml"], &[]), @"
    error: `rules/inbox.toml` is not a folder
    exit 2
    ");
    fs::create_dir(folder.path().join("empty")).unwrap();
    assert_snapshot!(run(&["empty"], &[]), @"
    error: `empty` holds no rules: no `inbox.toml`, no file that ends in `.rules`, and no folder with these
    exit 2
    ");
}

#[test]
fn a_token_and_the_lines_for_it() {
    let folder = setup("");
    let made = run(folder.path(), &["token", "--name", "crm"], &[]);
    let (token, lines) = made.strip_suffix("exit 0").unwrap().split_once("\n\n").unwrap();
    assert_eq!((token.len(), lines.contains(token)), (64, false));
    assert_ne!(run(folder.path(), &["token", "--name", "crm"], &[]), made);
    write(folder.path(), "host.toml", lines);
    assert!(run(folder.path(), &["--check"], &[]).ends_with("exit 0"));
}

#[test]
fn the_help() {
    assert_snapshot!(run(setup("").path(), &["--help"], &[]), @"
    Serve a WhatsApp inbox: messages come in, rules decide who answers, replies go out

    Usage: inbox-host [OPTIONS] [DIR]
           inbox-host <COMMAND>

    Commands:
      token  Make a token for the API, and the lines of host.toml for it

    Arguments:
      [DIR]  The folder with the rules of an inbox, or with such a folder for each inbox [default:
             rules]

    Options:
          --config <FILE>  The settings [default: host.toml beside DIR]
          --listen <ADDR>  Where the API and the webhooks are served, as 127.0.0.1:8080
          --admin <ADDR>   Where the metrics are served, as 127.0.0.1:9090
          --store <URL>    Where everything is kept, as sqlite:inbox.db or postgres://user@machine/inbox
          --check          Judge the settings and the rules, and start nothing
      -h, --help           Print help
      -V, --version        Print version

    An argument counts more than the environment (INBOX_CONFIG, INBOX_LISTEN, INBOX_ADMIN, INBOX_STORE,
    INBOX_LOG), and that more than host.toml.

    Exit codes:
      0  it was told to stop, or `--check` has found no error
      1  the rules have errors
      2  the arguments or the settings cannot be used
    exit 0
    ");
}
