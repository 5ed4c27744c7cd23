//! `inbox-host token`: a new token for the API.

use secrecy::ExposeSecret;

use crate::settings::{ApiToken, NewToken};

/// Make a token for the API, and the lines of host.toml for it
#[derive(clap::Args)]
pub(super) struct TokenArgs {
    /// What logs call it
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
}

/// The new token of these random bits, and the lines of `host.toml` for it.
pub(super) fn new_token(args: &TokenArgs, bits: [u8; 32], is_terminal: bool) -> String {
    let new = NewToken::new(bits);
    let [first, second, ..] = new.sha256;
    let name = args.name.clone().unwrap_or_else(|| format!("token-{first:02x}{second:02x}"));
    let lines = ApiToken::for_everything(&name, new.sha256).to_toml();
    let token = new.text.expose_secret();
    if !is_terminal {
        return format!("{token}\n\n{lines}");
    }
    format!(
        "The new token, which is shown only now:\n\n{token}\n\nPut these lines into host.toml, without what it must not do:\n\n\
         {lines}\nThen start inbox-host again, or send it SIGHUP.\n"
    )
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    #[test]
    fn on_a_terminal_and_in_a_pipe() {
        let args = TokenArgs { name: None };
        assert_snapshot!(new_token(&args, [0; 32], true), @r#"
        The new token, which is shown only now:

        0000000000000000000000000000000000000000000000000000000000000000

        Put these lines into host.toml, without what it must not do:

        [[tokens]]
        name = "token-60e0"
        sha256 = "60e05bd1b195af2f94112fa7197a5c88289058840ce7c6df9693756bc6250f55"
        inbox = "*"
        can = ["read", "messages", "users", "chats", "customers", "rules"]

        Then start inbox-host again, or send it SIGHUP.
        "#);
        let args = TokenArgs { name: Some("crm".to_owned()) };
        assert_snapshot!(new_token(&args, [255; 32], false), @r#"
        ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff

        [[tokens]]
        name = "crm"
        sha256 = "df0790f236013511e91fa4532fb7761f62320a51a3868dabf4a13fe5f53e3263"
        inbox = "*"
        can = ["read", "messages", "users", "chats", "customers", "rules"]
        "#);
    }
}
