//! The keyboard: one table that binds the keys and documents them.

use std::collections::BTreeSet;

use egui::{Event, Key, Modifiers};

use super::command::Command;
use super::settings::PanelTab;
use crate::diagram::palette::Theme;
use crate::player::{Command as Move, Direction};
use crate::scene::Grain;
use crate::text::Lang;

/// Keys that do the same thing.
pub struct Binding {
    /// As shown in the table.
    pub shown: &'static str,
    /// The key of the words that say what they do.
    pub words: &'static str,
    /// Each key with the modifiers that must be held.
    pub keys: &'static [(Modifiers, Key)],
    /// Where they work.
    pub place: Place,
    /// What they do.
    pub act: Act,
}

/// Where keys work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Everywhere.
    Anywhere,
    /// Where a scene is open.
    Scene,
    /// Where a scene is open and its panels can be seen: not while presenting, where what they do would be unseen.
    Window,
    /// Everywhere but while presenting.
    Pages,
    /// While presenting.
    Stage,
}

/// What keys do.
#[derive(Clone, Copy)]
pub enum Act {
    /// One command for each press; held down it repeats as the keyboard does.
    Press(fn(Now) -> Command),
    /// One command for each press; held down it does nothing more.
    Once(fn(Now) -> Command),
    /// A step for each press; held down the film runs until the key is let go.
    Film(Direction),
}

/// What a key's effect may depend on.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    pub lang: Lang,
    pub theme: Theme,
    pub presenting: bool,
    /// The stage is blank.
    pub blank: bool,
    pub grain: Grain,
    pub stage_size: bool,
    /// A card lies over the stage, which Escape closes even from its own field.
    pub card_open: bool,
}

const NONE: Modifiers = Modifiers::NONE;
const SHIFT: Modifiers = Modifiers::SHIFT;
const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers { shift: true, ..CTRL };

