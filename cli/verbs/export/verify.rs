//! `playbook export verify`: whether receipts are what their issuer signed. It needs no client and no network.

use std::collections::BTreeMap;
use std::path::PathBuf;

use foresight::receipts::{Checked, verify};
use serde::Serialize;

use crate::exit::{Failure, Outcome};
use crate::layout::count;
use crate::terminal::Terminal;

/// How many flaws are shown; more are counted.
const SHOWN: usize = 10;

/// Check receipts that somebody signed: with nothing but the file
#[derive(clap::Args)]
#[command(after_help = "\
A signature says who signed, not that it is true: compare the key with the one that the issuer gave you by another way, or name it.

Example:
  playbook export verify proofs.jsonl --key 9d61…")]
pub(crate) struct Arguments {
    /// The receipts, one a line
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Only receipts by the holder of this public key are right
    #[arg(long, value_name = "KEY")]
    key: Option<String>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Verified {
    right: u64,
    wrong: Vec<Wrong>,
    /// Receipts by issuer and key, and kind.
    issuers: BTreeMap<String, BTreeMap<String, u64>>,
}

#[derive(Debug, Serialize)]
struct Wrong {
    line: usize,
    why: String,
}

/// Checks.
///
/// # Errors
/// Where the file cannot be read.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let path = arguments.file.display();
    let text = std::fs::read_to_string(&arguments.file)
        .map_err(|error| Failure::could_not_run(format!("`{path}` cannot be read: {error}")))?;
    let mut verified = Verified { right: 0, wrong: Vec::new(), issuers: BTreeMap::new() };
    for Checked { line, found } in verify(&text, arguments.key.as_deref()) {
        match found {
            Ok(signed) => {
                verified.right += 1;
                let issuer = format!("{}, key {}", signed.receipt.issuer.client, signed.receipt.issuer.key);
                *verified.issuers.entry(issuer).or_default().entry(signed.receipt.kind).or_default() += 1;
            }
            Err(flaw) => verified.wrong.push(Wrong { line, why: flaw.to_string() }),
        }
    }
    if verified.right == 0 && verified.wrong.is_empty() {
        return Err(Failure::could_not_run(format!("`{path}` holds no receipt")).into());
    }
    if arguments.json {
        terminal.print_json(&verified)?;
    } else {
        terminal.print(&told(&verified))?;
    }
    Ok(if verified.wrong.is_empty() { Outcome::Fine } else { Outcome::Findings })
}

fn told(verified: &Verified) -> String {
    let mut text = format!("{} as signed\n", count(verified.right, "receipt is", "receipts are"));
    for (issuer, kinds) in &verified.issuers {
        text.push_str(&format!("  by {issuer}\n"));
        for (kind, number) in kinds {
            text.push_str(&format!("    {number:>6}  {kind}\n"));
        }
    }
    if !verified.wrong.is_empty() {
        text.push_str(&format!("{} wrong\n", count(verified.wrong.len() as u64, "line is", "lines are")));
        for wrong in verified.wrong.iter().take(SHOWN) {
            text.push_str(&format!("  line {}: {}\n", wrong.line, wrong.why));
        }
        if verified.wrong.len() > SHOWN {
            text.push_str(&format!("  … and {} more\n", verified.wrong.len() - SHOWN));
        }
    }
    text
}
