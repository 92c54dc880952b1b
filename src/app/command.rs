//! What can be asked of the window. Its parts read and return commands; `Shell::apply` carries them out.

use super::settings::PanelTab;
use crate::diagram::palette::Theme;
use crate::player::Command as Move;
use crate::scene::Moment;
use crate::text::Lang;

/// A place in a scene.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Where something happens.
    Moment(Moment),
    /// A position.
    Step(usize),
}

/// Something that is asked of the window.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Play, step, seek.
    Move(Move),
    /// Rewind, or stop rewinding.
    ToggleRewind,
    /// Film in a direction for as long as a key is held.
    Hold(crate::player::Direction),
    /// The key was let go.
    Release,
    /// To the position that was typed, if it is one.
    GoTo(String),
    /// Play on until the next event with this name.
    UntilEvent(String),
    /// Opens a scene, at a moment or where it was left.
    Open {
        /// Its id: `go-map/growth`.
        scene: String,
        /// Where in it; the run as scripted is shown then, no branch.
        place: Option<Place>,
    },
    /// To the library page.
    Library,
    /// Takes an action at this position.
    Act(String),
    /// Lets all who can run take turns from this position.
    GoOn,
    /// Opens or closes the what-if card.
    ToggleWhatIf,
    /// Shows a branch.
    ShowBranch(usize),
    /// Names a branch.
    RenameBranch(usize, String),
    /// Removes a branch and all that leave it.
    RemoveBranch(usize),
    /// Shows the branches panel with these two side by side.
    Compare(usize, usize),
    /// Shows a panel.
    Panel(PanelTab),
    /// Shows or hides the panels.
    TogglePanels,
    /// Reaches a place in the state.
    Reveal(String),
    /// Puts the keyboard into the search.
    Find,
    /// To the next or previous hit of the search.
    FindNext(crate::player::Direction),
    /// The whole canvas again.
    FitStage,
    /// Changes the language.
    Language(Lang),
    /// Changes the theme.
    Theme(Theme),
    /// Changes the size of the window's parts.
    Scale(f32),
    /// Makes the window's parts larger or smaller by a notch.
    ScaleBy(i8),
    /// The picture in the window as for an audience, or as for one reader.
    StageSize(bool),
    /// Switches movement between positions off or on.
    ReducedMotion(bool),
    /// Stage and caption only, or back.
    Present(bool),
    /// Blanks the stage while presenting, or shows it again.
    ToggleBlank,
    /// Shows or hides the table of keys.
    ToggleKeys,
    /// Closes whatever lies on top: keys, what-if, presenting, the scene.
    Back,
    /// Takes a message away.
    Dismiss(usize),
}