/// Every key of the window.
pub const BINDINGS: &[Binding] = &[
    Binding {
        shown: "Space",
        words: "key-play",
        keys: &[(NONE, Key::Space)],
        place: Place::Scene,
        act: Act::Once(|_| Command::Move(Move::Toggle)),
    },
    Binding {
        shown: "↓",
        words: "key-next-stop",
        keys: &[(NONE, Key::ArrowDown)],
        place: Place::Scene,
        act: Act::Press(|_| Command::Move(Move::Travel(Direction::Forward, Grain::Stop))),
    },
    Binding {
        shown: "↑",
        words: "key-previous-stop",
        keys: &[(NONE, Key::ArrowUp)],
        place: Place::Scene,
        act: Act::Press(|_| Command::Move(Move::Travel(Direction::Back, Grain::Stop))),
    },
    Binding {
        shown: "PageDown",
        words: "key-press-forward",
        keys: &[(NONE, Key::PageDown)],
        place: Place::Scene,
        act: Act::Press(|_| Command::Move(Move::Press(Direction::Forward))),
    },
    Binding {
        shown: "PageUp",
        words: "key-press-back",
        keys: &[(NONE, Key::PageUp)],
        place: Place::Scene,
        act: Act::Press(|_| Command::Move(Move::Press(Direction::Back))),
    },
    Binding {
        shown: "S",
        words: "key-grain",
        keys: &[(NONE, Key::S)],
        place: Place::Scene,
        act: Act::Once(|now| Command::Move(Move::Grain(now.grain.next()))),
    },
    Binding {
        shown: "→",
        words: "key-forward",
        keys: &[(NONE, Key::ArrowRight)],
        place: Place::Scene,
        act: Act::Film(Direction::Forward),
    },
    Binding {
        shown: "←",
        words: "key-back",
        keys: &[(NONE, Key::ArrowLeft)],
        place: Place::Scene,
        act: Act::Film(Direction::Back),
    },
    Binding {
        shown: "Shift →",
        words: "key-next-action",
        keys: &[(SHIFT, Key::ArrowRight)],
        place: Place::Scene,
        act: Act::Press(|_| Command::Move(Move::Travel(Direction::Forward, Grain::Action))),
    },
    Binding {
        shown: "Shift ←",
        words: "key-previous-action",
        keys: &[(SHIFT, Key::ArrowLeft)],
        place: Place::Scene,
        act: Act::Press(|_| Command::Move(Move::Travel(Direction::Back, Grain::Action))),
    },
    Binding {
        shown: "R",
        words: "key-rewind",
        keys: &[(NONE, Key::R)],
        place: Place::Scene,
        act: Act::Once(|_| Command::ToggleRewind),
    },
    Binding {
        shown: "Home",
        words: "key-home",
        keys: &[(NONE, Key::Home)],
        place: Place::Scene,
        act: Act::Once(|_| Command::Move(Move::Home)),
    },
    Binding {
        shown: "End",
        words: "key-end",
        keys: &[(NONE, Key::End)],
        place: Place::Scene,
        act: Act::Once(|_| Command::Move(Move::End)),
    },
    Binding {
        shown: "+",
        words: "key-faster",
        keys: &[(NONE, Key::Plus), (SHIFT, Key::Plus), (NONE, Key::Equals), (SHIFT, Key::Equals)],
        place: Place::Window,
        act: Act::Press(|_| Command::Move(Move::Faster)),
    },
    Binding {
        shown: "-",
        words: "key-slower",
        keys: &[(NONE, Key::Minus)],
        place: Place::Window,
        act: Act::Press(|_| Command::Move(Move::Slower)),
    },
    Binding {
        shown: "L",
        words: "key-loop",
        keys: &[(NONE, Key::L)],
        place: Place::Window,
        act: Act::Once(|_| Command::Move(Move::ToggleLoop)),
    },
    Binding {
        shown: "F",
        words: "key-fork",
        keys: &[(NONE, Key::F)],
        place: Place::Window,
        act: Act::Once(|_| Command::ToggleWhatIf),
    },
    Binding {
        shown: "/  Ctrl F",
        words: "key-find",
        keys: &[(NONE, Key::Slash), (CTRL, Key::F)],
        place: Place::Pages,
        act: Act::Once(|_| Command::Find),
    },
    Binding {
        shown: "N",
        words: "key-find-next",
        keys: &[(NONE, Key::N)],
        place: Place::Window,
        act: Act::Press(|_| Command::FindNext(Direction::Forward)),
    },
    Binding {
        shown: "Shift N",
        words: "key-find-previous",
        keys: &[(SHIFT, Key::N)],
        place: Place::Window,
        act: Act::Press(|_| Command::FindNext(Direction::Back)),
    },
    Binding {
        shown: "1",
        words: "panel-code",
        keys: &[(NONE, Key::Num1)],
        place: Place::Window,
        act: Act::Once(|_| Command::Panel(PanelTab::Code)),
    },
    Binding {
        shown: "2",
        words: "panel-state",
        keys: &[(NONE, Key::Num2)],
        place: Place::Window,
        act: Act::Once(|_| Command::Panel(PanelTab::State)),
    },
    Binding {
        shown: "3",
        words: "panel-laws",
        keys: &[(NONE, Key::Num3)],
        place: Place::Window,
        act: Act::Once(|_| Command::Panel(PanelTab::Laws)),
    },
    Binding {
        shown: "4",
        words: "panel-curves",
        keys: &[(NONE, Key::Num4)],
        place: Place::Window,
        act: Act::Once(|_| Command::Panel(PanelTab::Curves)),
    },
    Binding {
        shown: "5",
        words: "panel-claims",
        keys: &[(NONE, Key::Num5)],
        place: Place::Window,
        act: Act::Once(|_| Command::Panel(PanelTab::Claims)),
    },
    Binding {
        shown: "6",
        words: "panel-branches",
        keys: &[(NONE, Key::Num6)],
        place: Place::Window,
        act: Act::Once(|_| Command::Panel(PanelTab::Branches)),
    },
    Binding {
        shown: "P",
        words: "key-panels",
        keys: &[(NONE, Key::P)],
        place: Place::Window,
        act: Act::Once(|_| Command::TogglePanels),
    },
    Binding {
        shown: "V",
        words: "key-stage-size",
        keys: &[(NONE, Key::V)],
        place: Place::Window,
        act: Act::Once(|now| Command::StageSize(!now.stage_size)),
    },
    Binding {
        shown: "0",
        words: "key-fit",
        keys: &[(NONE, Key::Num0)],
        place: Place::Scene,
        act: Act::Once(|_| Command::FitStage),
    },
    Binding {
        shown: "F5",
        words: "key-present",
        keys: &[(NONE, Key::F5), (SHIFT, Key::F5)],
        place: Place::Scene,
        act: Act::Once(|now| Command::Present(!now.presenting)),
    },
    Binding {
        shown: ".  B",
        words: "key-blank",
        keys: &[(NONE, Key::Period), (NONE, Key::B)],
        place: Place::Stage,
        act: Act::Once(|_| Command::ToggleBlank),
    },
    Binding {
        shown: "Esc",
        words: "key-escape",
        keys: &[(NONE, Key::Escape)],
        place: Place::Anywhere,
        act: Act::Once(|_| Command::Back),
    },
    Binding {
        shown: "Backspace",
        words: "key-library",
        keys: &[(NONE, Key::Backspace)],
        place: Place::Window,
        act: Act::Once(|_| Command::Library),
    },
    Binding {
        shown: "T",
        words: "key-theme",
        keys: &[(NONE, Key::T)],
        place: Place::Anywhere,
        act: Act::Once(|now| Command::Theme(now.theme.other())),
    },
    Binding {
        shown: "Z",
        words: "key-language",
        keys: &[(NONE, Key::Z)],
        place: Place::Anywhere,
        act: Act::Once(|now| Command::Language(now.lang.other())),
    },
    Binding {
        shown: "Ctrl +",
        words: "key-larger",
        keys: &[(CTRL, Key::Plus), (CTRL, Key::Equals), (CTRL_SHIFT, Key::Plus), (CTRL_SHIFT, Key::Equals)],
        place: Place::Anywhere,
        act: Act::Press(|_| Command::ScaleBy(1)),
    },
    Binding {
        shown: "Ctrl -",
        words: "key-smaller",
        keys: &[(CTRL, Key::Minus)],
        place: Place::Anywhere,
        act: Act::Press(|_| Command::ScaleBy(-1)),
    },
    Binding {
        shown: "Ctrl 0",
        words: "key-scale-reset",
        keys: &[(CTRL, Key::Num0)],
        place: Place::Anywhere,
        act: Act::Once(|_| Command::Scale(1.0)),
    },
    Binding {
        shown: "?",
        words: "key-help",
        keys: &[(NONE, Key::Questionmark), (SHIFT, Key::Questionmark), (SHIFT, Key::Slash), (NONE, Key::F1)],
        place: Place::Anywhere,
        act: Act::Once(|_| Command::ToggleKeys),
    },
];

