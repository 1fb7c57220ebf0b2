//! The criteria of the product document, from end to end: both clients, one binary, nothing but commands and imported files.

mod approval;
mod client;
mod determinism;
mod journey;
mod rating;
mod receipts;
mod research;
mod stepping_in;
