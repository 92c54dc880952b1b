//! Glassbox explains how backend systems work inside, by playing them.

pub mod diagram;
pub mod machine;
pub mod mechanisms;
pub mod player;
pub mod scene;
pub mod text;
pub mod view;