/// The keys that are held, by their place on the keyboard. egui counts by what they mean: where Shift is let go before `/`, the
/// `?` never comes up again, and the next one would be taken for the keyboard's repetition.
#[derive(Default)]
pub struct Held(BTreeSet<Key>);

impl Held {
    /// Takes an event in; whether a press is the keyboard's own repetition.
    fn repeats(&mut self, key: Key, physical: Option<Key>, pressed: bool) -> bool {
        let place = physical.unwrap_or(key);
        if pressed {
            return !self.0.insert(place);
        }
        self.0.remove(&place);
        false
    }
}

/// What the keys pressed in this frame ask for: nothing while a text field has the keyboard, or had it when the key went
/// down (Escape only leaves the field).
pub fn read(ctx: &egui::Context, now: Now, scene_open: bool, was_typing: bool, held: &mut Held) -> Vec<Command> {
    let typing = was_typing || ctx.text_edit_focused();
    // Space and Enter belong to a button that was reached by Tab.
    let on_widget = ctx.memory(|memory| memory.focused().is_some());
    if on_widget && !typing && scene_open {
        keep_arrows(ctx);
    }
    let mut commands = Vec::new();
    ctx.input(|input| {
        if !input.focused {
            // Whatever is let go elsewhere is not told.
            held.0.clear();
        }
        for event in &input.events {
            let Event::Key { key, physical_key, pressed, modifiers, .. } = event else { continue };
            let repeat = held.repeats(*key, *physical_key, *pressed);
            let leaves_card = now.card_open && *key == Key::Escape;
            if (typing && !leaves_card) || (on_widget && matches!(key, Key::Space | Key::Enter)) {
                continue;
            }
            let bound = BINDINGS.iter().find(|binding| binding.binds(*key, *modifiers, now, scene_open));
            if now.blank && *pressed && !repeat {
                // Whatever is pressed shows the stage again, and nothing goes on unseen.
                commands.push(Command::ToggleBlank);
                continue;
            }
            let Some(binding) = bound else { continue };
            match (binding.act, pressed, repeat) {
                (Act::Press(act), true, _) | (Act::Once(act), true, false) => commands.push(act(now)),
                (Act::Film(way), true, false) => commands.push(Command::Move(Move::Step(way))),
                (Act::Film(way), true, true) => commands.push(Command::Hold(way)),
                (Act::Film(_), false, _) => commands.push(Command::Release),
                _ => {}
            }
        }
    });
    commands
}

/// Arrows step through the scene; they don't move the focus from one button to the next.
fn keep_arrows(ctx: &egui::Context) {
    let filter = egui::EventFilter { horizontal_arrows: true, vertical_arrows: true, ..egui::EventFilter::default() };
    ctx.memory_mut(|memory| {
        if let Some(id) = memory.focused() {
            memory.set_focus_lock_filter(id, filter);
        }
    });
}

impl Binding {
    fn binds(&self, key: Key, held: Modifiers, now: Now, scene_open: bool) -> bool {
        let here = match self.place {
            Place::Anywhere => true,
            Place::Scene => scene_open,
            Place::Window => scene_open && !now.presenting,
            Place::Pages => !now.presenting,
            Place::Stage => scene_open && now.presenting,
        };
        here && self.keys.iter().any(|(modifiers, bound)| *bound == key && held.matches_exact(*modifiers))
    }
}
