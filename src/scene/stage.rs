//! Staging: a script's text becomes a run, or a list of what is wrong with it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fault::{Fault, explained, unknown};
use super::mechanism::Mechanism;
use super::run::{ActionError, Run};
use super::script::{self, Beat, Beside, Script, StopMark};
use super::staged::{Remark, Staged};
use super::tape::Tape;
use super::{captions, lint, listing};
use crate::machine::{Budget, Event, Machine, carry_out, set_up};
use crate::text::{Lang, Text, visible};
use crate::trace::{Damaged, Traced};
use crate::view::View;

/// A script's title and place, read without staging it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Its title.
    pub title: Text,
    /// What it shows.
    pub summary: Text,
    /// Where it stands among the scenes of its mechanism.
    pub order: u32,
}

/// Reads only the title and the place of a script.
pub fn header<M: View>(file: &str, text: &str) -> Result<Header, Fault> {
    let script: Script<M::Setup, M::Action> = script::read_script(file, text)?;
    Ok(Header { title: script.title, summary: script.summary, order: script.order })
}

/// What stands beside a scene: its mechanism, if it is another one, the names of both, and its own script, without beats.
pub type Other = (Option<String>, [Text; 2], String);

/// Reads what stands beside a script, if anything does.
pub fn beside<M: View>(file: &str, text: &str) -> Result<Option<Other>, Fault> {
    let script: Script<M::Setup, M::Action> = script::read_script(file, text)?;
    let Some(Beside { mechanism, setup, names }) = script.beside else { return Ok(None) };
    let words = ron(&script.title);
    let setup = setup.map_or_else(String::new, |setup| format!("setup: {}, ", setup.get_ron()));
    let text = format!("(title: {words}, summary: {words}, {setup}before: {}, beats: [])", ron(&script.before));
    Ok(Some((mechanism, names.into(), text)))
}

/// Reads a script and carries it out.
pub fn stage<M: View>(words: &Arc<Mechanism>, id: &str, file: &str, text: &str) -> Result<Box<dyn Run>, Vec<Fault>> {
    let script = script::read_script(file, text).map_err(|fault| vec![fault])?;
    play::<M>(words, id, file, text, script)
}

/// Carries a script out.
fn play<M: View>(
    words: &Arc<Mechanism>,
    id: &str,
    file: &str,
    text: &str,
    script: Script<M::Setup, M::Action>,
) -> Result<Box<dyn Run>, Vec<Fault>> {
    let events = event_names::<M>();
    let remarked = script.beats.iter().flat_map(|beat| {
        let stops = beat.stops.iter().filter_map(|stop| stop.on.as_ref());
        beat.at.keys().chain(stops)
    });
    let remarked = remarked.chain(script.questions.iter().filter_map(|asked| asked.on.as_ref()));
    let unknown_events: Vec<Fault> = remarked
        .filter(|event| !events.contains(&event.as_str()))
        .map(|event| Fault::at(file, place_of(text, event), unknown("event", event, events.iter().copied())))
        .collect();
    if !unknown_events.is_empty() {
        return Err(unknown_events);
    }
    let mut budget = Budget::SCENE;
    let mut machine = set_up::<M>(&script.setup.clone().unwrap_or_default(), &mut budget)
        .map_err(|halt| vec![Fault::new(file, format!("setup refused: {}", halt.reason().en))])?;
    for (i, action) in script.before.iter().enumerate() {
        carry_out(&mut machine, action, &mut budget).map_err(|halt| {
            vec![Fault::new(file, format!("before, action {} `{}` refused: {}", i + 1, ron(action), halt.reason().en))]
        })?;
    }
    let tape = Tape::new(machine, budget);
    let mut run = Staged::new(Arc::clone(words), id.to_owned(), script.title, script.summary, tape);
    run.set_table(script.table);
    run.set_questions(script.questions);
    for (i, beat) in script.beats.into_iter().enumerate() {
        let remark = Arc::new(Remark { say: beat.say, at: beat.at, stops: beat.stops });
        for _ in 0..beat.times {
            run.take(beat.action.clone(), Arc::clone(&remark)).map_err(|error| {
                let cause = match error {
                    ActionError::Refused(reason) => {
                        format!("beat {}, `{}`, is refused: {}", i + 1, ron(&beat.action), reason.en)
                    }
                    other => format!("beat {}, `{}`: {}", i + 1, ron(&beat.action), other.message(Lang::En)),
                };
                vec![Fault::at(file, script::beat_place(text, i), cause)]
            })?;
        }
    }
    let unmet = run.unmet().into_iter().map(|(beat, cause)| match beat {
        Some(beat) => Fault::at(file, script::beat_place(text, beat), format!("beat {}: {cause}", beat + 1)),
        None => Fault::new(file, cause),
    });
    let unmet: Vec<Fault> = unmet.collect();
    if unmet.is_empty() { Ok(Box::new(run)) } else { Err(unmet) }
}

