//! Glassbox explains how backend systems work inside, by playing them.

pub mod machine;
pub mod mechanisms;
pub mod text;
