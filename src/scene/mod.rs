//! From a script to a run: words, scripts, tapes. The machine's type ends here.

pub mod captions;
pub mod diff;
pub mod fault;
pub mod lint;
pub mod listing;
pub mod mechanism;
pub mod page;
pub mod run;
pub mod script;
pub mod stage;
pub mod staged;
pub mod tape;

pub use fault::Fault;
pub use mechanism::{Claim, ClaimVerdict, CodeLine, Kind, Mechanism, Moment};
pub use run::{
    ActionError, ActionRecord, Actions, Caption, Change, Curve, EventRecord, Reason, Run, Span, Style, Verdict,
};
pub use script::Table;
pub use stage::Header;
