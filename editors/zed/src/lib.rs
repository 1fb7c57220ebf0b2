//! Tells Zed how the server of playbooks is started: `playbook lsp`, the command found in the path of the worktree.

use zed_extension_api::{register_extension, Command, Extension, LanguageServerId, Result, Worktree};

struct Playbook;

impl Extension for Playbook {
    fn new() -> Self {
        Self
    }

    fn language_server_command(&mut self, _: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let command = worktree.which("playbook").ok_or("there is no command `playbook` in the path")?;
        Ok(Command { command, args: vec!["lsp".to_owned()], env: worktree.shell_env() })
    }
}

register_extension!(Playbook);
