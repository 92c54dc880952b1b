//! Glassbox explains how backend systems work inside, by playing them.

#[cfg(feature = "app")]
pub mod app;
pub mod diagram;
#[cfg(feature = "app")]
pub mod export;
pub mod machine;
pub mod mechanisms;
#[cfg(feature = "app")]
pub mod paint;
pub mod player;
pub mod scene;
pub mod text;
