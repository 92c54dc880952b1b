//! Watches a folder of scenes: tells when something in it was saved.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use notify::{RecursiveMode, Watcher};

/// An editor saves in several strokes; after this long without another one the file is whole.
const SETTLED: Duration = Duration::from_millis(120);

/// A folder under watch.
pub struct Watch {
    changed: Arc<Mutex<Option<Instant>>>,
    _watcher: notify::RecommendedWatcher,
}

impl Watch {
    /// Watches a folder and everything below it; wakes the window when something was saved.
    pub fn new(folder: &Path, ctx: egui::Context) -> Result<Watch, String> {
        let changed = Arc::new(Mutex::new(None));
        let noted = Arc::clone(&changed);
        let on_event = move |event: notify::Result<notify::Event>| {
            if event.is_ok_and(|event| !event.kind.is_access()) {
                *noted.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
                ctx.request_repaint_after(SETTLED);
            }
        };
        let mut watcher = notify::recommended_watcher(on_event).map_err(|error| error.to_string())?;
        watcher.watch(folder, RecursiveMode::Recursive).map_err(|error| error.to_string())?;
        Ok(Watch { changed, _watcher: watcher })
    }

    /// Whether something was saved and the saving is over. Asks to be called again while it is not.
    pub fn take(&self, ctx: &egui::Context) -> bool {
        let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        match *changed {
            Some(at) if at.elapsed() >= SETTLED => {
                *changed = None;
                true
            }
            Some(at) => {
                ctx.request_repaint_after(SETTLED.saturating_sub(at.elapsed()));
                false
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_file_is_noticed_within_a_second() {
        let folder = tempfile::tempdir().expect("a folder");
        let ctx = egui::Context::default();
        let watch = Watch::new(folder.path(), ctx.clone()).expect("a folder can be watched");
        assert!(!watch.take(&ctx));
        std::fs::write(folder.path().join("growth.ron"), "()").expect("written");
        let saved = Instant::now();
        while !watch.take(&ctx) {
            assert!(saved.elapsed() < Duration::from_secs(1), "the change was not noticed");
            std::thread::sleep(Duration::from_millis(10));
        }
        assert!(!watch.take(&ctx), "a change is told once");
    }
}
