//! Work at an instant that has not come yet: free on samples, asked for where a client works in earnest.

use crate::support::Desk;

const FAR: &str = "2999-01-01";

#[test]
fn samples_are_shown_at_any_time() {
    let desk = Desk::with("tests/hillside");
    desk.run(&["run", "hillside", "--now", "2998-01-01", "--seed", "1"]).expect(0);
    desk.run(&["run", "hillside", "--now", "2998-01-01", "--until", FAR]).expect(0);
}

#[test]
fn where_letters_leave_the_machine_nothing_is_done_ahead_of_time() {
    let desk = Desk::with("tests/hillside");
    let ports = desk.read("hillside/ports.toml");
    let (sender, _) = ports.split_once("[mail.folder]").unwrap();
    desk.file("hillside/ports.toml", format!("{sender}[mail.resend]\nkey_env = \"HILLSIDE_KEY\"\n"));
    let run = |more: &[&str]| {
        let verb = [&["run", "hillside", "--now", FAR][..], more].concat();
        desk.command(&verb).env("HILLSIDE_KEY", "re_made_up").stdin(std::process::Stdio::null()).output().unwrap()
    };
    let refused = run(&[]);
    let words = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(2), "{words}");
    for said in ["`--now` lies", "ahead of the clock", "letters go out by Resend", "--yes"] {
        assert!(words.replace("\n       ", " ").contains(said), "{said}: {words}");
    }
    assert!(desk.run(&["log", "hillside"]).expect(0).stdout.contains("nothing was decided yet"));
    assert_eq!(run(&["--yes"]).status.code(), Some(0), "nothing is sent before a person has said so");
    // What has come so far goes on from there, by every verb.
    assert_eq!(run(&[]).status.code(), Some(0));
}

/// What a server here does with a letter nobody knows: it counts as leaving, as for time that stands.
#[test]
fn a_server_on_this_machine_may_carry_on_to_anywhere() {
    let desk = Desk::with("tests/hillside");
    let ports = desk.read("hillside/ports.toml");
    let (sender, _) = ports.split_once("[mail.folder]").unwrap();
    let smtp = "[mail.smtp]\nhost = \"127.0.0.1\"\nport = 9\nsecurity = \"none\"\n";
    desk.file("hillside/ports.toml", format!("{sender}{smtp}"));
    let refused = desk.run(&["run", "hillside", "--now", FAR]).expect(2);
    let words = refused.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("letters go out by SMTP"), "{}", refused.page());
}

#[test]
fn whose_letters_leave_is_said_or_warned_of() {
    let desk = Desk::with("tests/hillside");
    let ports = desk.read("hillside/ports.toml");
    let (sender, folder) = ports.split_once("[mail.folder]").unwrap();
    let smtp = "[mail.smtp]\nhost = \"127.0.0.1\"\nport = 9\nsecurity = \"none\"\n";
    let nameless = sender.replace("name        = \"Hillside Orchard\"\n", "");
    assert_ne!(nameless, sender);
    let warns = |ports: String| {
        desk.file("hillside/ports.toml", ports);
        let ran = desk.run(&["run", "hillside", "--now", "2026-11-20 10:00"]).expect(0);
        ran.stderr
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .contains("nothing says whose they are: add `name` to `[sender]`")
    };
    assert!(warns(format!("{nameless}{smtp}")));
    assert!(!warns(format!("{sender}{smtp}")));
    assert!(!warns(format!("{nameless}[mail.folder]{folder}")), "what stays here needs no name");
}

#[test]
fn a_crm_that_is_worked_on_by_the_clock_is_no_sample() {
    let desk = Desk::with("tests/hillside");
    desk.file("hillside/ports.toml", "");
    let clock = jiff::Timestamp::now();
    let yesterday = clock.saturating_sub(jiff::SignedDuration::from_hours(20)).unwrap().strftime("%Y-%m-%d %H:%M");
    desk.file(
        "hillside/consents.csv",
        format!("E-mail,When,Channel,Basis,Proof\nana@hillside-guests.example,{yesterday},email,express,form\n"),
    );
    desk.run(&["run", "hillside"]).expect(0);
    let refused = desk.run(&["run", "hillside", "--until", FAR]).expect(2);
    assert!(refused.stderr.contains("`--until` lies"), "{}", refused.page());
    assert!(refused.stderr.contains("worked on by the clock"), "{}", refused.page());
    let number = desk.run(&["inbox", "hillside", "--json"]).expect(0).json()[0]["number"].to_string();
    let answered = desk.run(&["approve", "hillside", &number, "--by", "owner", "--now", FAR]).expect(2);
    assert!(answered.stderr.contains("`--now` lies"), "{}", answered.page());
    desk.run(&["run", "hillside", "--until", "2999-01-01", "--yes"]).expect(0);
}