/// A trace's title and summary. Its title is the file's name.
pub fn trace_header<M: Traced>(file: &str, text: &str) -> Result<Header, Fault> {
    let trace = M::read(text).map_err(|damaged| damaged_at(file, &damaged))?;
    Ok(Header { title: name_of(file), summary: trace.summary, order: 0 })
}

/// Plays a trace: its text is the file itself.
pub fn stage_trace<M: View + Traced>(
    words: &Arc<Mechanism>,
    id: &str,
    file: &str,
    text: &str,
) -> Result<Box<dyn Run>, Vec<Fault>> {
    let trace = M::read(text).map_err(|damaged| vec![damaged_at(file, &damaged)])?;
    let beats = trace.stretches.into_iter().map(|stretch| {
        let stop = StopMark { on: None, nth: 1, title: stretch.title, says: Some(stretch.says) };
        Beat { action: stretch.action, times: 1, say: None, at: BTreeMap::new(), stops: vec![stop] }
    });
    let script = Script {
        beside: None,
        mechanism: None,
        order: 0,
        title: name_of(file),
        summary: trace.summary,
        setup: Some(trace.setup),
        before: Vec::new(),
        beats: beats.collect(),
        table: None,
        questions: Vec::new(),
    };
    play::<M>(words, id, file, text, script)
}

/// The lines of a trace's file that are left out; or why nothing of it can be played.
pub fn trace_faults<M: Traced>(file: &str, text: &str) -> Result<Vec<Fault>, Fault> {
    let trace = M::read(text).map_err(|damaged| damaged_at(file, &damaged))?;
    Ok(trace.damaged.iter().map(|damaged| damaged_at(file, damaged)).collect())
}

fn damaged_at(file: &str, damaged: &Damaged) -> Fault {
    Fault::at(file, Some((damaged.line, damaged.column)), damaged.cause.clone())
}

fn name_of(file: &str) -> Text {
    Text::same(visible(file.rsplit(['/', '\\']).next().unwrap_or(file)))
}

/// Line and column of a text in quotes.
fn place_of(text: &str, quoted: &str) -> Option<(usize, usize)> {
    let at = text.find(&format!("\"{quoted}\""))?;
    let before = &text[..at];
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    Some((before.matches('\n').count() + 1, column))
}

fn ron<T: serde::Serialize>(value: &T) -> String {
    script::options().to_string(value).unwrap_or_else(|error| explained(&error))
}

/// Reads mechanism.ron and the listing, and checks that every event, law and gauge of the machine has its words.
pub fn words<M: View>(file: &str, text: &str, listing_file: &str, listing: &str) -> Result<Mechanism, Vec<Fault>> {
    let mut words: Mechanism = script::read(file, text).map_err(|fault| vec![fault])?;
    words.id = M::ID.to_owned();
    words.listing = listing::parse(listing);
    let events = event_names::<M>();
    let mut faults = Vec::new();
    for (number, phase) in words.phases.iter().enumerate() {
        for event in &phase.events {
            if !events.contains(&event.as_str()) {
                faults.push(Fault::new(
                    file,
                    format!("phase `{}`: {}", phase.id, unknown("event", event, events.iter().copied())),
                ));
            }
            if let Some(other) = words.phase_of.insert(event.clone(), number) {
                let (one, two) = (&words.phases[other].id, &phase.id);
                faults.push(Fault::new(file, format!("the event `{event}` belongs to the phases `{one}` and `{two}`")));
            }
        }
    }
    if !words.phases.is_empty() {
        for event in events.iter().filter(|event| !words.phase_of.contains_key(**event)) {
            faults.push(Fault::new(file, format!("the event `{event}` belongs to no phase")));
        }
    }
    let marked = words.listing.iter().flat_map(|line| &line.events);
    for event in marked.clone().filter(|event| !events.contains(&event.as_str())) {
        faults.push(Fault::new(listing_file, unknown("event", event, events.iter().copied())));
    }
    for event in &events {
        if !words.captions.contains_key(*event) {
            faults.push(Fault::new(file, format!("no caption for the event `{event}`")));
        }
        if !marked.clone().any(|marked| marked == event) {
            faults.push(Fault::new(listing_file, format!("no line is marked with the event `{event}`")));
        }
    }
    for event in words.captions.keys().filter(|event| !events.contains(&event.as_str())) {
        faults.push(Fault::new(file, unknown("event", event, events.iter().copied())));
    }
    let laws: Vec<&str> = M::LAWS.iter().map(|law| law.name).collect();
    for law in laws.iter().filter(|law| !words.laws.contains_key(**law)) {
        faults.push(Fault::new(file, format!("no title for the law `{law}`")));
    }
    for law in words.laws.keys().filter(|law| !laws.contains(&law.as_str())) {
        faults.push(Fault::new(file, unknown("law", law, laws.iter().copied())));
    }
    for gauge in M::GAUGES.iter().filter(|gauge| !words.gauges.contains_key(**gauge)) {
        faults.push(Fault::new(file, format!("no title for the gauge `{gauge}`")));
    }
    for gauge in words.gauges.keys().filter(|gauge| !M::GAUGES.contains(&gauge.as_str())) {
        faults.push(Fault::new(file, unknown("gauge", gauge, M::GAUGES.iter().copied())));
    }
    if faults.is_empty() { Ok(words) } else { Err(faults) }
}

