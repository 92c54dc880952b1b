//! The settings' folder: one writer at a time, nobody's words lost, every damaged file kept under a name of its own.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::Settings;
use super::record::Record;
use crate::files::{self, read_text};

/// The largest settings file, in bytes: some 50,000 branches.
const MAX_SETTINGS: usize = 16 << 20;
/// How long another window may take to save.
const PATIENCE: Duration = Duration::from_secs(3);
/// The most damaged files that are kept; after that nothing is saved until somebody clears them away.
const MAX_ASIDE: usize = 999;

/// What is to be told of the settings' file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// It could not be read, for this reason, and was put there.
    SetAside { place: PathBuf, cause: String },
    /// Some of it could not be understood: the rest holds, and the file keeps it.
    PartlyRead(Vec<String>),
    /// The settings could not be saved in this folder.
    NotSaved { place: PathBuf, cause: String },
    /// They are saved again.
    Saved,
}

/// Settings as they were read, and what is to be said about that.
pub struct Loaded {
    pub settings: Settings,
    /// Whether the viewer has ever chosen a language.
    pub names_lang: bool,
    pub news: Option<News>,
}

/// Reads the settings in a folder. A damaged file is set aside and never fatal.
pub fn load(folder: &Path) -> Loaded {
    let read = |record: Record| {
        let (settings, unread) = record.settings();
        let names_lang = record.names("lang");
        Loaded { settings, names_lang, news: (!unread.is_empty()).then_some(News::PartlyRead(unread)) }
    };
    match record(&file_in(folder)) {
        Ok(record) => read(record),
        // Another window may have put a good one in its place meanwhile.
        Err(_) => match locked(folder, || good_record(folder)) {
            Ok((record, news)) => Loaded { news, ..read(record) },
            Err(error) => {
                let cause = error.to_string();
                Loaded {
                    settings: Settings::default(),
                    names_lang: false,
                    news: Some(News::NotSaved { place: folder.to_owned(), cause }),
                }
            }
        },
    }
}

/// The settings file. Saving happens on a thread of its own, so that no frame waits for a disk.
pub struct Store {
    sender: Option<Sender<Settings>>,
    writer: Option<JoinHandle<()>>,
    news: Receiver<News>,
    saved: Settings,
}

impl Store {
    /// A store that writes to a folder; without one nothing is kept. `wake` is called when there are news.
    pub fn new(folder: Option<PathBuf>, loaded: Settings, wake: impl Fn() + Send + 'static) -> Store {
        let (tell, news) = mpsc::channel();
        let Some(folder) = folder else { return Store { sender: None, writer: None, news, saved: loaded } };
        let (sender, receiver) = mpsc::channel();
        let base = loaded.clone();
        let told = tell.clone();
        let place = folder.clone();
        let writer = thread::Builder::new().name("settings".to_owned()).spawn(move || {
            keep(&folder, base, &receiver, |news| {
                // A window that is closing hears nothing more.
                let _ = tell.send(news);
                wake();
            });
        });
        if let Err(error) = &writer {
            let _ = told.send(News::NotSaved { place, cause: error.to_string() });
        }
        Store { sender: Some(sender), writer: writer.ok(), news, saved: loaded }
    }

    /// Saves settings if they differ from what was saved last.
    pub fn save(&mut self, settings: &Settings) {
        if self.saved == *settings {
            return;
        }
        self.saved = settings.clone();
        if let Some(sender) = &self.sender {
            // If the writer could not be started, that has been told.
            let _ = sender.send(settings.clone());
        }
    }

