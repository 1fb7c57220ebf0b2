//! What is odd about the settings and stops nobody: told when the service begins, not first found out by whoever is turned away.

use crate::config::Configuration;
use crate::surroundings::Environment;
use crate::webhooks;

/// A secret that the settings name and the environment does not hold.
#[derive(Debug, PartialEq, Eq)]
struct Unset<'c> {
    client: &'c str,
    /// `webhooks.resend`
    setting: String,
    variable: &'c str,
    why: &'static str,
}

/// Says it in the log: clients, settings and names of variables, and nothing of what those hold.
pub(crate) fn tell(configuration: &Configuration, environment: &Environment) {
    for doubt in open(configuration) {
        tracing::warn!("{doubt}");
    }
    for Unset { client, setting, variable, why } in unset(configuration, environment) {
        tracing::warn!(client, setting, variable, why, "a secret is missing");
    }
}

/// How tokens could be read on their way, and addresses that lead nowhere.
fn open(configuration: &Configuration) -> Vec<&'static str> {
    let mut doubts = Vec::new();
    if !configuration.listen.ip().is_loopback() && configuration.tls.is_none() && !configuration.behind_proxy {
        doubts.push(
            "it listens for other machines and encrypts nothing: whoever is on the way reads tokens; set `[tls]`, or listen at \
             127.0.0.1 behind a proxy that encrypts and set `behind_proxy`",
        );
    }
    if configuration.tls.is_some() && configuration.public_url.is_empty() {
        doubts.push(
            "`[tls]` is set and `public_url` is not: links and cards name the address it listens at; set `public_url` to the name in \
             the certificate",
        );
    }
    doubts
}

/// The secrets that are not there.
fn unset<'c>(configuration: &'c Configuration, environment: &Environment) -> Vec<Unset<'c>> {
    let mut all = Vec::new();
    for (client, of) in &configuration.clients {
        let hooks = of.webhooks.iter().map(|(name, hook)| ("webhooks", name, &hook.secret_env, true));
        let outgoing = of.outgoing.iter().map(|(name, out)| ("outgoing", name, &out.secret_env, true));
        let outside = of.outside.iter().map(|(name, agent)| ("outside", name, &agent.token_env, false));
        for (kind, name, variable, signs) in hooks.chain(outgoing).chain(outside) {
            let why = match environment(variable) {
                None => "the variable is not set",
                Some(held) if held.trim().is_empty() => "the variable is empty",
                Some(held) if signs && !webhooks::are_secrets(&held) => {
                    "the variable holds something else than secrets, `whsec_` with at least 24 bytes in base64"
                }
                Some(_) => continue,
            };
            all.push(Unset { client, setting: format!("{kind}.{name}"), variable, why });
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn tokens_in_the_open_are_warned_of() {
        for (text, count) in [
            ("", 0),
            ("listen = \"[::1]:8600\"", 0),
            ("listen = \"0.0.0.0:8600\"", 1),
            ("listen = \"0.0.0.0:8600\"\nbehind_proxy = true", 0),
            ("listen = \"0.0.0.0:8600\"\n[tls]\ncertificate = \"c\"\nkey = \"k\"", 1),
            (
                "listen = \"0.0.0.0:443\"\npublic_url = \"https://a.example\"\n[tls]\ncertificate = \"c\"\nkey = \"k\"",
                0,
            ),
        ] {
            assert_eq!(open(&Configuration::read(text).unwrap()).len(), count, "{text}");
        }
    }

    #[test]
    fn secrets_that_are_not_there_are_named_by_their_variables() {
        let configuration = Configuration::read(
            "[clients.a.webhooks.good]\nbrings = \"events\"\nsecret_env = \"GOOD\"\n\
             [clients.a.webhooks.two]\nbrings = \"events\"\nsecret_env = \"TWO\"\n\
             [clients.a.webhooks.bad]\nbrings = \"events\"\nsecret_env = \"BAD\"\n\
             [clients.a.webhooks.none]\nbrings = \"events\"\nsecret_env = \"NONE\"\n\
             [clients.a.outgoing.crm]\nurl = \"https://a.example\"\nsecret_env = \"EMPTY\"\n\
             [clients.a.outside.Scout]\nurl = \"https://a.example\"\ntoken_env = \"BAD\"\n\
             [clients.a.outside.Sender]\nurl = \"https://a.example\"\ntoken_env = \"NONE\"\n",
        )
        .unwrap();
        let good = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let environment: Environment = Arc::new(move |name| match name {
            "GOOD" => Some(good.to_owned()),
            "TWO" => Some(format!("{good} {good}")),
            "BAD" => Some("hunter2".to_owned()),
            "EMPTY" => Some(" ".to_owned()),
            _ => None,
        });
        let found = unset(&configuration, &environment);
        let named: Vec<_> = found.iter().map(|unset| (unset.setting.as_str(), unset.variable)).collect();
        assert_eq!(
            named,
            [("webhooks.bad", "BAD"), ("webhooks.none", "NONE"), ("outgoing.crm", "EMPTY"), ("outside.Sender", "NONE"),]
        );
        assert!(!format!("{found:?}").contains("hunter2"), "{found:?}");
    }
}
