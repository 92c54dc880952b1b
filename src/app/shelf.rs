//! The window's border: what it asks of whoever holds the scenes.

use crate::scene::Run;
use crate::search::{Answer, Index, Kind};
use crate::text::Text;

/// Holds the scenes. Opening one stages it; listing them does not.
pub trait Library {
    /// All scenes in the order of the library page; scenes of one mechanism lie side by side.
    fn scenes(&self) -> &[SceneCard];

    /// How a scene is staged, for whoever has the time to do it: the window has it done on another thread.
    fn plan(&self, id: &str) -> Plan;

    /// Reads again what has changed since the last reading. `true` if anything may be different now.
    fn reload(&mut self) -> bool {
        false
    }

    /// How the moments of all scenes are made searchable, for whoever has the time: titles and summaries if nothing better is
    /// known.
    fn index(&self) -> IndexPlan {
        let answer = |card: &SceneCard| {
            let text = Text::new(
                format!("{}: {}", card.title.en, card.summary.en),
                format!("{}：{}", card.title.zh, card.summary.zh),
            );
            let (scene, title) = (card.id.clone(), card.title.clone());
            (Answer { scene, at: 0, text, title, kind: Kind::Scene }, card.mechanism_title.clone())
        };
        let answers: Vec<_> = self.scenes().iter().map(answer).collect();
        Box::new(move || Index::of(answers))
    }

    /// What could not be read: files that hold no scene, each with its place and cause.
    fn faults(&self) -> &[String] {
        &[]
    }
}

/// Makes the moments of all scenes searchable.
pub type IndexPlan = Box<dyn FnOnce() -> Index + Send>;

/// Stages a scene. The errors have their places: `scenes/go-map/growth.ron:14:9: …`.
pub type Plan = Box<dyn FnOnce() -> Result<Box<dyn Run>, Vec<String>> + Send>;

/// What the library page says of a scene without staging it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SceneCard {
    /// Its id: `go-map/growth`.
    pub id: String,
    /// The id of its mechanism: `go-map`.
    pub mechanism: String,
    /// What the mechanism belongs to: `Go runtime`.
    pub group: Text,
    /// The mechanism's title: `map`.
    pub mechanism_title: Text,
    /// The scene's title.
    pub title: Text,
    /// What it shows, in a sentence.
    pub summary: Text,
    /// The release and the file that are modelled: `Go 1.23.9 · runtime/map.go`.
    pub models: String,
    /// Whether recordings of the real thing were replayed through the machine without a difference.
    pub replayed: bool,
    /// How true the machine is known to be: the first line in short, the others in full.
    pub fidelity: Text,
}
