//! What a lens does when it is chosen, in an editor that does not do it by itself: runs a test on the worker's thread, says how a scenario is
//! simulated, shows examples.

use std::path::PathBuf;
use std::str::FromStr as _;
use std::sync::Arc;

use serde_json::Value;
use tokio::sync::oneshot;
use tower_lsp::ls_types::{ExecuteCommandParams, LSPAny, MessageType, Uri};

use super::{Answer, Refusal};
use crate::server::Server;
use crate::workspace::path_of;

/// Takes `{client, test}`.
pub(crate) const RUN_TEST: &str = "playbook.runTest";

/// Takes `{client, scenario}`. What comes of a scenario is told in a terminal: it takes a while, and is long.
pub(crate) const SIMULATE: &str = "playbook.simulate";

/// Takes `{client, title, contacts: [{name, detail}]}`, and what is counted.
pub(crate) const SHOW_CONTACTS: &str = "playbook.showContacts";

/// All that the server can do, but what the editor says it does by itself: `initializationOptions: {"commands": [...]}`.
pub(crate) fn offered(options: Option<&LSPAny>) -> Vec<String> {
    let own = options.and_then(|options| options.get("commands")).and_then(Value::as_array);
    let is_own = |command: &str| own.is_some_and(|own| own.iter().any(|own| own.as_str() == Some(command)));
    [RUN_TEST, SIMULATE, SHOW_CONTACTS].into_iter().filter(|command| !is_own(command)).map(str::to_owned).collect()
}

/// Whom the answer goes to, once there is one.
pub(crate) type Reply<R> = oneshot::Sender<Answer<R>>;

pub(crate) fn execute(server: &mut Server, params: ExecuteCommandParams, reply: Reply<Option<LSPAny>>) {
    let done = match params.command.as_str() {
        RUN_TEST => run_test(server, &params.arguments, reply),
        SIMULATE => {
            let told = simulate(server, &params.arguments);
            Err((reply, told))
        }
        SHOW_CONTACTS => {
            let shown = show_contacts(server, &params.arguments);
            Err((reply, shown))
        }
        other => Err((reply, Err(Refusal::Impossible(format!("there is no command `{other}`"))))),
    };
    if let Err((reply, answer)) = done {
        // Whoever asked may have gone away.
        let _ = reply.send(answer);
    }
}

type Undone = (Reply<Option<LSPAny>>, Answer<Option<LSPAny>>);

/// Begins it; or gives back whom to answer, and what.
fn run_test(server: &mut Server, arguments: &[Value], reply: Reply<Option<LSPAny>>) -> Result<(), Undone> {
    let refused = |reply, why: String| Err((reply, Err(Refusal::Impossible(why))));
    let Some((client, test)) = asked(arguments, "test") else {
        return refused(reply, format!("`{RUN_TEST}` takes a client and a test"));
    };
    let Some(compilation) = server.workspace.compiled(&folder(&client)) else {
        return refused(reply, format!("there is no client in `{client}`"));
    };
    // What a proof speaks against can be tested all the same.
    let refuted = || compilation.compiled.refuted.clone().map(Arc::new);
    let Some(program) = compilation.program.clone().or_else(refuted) else {
        let why = "the playbook has errors: put them right, then run the test";
        server.outgoing.show(MessageType::ERROR, why);
        return refused(reply, why.to_owned());
    };
    let outgoing = server.outgoing.clone();
    let name = test.clone();
    server.live.run_test(program, test, move |ran| {
        let answer = match ran {
            Some((level, words)) => {
                outgoing.show(level, words.clone());
                Ok(Some(Value::String(words)))
            }
            None => Err(Refusal::Impossible(format!("the playbook has no test `{name}`"))),
        };
        let _ = reply.send(answer);
    });
    Ok(())
}

/// Says how a scenario is simulated, to who has an editor that does not do it by itself.
fn simulate(server: &Server, arguments: &[Value]) -> Answer<Option<LSPAny>> {
    let Some((client, scenario)) = asked(arguments, "scenario") else {
        return Err(Refusal::Impossible(format!("`{SIMULATE}` takes a client and a scenario")));
    };
    let (client, scenario) = (folder(&client).display().to_string(), scenario.replace('\'', r"'\''"));
    let words = format!("in a terminal: playbook simulate '{}' '{scenario}'", client.replace('\'', r"'\''"));
    server.outgoing.show(MessageType::INFO, words.clone());
    Ok(Some(Value::String(words)))
}

/// The client and the other thing, as an object, or as two texts.
fn asked(arguments: &[Value], what: &str) -> Option<(String, String)> {
    let first = arguments.first()?;
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    match first {
        Value::Object(of) => Some((text(of.get("client"))?, text(of.get(what))?)),
        _ => Some((text(Some(first))?, text(arguments.get(1))?)),
    }
}

/// A path, or what the editor calls it.
fn folder(client: &str) -> PathBuf {
    match Uri::from_str(client) {
        Ok(uri) if client.starts_with("file:") => path_of(&uri),
        _ => PathBuf::from(client),
    }
}

/// Shows what the lens brought along.
fn show_contacts(server: &mut Server, arguments: &[Value]) -> Answer<Option<LSPAny>> {
    let of = arguments.first();
    let title = of.and_then(|of| of.get("title")).and_then(Value::as_str);
    let contacts = of.and_then(|of| of.get("contacts")).and_then(Value::as_array);
    let (Some(title), Some(contacts)) = (title, contacts) else {
        return Err(Refusal::Impossible(format!("`{SHOW_CONTACTS}` takes a title and contacts")));
    };
    let mut words = title.to_owned();
    for contact in contacts {
        let text = |name: &str| contact.get(name).and_then(Value::as_str).unwrap_or_default();
        words.push_str(&format!("\n{} ({})", text("name"), text("detail")));
    }
    server.outgoing.show(MessageType::INFO, words.clone());
    Ok(Some(Value::String(words)))
}
