//! The window without a display: clicked, typed into and read through its accessibility tree.
//!
//! A package of its own, so that the tests of everything else build without egui.

mod access;
mod branches;
mod fake;
mod harness;
mod library;
mod panels;
mod playing;
mod settings;
mod stillness;
