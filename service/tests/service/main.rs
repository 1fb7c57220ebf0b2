//! The service over real HTTP on loopback, at a small client's. Its modules say `cfg(test)` so that clippy knows them for tests.

#[cfg(test)]
mod a2a;
#[cfg(test)]
mod a2a_outside;
#[cfg(test)]
mod attacks;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod described;
#[cfg(test)]
mod editor;
#[cfg(test)]
mod founding;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod imports;
#[cfg(test)]
mod inbox;
#[cfg(test)]
mod listener;
#[cfg(test)]
mod mcp;
#[cfg(test)]
mod mcp_attacks;
#[cfg(test)]
mod mcp_conformance;
#[cfg(test)]
mod mcp_fixtures;
#[cfg(test)]
mod outgoing;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod peers;
#[cfg(test)]
mod playbook;
#[cfg(test)]
mod serving;
#[cfg(test)]
mod stand;
#[cfg(test)]
mod traces;
#[cfg(test)]
mod webhooks;
#[cfg(test)]
mod wire;
