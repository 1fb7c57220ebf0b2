//! The service over real HTTP on loopback, at a small client's. Its modules say `cfg(test)` so that clippy knows them for tests.

#[cfg(test)]
mod attacks;
#[cfg(test)]
mod described;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod inbox;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod playbook;
#[cfg(test)]
mod serving;
#[cfg(test)]
mod stand;
#[cfg(test)]
mod webhooks;
#[cfg(test)]
mod wire;
