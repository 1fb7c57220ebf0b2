//! `playbook serve`, `token`, `backup` and `restore` as whoever runs the service meets them: the built command, by the real clock, over
//! loopback; in a browser, and beside libraries of others.

#[cfg(test)]
mod command {
    use std::io::{BufRead as _, BufReader, Read as _, Write as _};
    use std::net::TcpStream;
    use std::path::{Path, PathBuf};
    use std::process::{Child, Command, Output, Stdio};
    use std::time::{Duration, Instant};

    /// A folder with one client.
    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join("hillside");
        std::fs::create_dir(&own).unwrap();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hillside");
        for file in ["hillside.playbook", "ports.toml", "people.csv", "consents.csv"] {
            std::fs::copy(from.join(file), own.join(file)).unwrap();
        }
        folder
    }

    fn command(folder: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_playbook"));
        command.args(arguments).current_dir(folder).stdin(Stdio::null()).env_remove("CARGO_MANIFEST_DIR");
        command
    }

    fn run(folder: &Path, arguments: &[&str], code: i32) -> Output {
        let output = command(folder, arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {output:?}");
        output
    }

    fn text(bytes: &[u8]) -> String {
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    /// The service at work, and where.
    fn serve(folder: &Path, more: &[&str]) -> (Child, String) {
        let arguments = [&["serve", ".", "--listen", "127.0.0.1:0"], more].concat();
        let mut child = command(folder, &arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("serving 1 client at http://127.0.0.1:"), "{line}");
        (child, line.trim().rsplit('/').next().unwrap().to_owned())
    }

    fn get(at: &str, path: &str, token: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(at).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer)
    }

    fn until(what: &str, holds: impl Fn() -> bool) {
        let began = Instant::now();
        while !holds() {
            assert!(began.elapsed() < Duration::from_secs(60), "{what} did not come about");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    #[test]
    fn it_serves_until_it_is_told_to_stop_and_its_log_names_nobody() {
        let folder = folder();
        let at = |name: &str| PathBuf::from(folder.path()).join(name);
        std::fs::write(
            at("service.toml"),
            "[log]\nformat = \"json\"\nlevel = \"debug\"\n[scheduler]\nlook_every = \"50ms\"\n",
        )
        .unwrap();
        for source in ["people", "consents"] {
            run(folder.path(), &["import", "hillside", source, &format!("hillside/{source}.csv")], 0);
        }
        let made = run(
            folder.path(),
            &["token", "create", "hillside", "--role", "owner", "--name", "Mere", "--person", "owner"],
            0,
        );
        let token = text(&made.stdout).trim().to_owned();
        let (child, address) = serve(folder.path(), &[]);
        until("a draft is asked about", || {
            get(&address, "/api/v1/clients/hillside/inbox", &token).1.contains("the orchard opens")
        });
        assert_eq!(get(&address, "/api/v1/clients/hillside/inbox", "pb.hillside.0.x").0, 401);
        let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
        assert!(told.success());
        let ended = child.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(0), "{ended:?}");
        let log = text(&ended.stderr);
        for line in log.lines() {
            let line: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
            assert!(line["timestamp"].is_string() && line["level"].is_string(), "{line}");
        }
        assert!(log.contains("stopped in order"), "{log}");
        for name in ["Quillfeather", "Ana", "hillside-guests", "orchard", token.rsplit('.').next().unwrap(), "Mere"] {
            assert!(!log.contains(name), "`{name}` is in {log}");
        }
    }

    #[test]
    fn a_token_is_shown_once_listed_without_its_secret_and_revoked() {
        let folder = folder();
        let create = [
            "token",
            "create",
            "hillside",
            "--role",
            "approver",
            "--name",
            "Bo",
            "--person",
            "helper",
            "--expires",
            "90d",
        ];
        let made = run(folder.path(), &create, 0);
        let token = text(&made.stdout).trim().to_owned();
        let id = token.rsplit('.').nth(1).unwrap();
        assert!(token.starts_with("pb.hillside."), "{token}");
        assert!(text(&made.stderr).contains("shown this once"), "{made:?}");
        let listed = run(folder.path(), &["token", "list", "hillside", "--json"], 0);
        let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
        assert_eq!(
            (&listed[0]["id"], &listed[0]["role"], &listed[0]["person"]),
            (&id.into(), &"approver".into(), &"helper".into())
        );
        assert!(listed[0].get("token").is_none() && listed[0].get("hash").is_none(), "{listed}");
        let page = text(&run(folder.path(), &["token", "list", "hillside"], 0).stdout);
        assert!(
            page.contains(id) && page.contains("helper") && !page.contains(token.rsplit('.').next().unwrap()),
            "{page}"
        );
        assert!(
            text(&run(folder.path(), &["token", "revoke", "hillside", id], 0).stdout)
                .contains("worth nothing any more")
        );
        assert!(text(&run(folder.path(), &["token", "list", "hillside"], 0).stdout).contains("revoked"));
        let agent =
            run(folder.path(), &["token", "create", "hillside", "--agent", "LeadGen", "--name", "shop", "--json"], 0);
        let agent: serde_json::Value = serde_json::from_slice(&agent.stdout).unwrap();
        assert_eq!(
            (&agent["role"], &agent["agent"], &agent["person"]),
            (&"agent".into(), &"LeadGen".into(), &serde_json::Value::Null)
        );
    }

    /// Names a Python environment with what these scripts need, as .ci/run makes one; where it is set, what is missing fails.
    const PEERS: &str = "PLAYBOOK_PEERS";

    /// Plays a script of tests/service; what it needs may not be installed here, which is said.
    fn played(script: &str, more: &[&str]) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/service").join(script);
        let own = std::env::var_os(PEERS).map(|peers| Path::new(&peers).join("bin/python"));
        let mut python = Command::new(own.unwrap_or_else(|| "python3".into()));
        python.arg("-B").arg(path).arg(env!("CARGO_BIN_EXE_playbook")).args(more).stdin(Stdio::null());
        let played = match python.output() {
            Ok(played) => played,
            Err(error) => return left_out(&format!("python3: {error}")),
        };
        let said = format!("{}{}", text(&played.stdout), text(&played.stderr));
        match played.status.code() {
            Some(0) => {}
            Some(77) => left_out(&said),
            code => panic!("{script} ended with {code:?}:\n{said}"),
        }
    }

    fn left_out(why: &str) {
        assert!(std::env::var_os(PEERS).is_none(), "{PEERS} is set, and something is missing: {why}");
        eprintln!("\n*** NOT TESTED: {why} ***\n");
    }

    #[test]
    fn a_founder_s_day_in_a_browser() {
        played("day.py", &[]);
    }

    #[test]
    fn webhooks_are_as_the_libraries_of_others_have_them() {
        played("webhooks.py", &[]);
    }

    #[test]
    fn connections_are_encrypted_in_the_process() {
        played("tls.py", &[]);
    }

    #[test]
    fn nothing_that_is_sent_to_the_api_makes_it_fail() {
        played("schema.py", &["4"]);
    }

    #[test]
    fn a_crm_is_copied_while_it_is_served_and_comes_back_as_it_stood() {
        let folder = folder();
        let json = |arguments: &[&str]| -> serde_json::Value {
            serde_json::from_slice(&run(folder.path(), &[arguments, &["--json"]].concat(), 0).stdout).unwrap()
        };
        let asked = || json(&["inbox", "hillside"]).as_array().unwrap().len();
        run(folder.path(), &["import", "hillside", "people", "hillside/people.csv"], 0);
        let first = json(&["backup", "hillside"]);
        assert_eq!(first["taken"]["whole"], true);
        let (mut child, _) = serve(folder.path(), &[]);
        until("drafts are asked about", || asked() == 2);
        let second = json(&["backup", "hillside"]);
        let in_use = text(&run(folder.path(), &["restore", "hillside"], 3).stderr);
        assert!(in_use.contains("in use"), "{in_use}");
        Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
        child.wait().unwrap();
        let at = |of: &serde_json::Value| of["taken"]["at"].as_str().unwrap().to_owned();
        let restored = json(&["restore", "hillside", "--at", &at(&first)]);
        assert_eq!(restored["from"]["at"], first["taken"]["at"]);
        assert!(restored["before"]["file"].is_string(), "what there was is kept: {restored}");
        assert_eq!(asked(), 0, "it is as it was");
        run(folder.path(), &["restore", "hillside", "--at", &at(&second)], 0);
        assert_eq!(asked(), 2);
        run(folder.path(), &["log", "hillside", "verify"], 0);
        assert!(json(&["backup", "hillside", "--list"]).as_array().unwrap().len() >= 4);
        run(folder.path(), &["restore", "hillside", "--into", "look.db"], 0);
        assert_eq!(json(&["score", "hillside", "--db", "look.db"])["scored"], 3);
        let none = text(&run(folder.path(), &["restore", "hillside", "--at", "2020-01-01"], 3).stderr);
        assert!(none.split_whitespace().collect::<Vec<_>>().join(" ").contains("there is no copy"), "{none}");
    }

    #[test]
    fn what_is_wrong_is_said_and_nothing_is_served() {
        let folder = folder();
        let wrong = |arguments: &[&str], code: i32, why: &str| {
            let said = text(&run(folder.path(), arguments, code).stderr);
            // Where a line is broken is the terminal's to say.
            assert!(said.split_whitespace().collect::<Vec<_>>().join(" ").contains(why), "{arguments:?}: {said}");
        };
        wrong(&["serve", "nowhere"], 3, "cannot be read");
        std::fs::write(folder.path().join("bad.toml"), "listn = 1").unwrap();
        wrong(&["serve", ".", "--config", "bad.toml"], 2, "`listn` is not known");
        std::fs::write(folder.path().join("other.toml"), "[clients.nobody]").unwrap();
        wrong(&["serve", ".", "--config", "other.toml"], 3, "there is no such folder");
        wrong(&["token", "create", "hillside", "--role", "king", "--name", "x"], 2, "there is no role `king`");
        wrong(&["token", "create", "hillside", "--role", "owner", "--name", "x"], 2, "say who does");
        wrong(
            &["token", "create", "hillside", "--role", "owner", "--name", "x", "--person", "cook"],
            2,
            "none of the client's people",
        );
        wrong(&["token", "create", "hillside", "--agent", "Nobody"], 2, "no agent `Nobody`");
        wrong(&["token", "create", "hillside", "--role", "viewer"], 2, "--name");
        wrong(
            &["token", "create", "hillside", "--role", "viewer", "--name", "x", "--expires", "soon"],
            2,
            "no length of time",
        );
        wrong(&["token", "revoke", "hillside", "0"], 2, "there is no token `0`");
    }
}
