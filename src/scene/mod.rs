//! From a script to a run: words, scripts, tapes. The machine's type ends here.

pub mod mechanism;
pub mod run;

pub use mechanism::{Claim, ClaimVerdict, CodeLine, Kind, Mechanism, Moment};
pub use run::{ActionError, ActionRecord, Caption, Change, Curve, EventRecord, Reason, Run, Span, Verdict};
