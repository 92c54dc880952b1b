//! The Go program: a card a function, with the goroutines that stand at each line.

use std::collections::BTreeMap;

use super::super::program::Program;
use super::super::state::{GStatus, Slot};
use super::Shown;
use crate::diagram::Size;
use crate::diagram::parts::{Card, Line, Lines, Token, card, column, lines, row, token};
use crate::text::Text;

impl Shown<'_> {
    /// The functions that have room for a few of their lines, those first whose goroutines take most steps of the run; beside one
    /// P in two columns.
    pub(super) fn programs(&self) -> Line {
        let mut all: Vec<usize> = (0..self.m.programs.len()).filter(|at| self.room.programs[*at] > 0).collect();
        all.sort_by_key(|at| (std::cmp::Reverse(self.room.programs[*at]), *at));
        let height = self.area.h * SHARE - if self.has_card() && !self.alone() { self.size.cell() * 6.0 } else { 0.0 };
        let high = |at: &usize| {
            let lines = listing(&self.m.programs[*at]).len().min(FEW);
            self.size.cell() * AROUND + self.size.body() * 1.45 * lines as f32
        };
        let lines = all.iter().flat_map(|at| listing(&self.m.programs[*at]));
        let wide = lines.map(|(_, depth, line)| line.len() + 2 * depth).max().unwrap_or(0) > self.narrow();
        let one = wide || !self.alone() || all.iter().map(high).sum::<f32>() < self.size.cell() * LOW;
        let columns = if one { 1 } else { 2 };
        let mut shown = vec![(0.0_f32, Vec::new()); columns];
        for at in all {
            let takes = high(&at);
            let Some((taken, column)) = shown.iter_mut().min_by(|a, b| a.0.total_cmp(&b.0)) else { continue };
            if *taken + takes <= height || column.is_empty() {
                *taken += takes;
                column.push(at);
            }
        }
        shown.iter_mut().for_each(|(_, column)| column.sort_unstable());
        shown.sort_by(|a, b| a.1.cmp(&b.1));
        let standing = self.standing();
        let column = |of: &Vec<usize>| column().each_filling(of.iter().map(|at| self.program(*at, &standing)));
        row().each_filling(shown.iter().map(|(_, of)| column(of)).collect::<Vec<_>>())
    }

    /// Who stands at which line of which program, those of the step and those that run first.
    fn standing(&self) -> BTreeMap<(usize, usize), Vec<Slot>> {
        let mut standing: BTreeMap<(usize, usize), Vec<Slot>> = BTreeMap::new();
        for (slot, g) in self.m.live() {
            let program = usize::from(g.program);
            standing.entry((program, usize::from(g.pc))).or_default().push(slot);
        }
        for slots in standing.values_mut() {
            slots.sort_by_key(|slot| self.rank(*slot));
        }
        standing
    }

    fn rank(&self, slot: Slot) -> (bool, bool, u32) {
        (!self.lit(slot), self.m.g(slot).status != GStatus::Running, self.m.goid(slot))
    }

    fn program(&self, at: usize, standing: &BTreeMap<(usize, usize), Vec<Slot>>) -> Card {
        let program = &self.m.programs[at];
        let acting = self.m.acted().and_then(|m| self.m.ms[m as usize].curg).filter(|_| self.event.is_some());
        let acts = acting.is_some_and(|slot| usize::from(self.m.g(slot).program) == at);
        let made = card(format!("program/{at}"), format!("func {}()", program.name)).path("allgs");
        let made = if acts { made.active().tone(self.tone) } else { made };
        let listing = listing(program);
        let mut code = lines(format!("program/{at}/code")).room(listing.len()).margin(self.columns());
        let (mut lead, mut own): (Option<(Slot, usize)>, Option<usize>) = (None, None);
        for (line, (pc, depth, text)) in listing.into_iter().enumerate() {
            code = code.line(depth, text);
            let Some((pc, slots)) = pc.and_then(|pc| Some((pc, standing.get(&(at, pc))?))) else { continue };
            code = self.tags(at, pc, slots).into_iter().fold(code, Lines::tag);
            if lead.is_none_or(|(old, _)| self.rank(slots[0]) < self.rank(old)) {
                lead = Some((slots[0], line));
            }
            if acting.is_some_and(|slot| acts && slots.contains(&slot)) {
                own = Some(line);
            }
        }
        let here = own.or(lead.map(|(_, line)| line));
        let runs = acts || lead.is_some_and(|(slot, _)| self.m.g(slot).status == GStatus::Running);
        let code = code.at(here);
        made.filling(if runs { code } else { code.quiet() })
    }

    /// The goroutines at a line, as many as the margin has columns for.
    fn tags(&self, at: usize, line: usize, slots: &[Slot]) -> Vec<Token> {
        let n = self.columns().len();
        let shown = if slots.len() > n { n - 1 } else { slots.len() };
        let mut tags: Vec<Token> = slots[..shown.max(1)].iter().map(|slot| self.tag(at, *slot)).collect();
        if slots.len() > n && n > 1 {
            let rest = slots.len() - tags.len();
            tags.push(token(format!("program/{at}/more/{line}"), format!("+{rest}")).bare());
        }
        tags
    }

    fn tag(&self, at: usize, slot: Slot) -> Token {
        let goid = self.m.goid(slot);
        let about = Text::new(format!("G{goid} is at this line"), format!("G{goid} 执行到这一行"));
        let made =
            token(format!("program/{at}/g/{goid}"), goid.to_string()).round().tone(self.stands(slot)).about(about);
        let made = made.path(format!("allgs.{goid}")).bend(0.0);
        if self.lit(slot) { made.strong() } else { made }
    }

    /// Characters in the lines of functions that have room beside each other.
    fn narrow(&self) -> usize {
        if self.size == Size::Window { 20 } else { 18 }
    }

    /// The margin: one column where every goroutine has a program of its own, else more and a count.
    fn columns(&self) -> Vec<Token> {
        let one = || token("", self.widest()).round();
        // Apart from the words before it.
        let first = || token("", format!("0{}", self.widest())).round();
        let programs = self.room.programs.iter().filter(|steps| **steps > 0).count();
        let count = || token("", if self.room.goids < 100 { "+99" } else { "+999" }).bare();
        match self.size {
            _ if self.room.goids as usize <= programs => vec![first()],
            Size::Window if self.room.goids < 100 => vec![first(), one(), count()],
            Size::Stage if self.room.used.len() > 3 => vec![first()],
            _ => vec![first(), count()],
        }
    }
}

/// The lines of a function as gofmt has them, those that are statements with their numbers; at its end it returns.
fn listing(program: &Program) -> Vec<(Option<usize>, usize, String)> {
    let mut lines = Vec::new();
    for (pc, text) in program.text.iter().enumerate() {
        match text.strip_suffix(" }").and_then(|text| text.split_once(" { ")) {
            Some((head, body)) if !body.starts_with("/*") => {
                lines.push((None, 0, format!("{head} {{")));
                lines.push((Some(pc), 1, body.to_owned()));
                lines.push((None, 0, String::from("}")));
            }
            _ => lines.push((Some(pc), 0, text.clone())),
        }
    }
    lines.push((Some(program.text.len()), 0, String::from("return")));
    lines
}

/// Lines of a function that are to be seen at least.
const FEW: usize = 3;
/// The share of the height that programs have, and what a card takes besides its lines, in cells.
const SHARE: f32 = 0.8;
const AROUND: f32 = 1.7;
/// So high, in cells, is a P: what is no higher needs no second column.
const LOW: f32 = 8.5;
