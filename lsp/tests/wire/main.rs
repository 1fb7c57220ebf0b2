//! The editor's server as an editor meets it: bytes in, bytes out, over a pipe in memory and files that are in no folder. The client
//! here is our own and small; it knows the protocol by its text, not by the types that the server answers with.
//!
//! Its modules say `cfg(test)` so that clippy knows them for tests.
#![cfg_attr(test, expect(clippy::string_slice, reason = "a place that is in no text fails the test"))]

#[cfg(test)]
mod call_hierarchy;
#[cfg(test)]
mod capabilities;
#[cfg(test)]
mod code_actions;
#[cfg(test)]
mod completion;
#[cfg(test)]
mod diagnostics;
#[cfg(test)]
mod fixes;
#[cfg(test)]
mod formatting;
#[cfg(test)]
mod hover;
#[cfg(test)]
mod lenses;
#[cfg(test)]
mod navigation;
#[cfg(test)]
mod outline;
#[cfg(test)]
mod per_client;
#[cfg(test)]
mod rename;
#[cfg(test)]
mod semantic_tokens;
#[cfg(test)]
mod stale;
#[cfg(test)]
mod support;
#[cfg(test)]
mod torture;
