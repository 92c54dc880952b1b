//! Glassbox explains how backend systems work inside, by playing them.
//!
//! The floors, in reading order; imports go down this list, never up. ARCHITECTURE.md says why.
//!
//! 1. [`text`], [`figures`], [`machine`]: two languages; places in a state; the contract of a deterministic machine.
//! 2. [`diagram`], [`view`]: a picture as a value, and machines that have one.
//! 3. [`replay`], [`trace`], [`explore`]: recordings, strangers' traces and random runs, for any machine.
//! 4. [`scene`]: scripts, captions, tapes; the machine's type ends here.
//! 5. [`player`]: where a viewer is, and the tree of their what-ifs.
//! 6. [`kind`], [`mechanisms`], [`catalog`], [`fidelity`]: a machine without its type, the machines, the one list of
//!    them and their scenes, and how true each is known to be.
//! 7. `paint`, `export`, `app`: pixels, films, the window (feature `app`).
//! 8. [`files`], [`folder`], [`cli`]: files and commands.

#[cfg(feature = "app")]
pub mod app;
pub mod catalog;
pub mod cli;
pub mod diagram;
pub mod explore;
#[cfg(feature = "app")]
pub mod export;
pub mod fidelity;
pub mod figures;
pub mod files;
pub mod folder;
pub mod kind;
pub mod machine;
pub mod mechanisms;
#[cfg(feature = "app")]
pub mod paint;
pub mod player;
pub mod replay;
pub mod scene;
pub mod search;
pub mod text;
pub mod trace;
pub mod view;