    /// What has happened since it was asked last.
    pub fn news(&self) -> impl Iterator<Item = News> {
        self.news.try_iter()
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.sender = None;
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

/// Saves whatever is received. `base` is what this window knows to be in the file: what differs from it is its own.
fn keep(folder: &Path, mut base: Settings, receiver: &Receiver<Settings>, tell: impl Fn(News)) {
    let mut unsaved = None;
    while let Ok(mut mine) = receiver.recv() {
        // Only the latest one matters.
        while let Ok(later) = receiver.try_recv() {
            mine = later;
        }
        let failed = unsaved.is_some();
        match locked(folder, || save(folder, &base, &mine)) {
            Ok(news) => {
                news.into_iter().for_each(&tell);
                if failed {
                    tell(News::Saved);
                }
                (base, unsaved) = (mine, None);
            }
            Err(error) => {
                tell(News::NotSaved { place: folder.to_owned(), cause: error.to_string() });
                unsaved = Some(mine);
            }
        }
    }
    if let Some(mine) = unsaved {
        // The last chance; that it fails has been told.
        let _ = locked(folder, || save(folder, &base, &mine));
    }
}

/// Reads what is in the file, puts in what has changed, and replaces it as a whole or not at all.
fn save(folder: &Path, base: &Settings, mine: &Settings) -> io::Result<Option<News>> {
    files::sweep(folder);
    let (mut record, news) = good_record(folder)?;
    let before = record.to_string();
    // Where the file is gone everything is to be written again.
    let base = if record == Record::default() { &Settings::default() } else { base };
    if record.put(base, mine).map_err(io::Error::other)? {
        copy_aside(folder, &before)?;
    }
    let text = record.to_string();
    if text.len() > MAX_SETTINGS {
        return Err(io::Error::other(format!("they would have {} bytes, at most {MAX_SETTINGS} are read", text.len())));
    }
    // A link stays a link.
    let file = file_in(folder);
    let file = fs::canonicalize(&file).unwrap_or(file);
    files::replace(
        &file,
        |error| error,
        |out| {
            out.write_all(text.as_bytes())?;
            out.flush()?;
            out.get_ref().as_file().sync_all()
        },
    )?;
    Ok(news)
}

/// The file's record, a new one if there is none. A damaged file is set aside first: it is not written over.
fn good_record(folder: &Path) -> io::Result<(Record, Option<News>)> {
    let file = file_in(folder);
    match record(&file) {
        Ok(record) => Ok((record, None)),
        Err(cause) => {
            let place = free_name(folder)?;
            fs::rename(&file, &place).map_err(|error| {
                io::Error::new(error.kind(), format!("{} is damaged ({cause}) and stays: {error}", file.display()))
            })?;
            Ok((Record::default(), Some(News::SetAside { place, cause })))
        }
    }
}

fn record(file: &Path) -> Result<Record, String> {
    match read_text(file, MAX_SETTINGS) {
        Ok(text) => Record::parse(&text),
        Err(error) if error.is_missing() && fs::symlink_metadata(file).is_err() => Ok(Record::default()),
        Err(error) => Err(error.to_string()),
    }
}

fn file_in(folder: &Path) -> PathBuf {
    folder.join("settings.ron")
}

/// A name for a damaged file that nothing has yet.
fn free_name(folder: &Path) -> io::Result<PathBuf> {
    let names = (1..=MAX_ASIDE).map(|n| match n {
        1 => folder.join("settings.ron.damaged"),
        n => folder.join(format!("settings.ron.damaged-{n}")),
    });
    let free = |path: &PathBuf| fs::symlink_metadata(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
    names.into_iter().find(free).ok_or_else(|| io::Error::other(format!("{MAX_ASIDE} damaged files are kept already")))
}

fn copy_aside(folder: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create_new(free_name(folder)?)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Does something while no other window does, which may have to be waited for.
fn locked<T>(folder: &Path, work: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    fs::create_dir_all(folder)?;
    let path = folder.join("settings.lock");
    if fs::symlink_metadata(&path).is_ok_and(|metadata| !metadata.is_file()) {
        return Err(io::Error::other(format!("{} is no regular file", path.display())));
    }
    let file = File::options().create(true).truncate(false).write(true).open(&path)?;
    let pause = Duration::from_millis(10);
    let mut waited = Duration::ZERO;
    loop {
        match file.try_lock() {
            Ok(()) => break,
            // A file system without locks: as it was before there were any.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => break,
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if waited < PATIENCE => {
                thread::sleep(pause);
                waited += pause;
            }
            Err(TryLockError::WouldBlock) => {
                return Err(io::Error::other(format!("another window has held {} for {PATIENCE:?}", path.display())));
            }
        }
    }
    work()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::player::Watched;

    fn watched(last: usize) -> Watched {
        let mut watched = Watched::default();
        watched.add(0, last);
        watched
    }
    use crate::app::settings::Remembered;
    use crate::diagram::palette::Theme;
    use crate::text::Lang;

    fn open(folder: &Path) -> (Store, Settings) {
        let settings = load(folder).settings;
        (Store::new(Some(folder.to_owned()), settings.clone(), || {}), settings)
    }

    fn names(folder: &Path) -> Vec<String> {
        let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
        let mut names: Vec<_> = fs::read_dir(folder).expect("a folder").flatten().map(name).collect();
        names.sort();
        names
    }

    #[test]
    fn no_damaged_file_is_ever_written_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("settings.ron.damaged")).expect("made");
        for n in 2..5 {
            fs::write(at("settings.ron"), format!("(damaged {n}")).expect("written");
            let loaded = load(folder.path());
            assert_eq!(loaded.settings, Settings::default());
            let aside = at(&format!("settings.ron.damaged-{n}"));
            assert!(matches!(loaded.news, Some(News::SetAside { place, .. }) if place == aside));
        }
        for n in 2..5 {
            let kept = fs::read_to_string(at(&format!("settings.ron.damaged-{n}"))).expect("kept");
            assert_eq!(kept, format!("(damaged {n}"));
        }
        let (mut store, settings) = open(folder.path());
        fs::write(at("settings.ron"), "(damaged while the window is open").expect("written");
        store.save(&Settings { theme: Theme::Light, ..settings });
        drop(store);
        assert!(fs::read_to_string(at("settings.ron.damaged-5")).expect("kept").contains("while the window is open"));
        assert_eq!(load(folder.path()).settings.theme, Theme::Light);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_pipe_a_device_and_a_folder_are_set_aside_and_nothing_waits_for_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = file_in(folder.path());
        std::process::Command::new("mkfifo").arg(&file).status().expect("mkfifo is there");
        assert!(matches!(load(folder.path()).news, Some(News::SetAside { cause, .. }) if cause.contains("a pipe")));
        std::os::unix::fs::symlink("/dev/zero", &file).expect("a link");
        assert!(matches!(load(folder.path()).news, Some(News::SetAside { cause, .. }) if cause.contains("a device")));
        fs::create_dir(&file).expect("a folder");
        assert!(matches!(load(folder.path()).news, Some(News::SetAside { cause, .. }) if cause.contains("a folder")));
        fs::remove_file(folder.path().join("settings.lock")).expect("there");
        std::process::Command::new("mkfifo").arg(folder.path().join("settings.lock")).status().expect("mkfifo");
        fs::write(&file, "(").expect("written");
        assert!(
            matches!(load(folder.path()).news, Some(News::NotSaved { cause, .. }) if cause.contains("no regular file"))
        );
        assert_eq!(fs::read_to_string(&file).expect("it stays"), "(");
    }

    #[test]
    fn two_windows_lose_nothing_of_each_other() {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut one, mut first) = open(folder.path());
        first.scenes.insert(
            "a/shared".to_owned(),
            Remembered { at: 1, watched: watched(5), steps: 9, ..Remembered::default() },
        );
        one.save(&first);
        drop(one);
        let ((mut one, mut first), (mut other, mut second)) = (open(folder.path()), open(folder.path()));
        for n in 0..20 {
            first.scenes.insert(format!("a/first-{n}"), Remembered { at: n, ..Remembered::default() });
            second.scenes.insert(format!("a/second-{n}"), Remembered { at: n, ..Remembered::default() });
            one.save(&first);
            other.save(&second);
        }
        first.theme = Theme::Light;
        second.lang = Lang::En;
        let shared = |settings: &mut Settings, at, seen, action: &str| {
            let scene = settings.scenes.get_mut("a/shared").expect("read");
            (scene.at, scene.watched) = (at, watched(seen));
            scene.branches.fork(3, action);
            scene.branches.fork(4, "Get(\"below\")");
        };
        shared(&mut first, 4, 8, "Insert(\"first\")");
        shared(&mut second, 2, 7, "Insert(\"second\")");
        one.save(&first);
        drop(one);
        other.save(&second);
        drop(other);
        let both = load(folder.path()).settings;
        assert_eq!((both.theme, both.lang), (Theme::Light, Lang::En));
        assert_eq!(both.scenes.len(), 41);
        let scene = &both.scenes["a/shared"];
        assert_eq!(
            (scene.at, scene.watched.steps(99), scene.steps),
            (2, 8, 9),
            "where the later one was; the furthest that was seen"
        );
        let tree: Vec<_> = scene.branches.all().iter().map(|b| (b.actions.join(" "), b.parent)).collect();
        let below = "Get(\"below\")".to_owned();
        let wanted = [
            (String::new(), None),
            ("Insert(\"second\")".to_owned(), Some((0, 3))),
            (below.clone(), Some((1, 4))),
            ("Insert(\"first\")".to_owned(), Some((0, 3))),
            (below, Some((3, 4))),
        ];
        assert_eq!(tree, wanted);
        assert_eq!(names(folder.path()), ["settings.lock", "settings.ron"]);
    }

    #[test]
    fn a_removed_branch_stays_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut one, mut first) = open(folder.path());
        let mut scene = Remembered::default();
        scene.branches.fork(1, "Clear");
        first.scenes.insert("a/b".to_owned(), scene);
        one.save(&first);
        drop(one);
        let ((mut one, mut first), (mut other, mut second)) = (open(folder.path()), open(folder.path()));
        first.scenes.get_mut("a/b").expect("read").branches.remove(1);
        one.save(&first);
        drop(one);
        second.scenes.get_mut("a/b").expect("read").at = 4;
        other.save(&second);
        drop(other);
        // The other window has changed only its place; that it still holds the branch is no wish to have it.
        let scene = load(folder.path()).settings.scenes.remove("a/b").expect("read");
        assert_eq!((scene.at, scene.branches.all().len()), (4, 1));
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_told_and_tried_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let inside = folder.path().join("file/settings");
        fs::write(folder.path().join("file"), "in the way").expect("written");
        let mut store = Store::new(Some(inside.clone()), Settings::default(), || {});
        let news = |store: &Store| store.news.recv_timeout(Duration::from_secs(20)).expect("something is told");
        let mut mine = Settings { theme: Theme::Light, ..Settings::default() };
        store.save(&mine);
        assert!(matches!(news(&store), News::NotSaved { place, .. } if place == inside));
        fs::remove_file(folder.path().join("file")).expect("removed");
        mine.lang = Lang::En;
        store.save(&mine);
        assert_eq!(news(&store), News::Saved);
        drop(store);
        assert_eq!(load(&inside).settings, mine, "what could not be saved before is saved now");
    }

    #[test]
    fn what_was_not_understood_is_copied_before_it_goes() {
        let folder = tempfile::tempdir().expect("a folder");
        let text = "(scenes: {\"a/b\": (at: 2, branches: (branches: [(name: \"\", parent: None, actions: []), \
                    (name: \"lost\", parent: Some((7, 1)), actions: [\"Clear\"])], shown: 0))})";
        fs::write(file_in(folder.path()), text).expect("written");
        let loaded = load(folder.path());
        assert!(matches!(&loaded.news, Some(News::PartlyRead(unread)) if unread[0].contains("lost")));
        let (mut store, mut settings) = open(folder.path());
        settings.lang = Lang::En;
        store.save(&settings);
        drop(store);
        assert!(fs::read_to_string(file_in(folder.path())).expect("read").contains("lost"));
        let (mut store, mut settings) = open(folder.path());
        settings.scenes.get_mut("a/b").expect("read").at = 3;
        store.save(&settings);
        drop(store);
        assert!(fs::read_to_string(folder.path().join("settings.ron.damaged")).expect("copied").contains("lost"));
        assert!(load(folder.path()).news.is_none());
    }
}
