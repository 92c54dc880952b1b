//! The sweeper: span after span, by mark bits alone (`mgcsweep.go`).

use super::event::Event;
use super::setup::Pointers;
use super::state::{Colour, GoGc, Object};
use super::tea::Bits;

impl GoGc {
    /// Takes a span, frees one white object of it, or gives it back swept.
    pub(super) fn sweep(&mut self, by: &'static str) -> Event {
        let Some(span) = self.sweeping() else {
            let span = self.unswept().unwrap_or_default();
            if let Some(taken) = self.spans.get_mut(span) {
                taken.sweepgen += 1;
            }
            return Event::SpanTaken { span, by };
        };
        let slots = &self.spans[span].slots;
        let white = |name: &String| {
            self.objects.get(name).is_some_and(|object| object.colour == Colour::White && !object.freed)
        };
        if let Some(at) = slots.iter().position(|slot| slot.as_ref().is_some_and(white)) {
            return self.free(span, at);
        }
        let kept: Vec<String> = slots.iter().flatten().cloned().collect();
        for name in &kept {
            if let Some(object) = self.objects.get_mut(name) {
                object.colour = Colour::White;
            }
        }
        let swept = &mut self.spans[span];
        swept.sweepgen = self.sweepgen;
        swept.bits = swept.bits.take().map(|bits| Bits::new(bits.marks.len(), bits.noscan));
        Event::SpanSwept { span, kept: kept.len() }
    }

    fn free(&mut self, span: usize, at: usize) -> Event {
        let obj = self.spans[span].slots[at].take().unwrap_or_default();
        if !self.reachable().contains(obj.as_str()) {
            self.objects.remove(&obj);
            self.counts.freed += 1;
            return Event::Freed { span, obj };
        }
        self.counts.lost += 1;
        let by = self.holder(&obj);
        if let Some(object) = self.objects.get_mut(&obj) {
            object.freed = true;
        }
        Event::LiveFreed { span, obj, by }
    }

    /// Who points at a reachable object: a variable, a global, or a slot.
    fn holder(&self, obj: &str) -> String {
        let of = |pointers: &Pointers| pointers.iter().find(|(_, to)| *to == obj).map(|(name, _)| name.clone());
        let var = self.goroutines.iter().find_map(|(g, goroutine)| Some(format!("G{g}.{}", of(&goroutine.stack)?)));
        let reachable = self.reachable();
        let slot = |(name, object): (&String, &Object)| {
            reachable.contains(name.as_str()).then(|| of(&object.slots)).flatten().map(|slot| format!("{name}.{slot}"))
        };
        var.or_else(|| of(&self.globals)).or_else(|| self.objects.iter().find_map(slot)).unwrap_or_default()
    }
}