/// The names of a machine's events, in the order of the source.
pub fn event_names<M: Machine>() -> Vec<&'static str> {
    M::Event::FACTS.iter().map(|fact| fact.name).collect()
}

/// What an author may want to do better; nothing is wrong. Stops that nobody has set, numbers that somebody has typed.
pub fn advice(run: &dyn Run) -> Vec<String> {
    let mut told = Vec::new();
    if run.steps() > lint::JUDGED {
        told.push(format!(
            "has {} steps: the pictures of {} of them and of its stops were judged",
            run.steps(),
            lint::JUDGED
        ));
    }
    let story = run.story();
    let stops = story.stops.len();
    if !story.marked {
        told.push(String::from("has no stops of its own: they are taken from its remarks"));
    } else if !(5..=12).contains(&stops) {
        told.push(format!("has {stops} stops; 5 to 12 tell a story"));
    }
    let constants = &run.mechanism().constants;
    for words in run.words() {
        for lang in Lang::ALL {
            let said = words.get(lang);
            told.extend(
                captions::typed(said, constants)
                    .into_iter()
                    .map(|number| format!("`{said}`: {number} is typed, not computed")),
            );
        }
    }
    told
}

/// Signs in the author's words that begin something and nothing ends it: a `{` or a `*` alone.
pub fn lint_signs(run: &dyn Run, file: &str, text: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    for words in run.words() {
        for said in Lang::ALL.map(|lang| words.get(lang)) {
            let Some(open) = captions::unclosed(said) else { continue };
            // Where the words stand in the file, if they stand there as they are.
            let place = text.find(said).map(|start| place_in(text, start + open));
            let sign = &said[open..=open];
            faults.push(Fault::at(file, place, format!("nothing closes the `{sign}` in `{said}`")));
        }
    }
    faults
}

/// Line and column of a byte, from 1.
fn place_in(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..at];
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

/// What is wrong with the words of a staged run: placeholders that no figure fills, empty sentences.
pub fn lint_words(run: &dyn Run, file: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    for at in 1..=run.steps() {
        let Some(event) = run.event(at) else { continue };
        let Some(caption) = run.mechanism().captions.get(event.name) else {
            faults.push(Fault::new(file, format!("no caption for the event `{}`", event.name)));
            continue;
        };
        let figures = run.figures(at);
        let mut missing = captions::faults(caption, &figures);
        // What the author says is in the caption as shown, with its placeholders left if nothing fills them.
        let said = Lang::ALL.iter().map(|lang| run.caption(at, *lang).remark());
        missing.extend(said.flat_map(|remark| captions::unfilled(&remark, &figures)));
        for name in missing {
            faults.push(Fault::new(file, format!("step {at}: {} has no figure `{name}`", event.name)));
        }
        if Lang::ALL.iter().any(|lang| run.caption(at, *lang).deed().trim().is_empty()) {
            faults.push(Fault::new(file, format!("step {at}: the caption of {} is empty", event.name)));
        }
    }
    faults.dedup();
    faults
}
