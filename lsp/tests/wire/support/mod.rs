//! What every test of the wire stands on: an editor, its disk, texts with marks in them, and answers drawn into the texts.

pub(crate) mod disk;
pub(crate) mod draw;
pub(crate) mod editor;
pub(crate) mod fixture;
pub(crate) mod text;
pub(crate) mod world;

pub(crate) use disk::Memory;
pub(crate) use draw::{draw, draw_files};
pub(crate) use editor::{Editor, Manner, path_of, uri};
pub(crate) use fixture::Fixture;
pub(crate) use text::{Place, Unit};
pub(crate) use world::{HILL, RIVER, WORDS, WORK, world};
