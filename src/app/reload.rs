//! Watches a folder of scenes: tells when something in it was saved, also after the folder was made anew.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};
use std::{fs, io, thread};

use notify::event::{EventKind, ModifyKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher};

/// An editor saves in several strokes; after this long without another one the file is whole.
const SETTLED: Duration = Duration::from_millis(120);
/// A watch holds on to a folder, not to its name: this often it is asked whether the name still means that folder.
const ROUND: Duration = Duration::from_secs(1);

/// A folder under watch.
pub struct Watch {
    shared: Arc<Shared>,
    guard: Sender<Ask>,
}

/// What the window is to know.
struct Shared {
    noted: Mutex<Noted>,
    ctx: egui::Context,
}

#[derive(Default)]
struct Noted {
    /// When something was saved last.
    changed: Option<Instant>,
    /// Why nothing is noticed at present.
    trouble: Option<String>,
}

/// What the guarding thread is asked.
enum Ask {
    /// To look at once whether the folder is still the same.
    Look,
    /// To end.
    Stop,
}

impl Watch {
    /// Watches a folder and everything below it; wakes the window when something was saved.
    pub fn new(folder: &Path, ctx: egui::Context) -> Result<Watch, String> {
        let shared = Arc::new(Shared { noted: Mutex::default(), ctx });
        let (guard, asked) = mpsc::channel();
        let mut watched = Watched::new(folder, &shared, &guard).map_err(|error| error.to_string())?;
        let thread = thread::Builder::new().name("watch".to_owned());
        let started = thread.spawn(move || watched.stay(&asked));
        started.map_err(|error| error.to_string())?;
        Ok(Watch { shared, guard })
    }

    /// Whether something was saved and the saving is over. Asks to be called again while it is not.
    pub fn take(&self, ctx: &egui::Context) -> bool {
        let mut noted = self.shared.noted();
        match noted.changed {
            Some(at) if at.elapsed() >= SETTLED => {
                noted.changed = None;
                true
            }
            Some(at) => {
                ctx.request_repaint_after(SETTLED.saturating_sub(at.elapsed()));
                false
            }
            None => false,
        }
    }

    /// Why nothing is noticed at present: the folder is gone, or can't be watched.
    pub fn trouble(&self) -> Option<String> {
        self.shared.noted().trouble.clone()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // If the thread has ended already, there is nothing to stop.
        let _ = self.guard.send(Ask::Stop);
    }
}

impl Shared {
    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn changed(&self) {
        self.noted().changed = Some(Instant::now());
        self.ctx.request_repaint_after(SETTLED);
    }

    fn in_trouble(&self, trouble: Option<String>) {
        let mut noted = self.noted();
        if noted.trouble != trouble {
            noted.trouble = trouble;
            self.ctx.request_repaint();
        }
    }
}

/// The folder as the guarding thread knows it.
struct Watched {
    folder: PathBuf,
    shared: Arc<Shared>,
    guard: Sender<Ask>,
    /// Which folder it is that is watched, and by what; none while there is no such folder.
    watcher: Option<(Identity, RecommendedWatcher)>,
}

impl Watched {
    fn new(folder: &Path, shared: &Arc<Shared>, guard: &Sender<Ask>) -> notify::Result<Watched> {
        let mut watched = Watched {
            // As events name it.
            folder: std::path::absolute(folder)?,
            shared: Arc::clone(shared),
            guard: guard.clone(),
            watcher: None,
        };
        watched.watch(identity(folder)?)?;
        Ok(watched)
    }

