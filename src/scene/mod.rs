//! From a script to a run: words, scripts, tapes. The machine's type ends here.

pub mod actions;
pub mod captions;
pub mod complaint;
pub mod diff;
pub mod fault;
mod forms;
pub mod lint;
pub mod listing;
pub mod mechanism;
pub mod page;
pub mod pair;
pub mod rhythm;
pub mod run;
pub mod script;
pub mod search;
pub mod stage;
pub mod staged;
pub mod story;
pub mod tape;

pub use fault::Fault;
pub use mechanism::{Claim, ClaimVerdict, CodeLine, Kind, Mechanism, Moment};
pub use run::{
    ActionError, ActionRecord, Actions, Caption, Change, Choice, Curve, EventRecord, Question, Reason, Run, Span,
    Style, Verdict,
};
pub use script::Table;
pub use stage::Header;
pub use story::{Fold, Grain, Phase, Segment, Stop, Story};
