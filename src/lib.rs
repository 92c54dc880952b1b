//! Glassbox explains how backend systems work inside, by playing them.

pub mod explore;
pub mod machine;
pub mod mechanisms;
pub mod replay;
pub mod text;