    fn watch(&mut self, identity: Identity) -> notify::Result<()> {
        let (shared, guard, folder) = (Arc::clone(&self.shared), self.guard.clone(), self.folder.clone());
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| match event {
            Ok(event) if event.kind.is_access() => {}
            Ok(event) => {
                shared.changed();
                let goes = matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)));
                if goes && event.paths.contains(&folder) {
                    // The guard lives as long as the watch.
                    let _ = guard.send(Ask::Look);
                }
            }
            // A new folder inside that can't be watched, say.
            Err(error) => {
                shared.in_trouble(Some(format!("{}: {error}", folder.display())));
                shared.changed();
            }
        })?;
        watcher.watch(&self.folder, RecursiveMode::Recursive)?;
        self.watcher = Some((identity, watcher));
        Ok(())
    }

    /// Looks after the folder until it is told to stop.
    fn stay(&mut self, asked: &Receiver<Ask>) {
        loop {
            match asked.recv_timeout(ROUND) {
                Ok(Ask::Look) => self.watcher = None,
                Err(RecvTimeoutError::Timeout) => {}
                Ok(Ask::Stop) | Err(RecvTimeoutError::Disconnected) => return,
            }
            self.look();
        }
    }

    fn look(&mut self) {
        let now = identity(&self.folder);
        if let (Some((watched, _)), Ok(now)) = (&self.watcher, &now)
            && watched == now
        {
            return;
        }
        let before = self.watcher.take().is_some();
        match now.map_err(notify::Error::io).and_then(|identity| self.watch(identity)) {
            Ok(()) => {
                self.shared.in_trouble(None);
                self.shared.changed();
            }
            Err(error) => {
                self.shared.in_trouble(Some(format!("{}: {error}", self.folder.display())));
                if before {
                    self.shared.changed();
                }
            }
        }
    }
}

/// Which folder a name means: on Unix its device and number, and everywhere when it was made, since numbers are used
/// again.
type Identity = ((u64, u64), Option<SystemTime>);

fn identity(folder: &Path) -> io::Result<Identity> {
    let metadata = fs::metadata(folder)?;
    #[cfg(unix)]
    let number = {
        use std::os::unix::fs::MetadataExt;
        (metadata.dev(), metadata.ino())
    };
    #[cfg(not(unix))]
    let number = (0, 0);
    Ok((number, metadata.created().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(20);

    fn until(what: &str, mut done: impl FnMut() -> bool) {
        let began = Instant::now();
        while !done() {
            assert!(began.elapsed() < LONG, "{what}");
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn settle(watch: &Watch, ctx: &egui::Context) {
        let mut quiet = Instant::now();
        while quiet.elapsed() < 4 * SETTLED {
            if watch.take(ctx) {
                quiet = Instant::now();
            }
            thread::sleep(Duration::from_millis(10));
        }
    }

    #[test]
    fn a_saved_file_is_noticed_and_told_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let ctx = egui::Context::default();
        let watch = Watch::new(folder.path(), ctx.clone()).expect("a folder can be watched");
        assert!(!watch.take(&ctx));
        fs::write(folder.path().join("growth.ron"), "()").expect("written");
        until("the change was not noticed", || watch.take(&ctx));
        assert!(!watch.take(&ctx), "a change is told once");
        assert_eq!(watch.trouble(), None);
    }

    #[test]
    fn a_folder_that_goes_is_told_and_one_that_comes_back_is_watched_again() {
        let above = tempfile::tempdir().expect("a folder");
        let folder = above.path().join("scenes");
        fs::create_dir(&folder).expect("made");
        let ctx = egui::Context::default();
        let watch = Watch::new(&folder, ctx.clone()).expect("a folder can be watched");
        for round in 0..3 {
            match round {
                // Moved away, its name meaning nothing.
                1 => fs::rename(&folder, above.path().join("elsewhere")).expect("moved"),
                _ => fs::remove_dir_all(&folder).expect("removed"),
            }
            until("it is not told that the folder is gone", || watch.trouble().is_some());
            fs::create_dir(&folder).expect("made again");
            until("it is not told that the folder is back", || watch.trouble().is_none());
            settle(&watch, &ctx);
            fs::write(folder.join("growth.ron"), "()").expect("written");
            until("a change in the new folder was not noticed", || watch.take(&ctx));
        }
        // Gone and made again between two looks.
        fs::remove_dir_all(&folder).expect("removed");
        fs::create_dir(&folder).expect("made again");
        thread::sleep(2 * ROUND);
        settle(&watch, &ctx);
        fs::write(folder.join("growth.ron"), "()").expect("written");
        until("a change in the new folder was not noticed", || watch.take(&ctx));
        drop(watch);
    }
}
