//! The runtime as a service: many clients in one process, each with a desk, a runner and files of its own; an API, pages for people,
//! webhooks. It decides nothing: what happens is the runtime's to say. It names no SQL, and time, environment and randomness come in as
//! arguments.

mod a2a;
pub mod access;
mod api;
mod app;
mod blocking;
mod client;
pub mod config;
mod copies;
mod desk;
mod doubts;
mod folder;
mod lock;
mod logs;
pub mod mcp;
mod meters;
mod misread;
mod opening;
mod ops;
mod pages;
mod pool;
mod problem;
mod routes;
mod server;
mod surroundings;
pub mod template;
mod tls;
mod traces;
mod turns;
mod views;
mod webhooks;

pub use folder::FolderError;
pub use server::{Begun, Service, ServiceError, serve};
pub use surroundings::{Entropy, Environment, Surroundings};
pub use tls::TlsError;
pub use traces::TracesError;
