//! What the window remembers between two openings, and the file that holds it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread::JoinHandle;

use serde::{Deserialize, Serialize};

use crate::diagram::palette::Theme;
use crate::player::Branches;
use crate::text::Lang;

/// Everything that is remembered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Of the window and of scenes.
    pub lang: Lang,
    /// Dark or light.
    pub theme: Theme,
    /// Speed of playing, 0.25 to 8.
    pub speed: f32,
    /// Size of everything in the window, 0.7 to 2; 1 is the desktop's own.
    pub scale: f32,
    /// No movement between positions.
    pub reduced_motion: bool,
    /// Which panel is shown.
    pub panel: PanelTab,
    /// Whether the panels are shown at all.
    pub panels_open: bool,
    /// The scene that was open when the window was closed; none if that was the library.
    pub last: Option<String>,
    /// What is remembered of each scene, by its id.
    pub scenes: BTreeMap<String, Remembered>,
}

/// What is remembered of a scene.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Remembered {
    /// The position that was shown last.
    pub at: usize,
    /// The furthest position of the scene itself that was seen.
    pub seen: usize,
    /// Its number of steps, so that a card need not stage it.
    pub steps: usize,
    /// The viewer's what-ifs.
    pub branches: Branches,
}

/// A panel beside the stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, strum::EnumIter)]
pub enum PanelTab {
    /// Code, what changed, why.
    #[default]
    Code,
    /// The machine's state as a tree.
    State,
    /// Which laws hold here.
    Laws,
    /// Gauges over the whole run.
    Curves,
    /// What people say, and whether it is so.
    Claims,
    /// The viewer's what-ifs.
    Branches,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            lang: Lang::default(),
            theme: Theme::default(),
            speed: 1.0,
            scale: 1.0,
            reduced_motion: false,
            panel: PanelTab::default(),
            panels_open: true,
            last: None,
            scenes: BTreeMap::new(),
        }
    }
}

/// The smallest and the largest size of the window's parts.
pub const SCALES: (f32, f32) = (0.7, 2.0);

/// The settings file. Saving happens on a thread of its own, so that no frame waits for a disk.
pub struct Store {
    sender: Option<mpsc::Sender<String>>,
    writer: Option<JoinHandle<()>>,
    saved: Settings,
}

/// Settings as they were read, and what is to be said about that.
pub struct Loaded {
    pub settings: Settings,
    /// Where a damaged file was put, and what was wrong with it.
    pub damaged: Option<(PathBuf, String)>,
}

/// The folder of the settings: `GLASSBOX_CONFIG_DIR`, or where the desktop keeps such things.
pub fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("GLASSBOX_CONFIG_DIR").filter(|dir| !dir.is_empty()).map(PathBuf::from);
    named.or_else(|| directories::ProjectDirs::from("", "", "glassbox").map(|dirs| dirs.config_dir().to_owned()))
}

/// Reads the settings in a folder. A damaged file is set aside and never fatal.
pub fn load(folder: &Path) -> Loaded {
    let file = folder.join("settings.ron");
    let text = match std::fs::read(&file) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|error| error.to_string()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Loaded { settings: Settings::default(), damaged: None };
        }
        Err(error) => Err(error.to_string()),
    };
    let read = text.and_then(|text| ron::from_str::<Settings>(&text).map_err(|error| error.to_string()));
    match read {
        Ok(settings) => Loaded { settings: settings.within_limits(), damaged: None },
        Err(cause) => {
            let aside = folder.join("settings.ron.damaged");
            let moved = std::fs::rename(&file, &aside);
            let place = if moved.is_ok() { aside } else { file };
            Loaded { settings: Settings::default(), damaged: Some((place, cause)) }
        }
    }
}

impl Settings {
    /// Figures that a hand may have written, brought within their limits; branches that make no sense left out.
    fn within_limits(mut self) -> Settings {
        let sane = |figure: f32, low: f32, high: f32| if figure.is_finite() { figure.clamp(low, high) } else { 1.0 };
        self.speed = sane(self.speed, 0.25, 8.0);
        self.scale = sane(self.scale, SCALES.0, SCALES.1);
        for scene in self.scenes.values_mut() {
            if scene.branches.fault().is_some() {
                scene.branches = Branches::default();
            }
        }
        self
    }
}

impl Store {
    /// A store that writes to a folder; without one nothing is kept.
    pub fn new(folder: Option<PathBuf>, saved: Settings) -> Store {
        let Some(folder) = folder else { return Store { sender: None, writer: None, saved } };
        let (sender, receiver) = mpsc::channel::<String>();
        let writer = std::thread::Builder::new().name("settings".to_owned()).spawn(move || {
            while let Ok(mut text) = receiver.recv() {
                // Only the latest one matters.
                while let Ok(later) = receiver.try_recv() {
                    text = later;
                }
                if let Err(error) = write(&folder, &text) {
                    eprintln!("settings were not saved in {}: {error}", folder.display());
                }
            }
        });
        Store { sender: Some(sender), writer: writer.ok(), saved }
    }

    /// Saves settings if they differ from what was saved last.
    pub fn save(&mut self, settings: &Settings) {
        if self.saved == *settings {
            return;
        }
        self.saved = settings.clone();
        let Some(sender) = &self.sender else { return };
        if let Ok(text) = ron::ser::to_string_pretty(settings, ron::ser::PrettyConfig::default()) {
            // The writer lives as long as the sender; if it could not be started, nothing is kept.
            let _ = sender.send(text);
        }
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

/// Replaces the file as a whole or not at all.
fn write(folder: &Path, text: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    std::io::Write::write_all(&mut file, text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(folder.join("settings.ron"))?;
    Ok(())
}
