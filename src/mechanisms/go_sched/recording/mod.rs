//! Replays recordings of Go 1.23.9's scheduler: the order in which goroutines ran on one P ([`order`]), and single calls
//! of its functions on 1 to 64 Ps with a state that was put together for them ([`queues`]).

mod act;
mod calls;
mod compare;
mod order;
mod queues;

use serde_json::Value;

use crate::replay::{Recording, RecordingError, Replay, Report};

use super::state::GoSched;

impl Replay for GoSched {
    const WHAT: (&'static str, &'static str) = (
        "the order in which goroutines ran on one P; queues, idle lists and decisions of single calls on 1 to 64 Ps",
        "单个 P 上 goroutine 运行的先后顺序；1 到 64 个 P 上各次调用后的队列、空闲列表与决策",
    );

    fn accepts(header: &Value) -> bool {
        let order = header["mechanism"] == "sched" && header["gomaxprocs"] == 1 && header["schedtick"].is_u64();
        order || header["mechanism"] == "sched-queues"
    }

    fn replay(recording: Recording) -> Result<Report, RecordingError> {
        let header = crate::replay::header(recording.text())?;
        if !GoSched::accepts(&header) {
            let (mechanism, procs) = (&header["mechanism"], &header["gomaxprocs"]);
            let cause = format!(
                "mechanism {mechanism}, gomaxprocs {procs}: neither a run order of one P (sched, 1) nor calls (sched-queues)"
            );
            return Err(RecordingError::new(1, cause));
        }
        if header["mechanism"] == "sched" { order::replay(recording) } else { queues::replay(recording) }
    }
}
