//! The pacer: the live heap between trigger and goal, as it went, and the figures that the next ones come from.

use crate::diagram::Tone;
use crate::diagram::parts::{Field, Line, column, curves, field, flow};
use crate::text::{Text, bytes};

use super::super::event::Event;
use super::super::pacer::{NOT_TRIGGERED, Pacer};
use super::{Shown, mib_f};

impl Shown<'_> {
    pub(super) fn pacing(&self, pacer: &Pacer) -> Line {
        use Event::{CycleEnded, CycleStarted, GogcSet, HeapGrew, LimitSet};
        let m = self.m;
        let grew = matches!(self.event, Some(HeapGrew { .. }));
        let cycle = matches!(self.event, Some(CycleStarted { .. } | CycleEnded { .. }));
        let set = matches!(self.event, Some(GogcSet { .. } | LimitSet { .. } | CycleEnded { .. }));
        let sized = |key: &'static str, name: &'static str, n: u64| {
            field(key, name, bytes(n)).widest("999.9 MiB").path(format!("pacer.{key}"))
        };
        let gogc = if pacer.gc_percent < 0 { "off".to_owned() } else { pacer.gc_percent.to_string() };
        let limit = if pacer.limited() { bytes(pacer.memory_limit) } else { "off".to_owned() };
        let top = flow()
            .with(field("phase", "gcphase", m.phase.text()).widest("_GCmark").tone(self.tone_if(cycle)).path("phase"))
            .with(
                field("cycles", Text::new("cycles", "周期"), m.cycles.to_string())
                    .widest("99")
                    .tone(self.tone_if(cycle))
                    .path("cycles"),
            )
            .with(
                field("gcPercent", "GOGC", gogc)
                    .widest("off")
                    .tone(self.tone_if(matches!(self.event, Some(GogcSet { .. }))))
                    .path("pacer.gcPercent"),
            )
            .with(
                field("memoryLimit", "GOMEMLIMIT", limit)
                    .widest("99.9 MiB")
                    .tone(self.tone_if(matches!(self.event, Some(LimitSet { .. }))))
                    .path("pacer.memoryLimit"),
            );
        let bottom = flow()
            .with(sized("heapMarked", "heapMarked", pacer.heap_marked).tone(self.tone_if(set && cycle)))
            .with(sized("kept", "kept", pacer.kept))
            .with(self.scan(pacer))
            .with(sized("runway", "runway", pacer.runway).tone(self.tone_if(set)))
            .with(
                field("consMark", "cons/mark", format!("{:.3}", pacer.cons_mark.0))
                    .widest("9.999")
                    .path("pacer.consMark"),
            );
        let line = |of: usize| pacer.history.iter().map(move |sample| mib_f(sample[of]));
        let name = |en: &str, zh: &str, n: u64| Text::new(format!("{en} {}", bytes(n)), format!("{zh} {}", bytes(n)));
        let live_tone = if grew { self.tone } else { Tone::Good };
        let drawn = curves("curves", mib_f(self.room.most) * 1.05, self.room.samples.max(8))
            .curve("goal", name("goal", "目标", pacer.goal), line(2), Tone::Moved, false)
            .steps()
            .curve("trigger", name("trigger", "触发点", pacer.trigger), line(1), Tone::Info, false)
            .steps()
            .curve("live", name("heapLive", "heapLive", pacer.heap_live), line(0), live_tone, true)
            .scale(|mib| Text::same(format!("{mib} MiB")), Text::new("allocations and cycles →", "分配与 GC →"))
            .widest(Text::new("heapLive 99.9 MiB", "heapLive 99.9 MiB"))
            .path("pacer");
        let under = pacer.triggered != NOT_TRIGGERED;
        let assist = under.then(|| sized("triggered", "triggered", pacer.triggered));
        column().with(top).filling(1.0, drawn).with(bottom.each(assist)).gap(1.2)
    }

    fn scan(&self, pacer: &Pacer) -> Field {
        let scan = pacer.last_heap_scan + pacer.last_stack_scan + pacer.globals_scan;
        let ended = matches!(self.event, Some(Event::CycleEnded { .. }));
        field("scan", Text::new("scanned", "扫描量"), bytes(scan))
            .widest("999.9 MiB")
            .tone(self.tone_if(ended))
            .path("pacer.lastHeapScan")
    }
}
