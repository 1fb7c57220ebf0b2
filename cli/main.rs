//! The command `playbook`.
fn main() {}
