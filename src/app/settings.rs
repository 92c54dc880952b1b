//! What the window remembers between two openings, and the file that holds it.

mod record;
mod store;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::diagram::palette::Theme;
use crate::player::{Branches, Watched};
use crate::scene::Grain;
use crate::text::Lang;
pub use record::Record;
pub(super) use store::{News, Store, load};

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
    /// How far one press goes, and what the film rests on.
    pub grain: Grain,
    /// Size of everything in the window, 0.7 to 2; 1 is the desktop's own.
    pub scale: f32,
    /// No movement between positions.
    pub reduced_motion: bool,
    /// Whether the window's picture is drawn as for an audience.
    pub stage_size: bool,
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
    /// The positions of the scene itself that were watched.
    pub watched: Watched,
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
            grain: Grain::default(),
            scale: 1.0,
            reduced_motion: false,
            stage_size: false,
            panel: PanelTab::default(),
            panels_open: true,
            last: None,
            scenes: BTreeMap::new(),
        }
    }
}

/// The smallest and the largest size of the window's parts.
pub const SCALES: (f32, f32) = (0.7, 2.0);

/// The folder of the settings: `GLASSBOX_CONFIG_DIR`, or where the desktop keeps such things.
pub fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("GLASSBOX_CONFIG_DIR").filter(|dir| !dir.is_empty()).map(PathBuf::from);
    named.or_else(|| directories::ProjectDirs::from("", "", "glassbox").map(|dirs| dirs.config_dir().to_owned()))
}

impl Settings {
    /// Figures that a hand may have written, brought within their limits.
    fn within_limits(mut self) -> Settings {
        let sane = |figure: f32, low: f32, high: f32| if figure.is_finite() { figure.clamp(low, high) } else { 1.0 };
        self.speed = sane(self.speed, 0.25, 8.0);
        self.scale = sane(self.scale, SCALES.0, SCALES.1);
        self
    }
}

impl Remembered {
    /// The same with what somebody else has changed since both were `before`. The place is where this one was last.
    fn with_changes_of(&self, other: &Remembered, before: Option<&Remembered>) -> Remembered {
        let unknown = Remembered::default();
        let before = before.unwrap_or(&unknown);
        let later = |mine: usize, theirs: usize, before: usize| if mine == before { theirs } else { mine };
        let mut branches = self.branches.clone();
        if branches == before.branches {
            branches = other.branches.clone();
        } else {
            branches.adopt(&other.branches, &before.branches);
        }
        Remembered {
            at: later(self.at, other.at, before.at),
            watched: {
                let mut watched = self.watched.clone();
                watched.join(&other.watched);
                watched
            },
            steps: later(self.steps, other.steps, before.steps),
            branches,
        }
    }
}
