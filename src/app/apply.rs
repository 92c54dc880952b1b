//! The one place that carries out what is asked of the window.

use std::time::Duration;

use egui::{Context, ViewportCommand};

use super::command::{Command, Place};
use super::grown::Grown;
use super::overlay::Notice;
use super::session::Session;
use super::settings::{News, PanelTab};
use super::whatif::WhatIf;
use super::{Shell, top_bar};
use crate::diagram::Size;
use crate::paint::theme;
use crate::player::{Branches, Command as Move, Direction};
use crate::scene::ActionError;
use crate::text::visible;

/// The longest stretch of time that a frame may take for granted: after a stall the film goes on, it doesn't leap.
const LONGEST: f64 = 0.25;

/// While something is staged, the window looks for it this often.
const STILL_STAGING: Duration = Duration::from_millis(30);

/// The number of what is staged again because a file was saved.
const AGAIN: u64 = u64::MAX;

/// Turns that are taken at once when a viewer lets a branch go on.
const TURNS: usize = 60;

/// Seconds for which a message that asks for nothing stays.
const GOOD_NEWS: f64 = 2.5;

impl Shell {
    /// Carries out a command.
    pub fn apply(&mut self, ctx: &Context, command: Command) {
        match command {
            Command::Open { scene, place } => {
                if let Some(session) = self.session.as_ref().filter(|_| place.is_some()) {
                    self.left.push((session.run().id().to_owned(), session.at()));
                }
                self.open_scene(ctx, &scene, place);
            }
            Command::Library => self.close_scene(ctx),
            Command::Find => match &mut self.session {
                Some(session) => session.find.focus = true,
                None => self.page.focus = true,
            },
            Command::Language(lang) => {
                self.settings.lang = lang;
                if let Some(session) = &mut self.session {
                    session.language_changed();
                    entitle(ctx, session.run().title().get(lang));
                }
            }
            Command::Theme(theme) => {
                self.settings.theme = theme;
                theme::apply(ctx, theme);
            }
            Command::Scale(scale) => self.rescale(ctx, scale),
            Command::ScaleBy(notches) => self.rescale(ctx, top_bar::scaled(self.settings.scale, notches)),
            Command::StageSize(large) => {
                self.settings.stage_size = large;
                self.resize_picture();
            }
            Command::ReducedMotion(reduced) => {
                self.settings.reduced_motion = reduced;
                if let Some(session) = &mut self.session {
                    session.set_reduced_motion(reduced);
                }
            }
            Command::Panel(panel) => {
                self.settings.panel = panel;
                self.settings.panels_open = true;
            }
            Command::TogglePanels => self.settings.panels_open = !self.settings.panels_open,
            Command::Present(presenting) => self.present(ctx, presenting),
            Command::ToggleBlank => self.blank = !self.blank,
            Command::ToggleKeys => self.show_keys = !self.show_keys,
            Command::Back => self.back(ctx),
            Command::Dismiss(notice) => {
                if notice < self.notices.len() {
                    self.notices.remove(notice);
                }
            }
            other => self.apply_to_session(ctx, other),
        }
    }

    fn apply_to_session(&mut self, ctx: &Context, command: Command) {
        let lang = self.settings.lang;
        let Some(session) = &mut self.session else { return };
        match command {
            Command::Move(movement) => {
                session.travel(&movement, lang);
                self.settings.speed = session.transport().speed();
                self.settings.grain = session.transport().grain();
            }
            Command::ToggleRewind => {
                let rewinding = session.transport().playing() == Some(Direction::Back);
                let movement = if rewinding { Move::Pause } else { Move::Play(Direction::Back) };
                session.travel(&movement, lang);
            }
            Command::Hold(way) => {
                if session.transport().playing() != Some(way) {
                    session.travel(&Move::Play(way), lang);
                }
                self.holding = true;
            }
            Command::Release if self.holding => {
                self.holding = false;
                session.travel(&Move::Pause, lang);
            }
            Command::GoTo(typed) => {
                let steps = session.run().steps();
                self.notices.retain(|notice| !matches!(notice, Notice::NoStep { .. } | Notice::NoNumber { .. }));
                match typed.parse::<usize>() {
                    Ok(at) if at <= steps => session.travel(&Move::Seek(at), lang),
                    Ok(at) => self.notices.push(Notice::NoStep { at, steps }),
                    Err(_) => self.notices.push(Notice::NoNumber { typed, steps }),
                }
            }
            Command::UntilEvent(name) => match session.next_event(&name) {
                Some(at) => session.travel(&Move::Until(at), lang),
                None => self.notices.push(Notice::NoMoment { event: name }),
            },
            Command::Act(typed) => {
                // What stands on the buttons may be typed as well.
                let choices = session.run().choices(session.at());
                let shown = |title: &str| title.trim() == typed.trim();
                let meant = choices.into_iter().find(|choice| shown(&choice.title.en) || shown(&choice.title.zh));
                let action = meant.map_or(typed, |choice| choice.text);
                let taken = session.act(&action, lang);
                self.acted(ctx, taken);
            }
            Command::GoOn => {
                let ended = session.go_on(TURNS, lang);
                self.notices.retain(|notice| !matches!(notice, Notice::RanOn(_)));
                let taken = ended.map(|ended| self.notices.extend(ended.map(Notice::RanOn)));
                self.acted(ctx, taken);
            }
            Command::ToggleWhatIf => {
                session.whatif.toggle();
                if session.transport().playing().is_some() {
                    session.travel(&Move::Pause, lang);
                }
            }
            Command::ShowBranch(branch) => session.show(branch),
            Command::RenameBranch(branch, name) => session.rename(branch, &name),
            Command::RemoveBranch(branch) => session.remove(branch),
            Command::Compare(left, right) => {
                session.comparing.compare(left, right);
                self.settings.panel = PanelTab::Branches;
            }
            Command::Reveal(path) => {
                session.tree.reveal(&path);
                self.settings.panel = PanelTab::State;
                self.settings.panels_open = true;
            }
            Command::FindNext(way) => {
                let at = session.at();
                let hit = match way {
                    Direction::Forward => session.find.next(at),
                    Direction::Back => session.find.previous(at),
                };
                if let Some(hit) = hit {
                    session.travel(&Move::Seek(hit), lang);
                }
            }
            Command::FitStage => session.view = super::stage::View::default(),
            _ => {}
        }
    }

    /// Shows what an action of the viewer's has done, or why it was not taken.
    fn acted(&mut self, ctx: &Context, taken: Result<(), ActionError>) {
        let Some(session) = &mut self.session else { return };
        match taken {
            Ok(()) => {
                session.set_reduced_motion(self.settings.reduced_motion);
                session.whatif = WhatIf::default();
                ctx.memory_mut(|memory| memory.stop_text_input());
            }
            Err(error) => {
                session.whatif.error = Some(error);
                // What is typed next mends it, and is not taken for keys of the player.
                session.whatif.focus = true;
            }
        }
    }

    fn open_scene(&mut self, ctx: &Context, id: &str, place: Option<Place>) {
        if let Some(session) = self.session.as_mut().filter(|session| session.run().id() == id) {
            self.opening = None;
            let Some(place) = place else { return };
            session.show(0);
            match place {
                Place::Step(at) => {
                    let steps = session.run().steps();
                    if at > steps {
                        self.notices.push(Notice::NoStep { at, steps });
                    }
                    session.travel(&Move::Seek(at), self.settings.lang);
                }
                Place::Moment(moment) => match session.run().find(&moment.event, moment.nth) {
                    Some(at) => session.travel(&Move::Seek(at), self.settings.lang),
                    None => self.notices.push(Notice::NoMoment { event: moment.event }),
                },
            }
            return;
        }
        self.remember_now();
        let plan = self.library.plan(id);
        let wanted = self.settings.scenes.get(id).map(|remembered| remembered.branches.clone()).unwrap_or_default();
        let since = ctx.input(|input| input.time);
        let number = self.opening.as_ref().map_or(0, |opening| opening.number + 1);
        let scene = id.to_owned();
        self.stager.give(move || Staged { number, scene, result: plan().map(|run| Grown::new(run, &wanted)), wanted });
        self.opening = Some(Opening { number, scene: id.to_owned(), place, since });
        self.receive(ctx, self.patience);
    }

    /// Takes what has been staged, waiting for it at most so long.
    pub(super) fn receive(&mut self, ctx: &Context, patience: Duration) {
        while let Some(staged) = self.stager.wait(patience) {
            match self.opening.take_if(|opening| opening.number == staged.number && opening.scene == staged.scene) {
                Some(opening) => self.opened(ctx, opening, staged),
                None => self.reloaded(ctx, staged),
            }
        }
        if self.opening.is_some() || self.stager.pending() > 0 {
            ctx.request_repaint_after(STILL_STAGING);
        }
    }

    fn opened(&mut self, ctx: &Context, opening: Opening, staged: Staged) {
        let lang = self.settings.lang;
        let id = opening.scene;
        let grown = match staged.result {
            Ok(grown) => grown,
            Err(errors) => {
                self.settings.last = self.session.as_ref().map(|session| session.run().id().to_owned());
                self.awaited = self.session.is_none().then(|| (id.clone(), opening.place));
                self.notices.push(Notice::Unstaged { scene: id, errors });
                return;
            }
        };
        let remembered = self.settings.scenes.get(&id).cloned().unwrap_or_default();
        let mut session = Session::new(grown, &remembered);
        session.set_reduced_motion(self.settings.reduced_motion);
        session.travel(&Move::Speed(self.settings.speed), lang);
        session.travel(&Move::Grain(self.settings.grain), lang);
        self.notices.retain(|notice| !matches!(notice, Notice::DormantBranches(_)));
        let dormant = session.dormant();
        if !dormant.is_empty() {
            self.notices.push(Notice::DormantBranches(dormant));
        }
        entitle(ctx, session.run().title().get(lang));
        self.session = Some(session);
        self.awaited = None;
        self.resize_picture();
        self.settings.last = Some(id.clone());
        if opening.place.is_some() {
            self.open_scene(ctx, &id, opening.place);
        }
        ctx.request_repaint();
    }

    fn close_scene(&mut self, ctx: &Context) {
        self.awaited = None;
        self.left.clear();
        self.opening = None;
        self.remember_now();
        self.session = None;
        self.settings.last = None;
        self.present(ctx, false);
        ctx.send_viewport_cmd(ViewportCommand::Title("Glassbox".to_owned()));
    }

    fn present(&mut self, ctx: &Context, presenting: bool) {
        let presenting = presenting && self.session.is_some();
        if presenting != self.presenting {
            ctx.send_viewport_cmd(ViewportCommand::Fullscreen(presenting));
        }
        self.presenting = presenting;
        self.blank = false;
        self.resize_picture();
    }

    /// Draws the picture for whoever looks at it: an audience, or one reader.
    fn resize_picture(&mut self) {
        let large = self.presenting || self.settings.stage_size;
        if let Some(session) = &mut self.session {
            session.size = if large { Size::Stage } else { Size::Window };
        }
    }

    fn rescale(&mut self, ctx: &Context, scale: f32) {
        self.settings.scale = scale;
        ctx.set_zoom_factor(scale);
    }

    /// Closes whatever lies on top.
    fn back(&mut self, ctx: &Context) {
        if self.show_keys {
            self.show_keys = false;
        } else if self.presenting {
            self.present(ctx, false);
        } else if let Some(session) = self.session.as_mut().filter(|session| session.whatif.open) {
            session.whatif.toggle();
        } else if egui::Popup::is_any_open(ctx) {
            egui::Popup::close_all(ctx);
        } else if self.session.is_some() {
            self.return_to(ctx);
        }
    }

    /// To where a claim, an answer or a question led away from.
    fn return_to(&mut self, ctx: &Context) {
        let Some((scene, at)) = self.left.pop() else { return };
        self.open_scene(ctx, &scene, Some(Place::Step(at)));
    }

    /// Counts the time since the last frame while something moves.
    pub(super) fn pass_time(&mut self, ctx: &Context) {
        let lang = self.settings.lang;
        let now = ctx.input(|input| input.time);
        let Some(session) = &mut self.session else { return };
        // What rests may have slept for as long as it rests.
        let longest = LONGEST + f64::from(session.transport().next_change().unwrap_or(0.0));
        let since = self.last_tick.map_or(0.0, |last| (now - last).clamp(0.0, longest));
        session.tick(since as f32, lang);
        self.last_tick = session.transport().moving().then_some(now);
    }

    /// Asks for the next frame only if something will have changed by then.
    pub(super) fn plan_next_frame(&mut self, ctx: &Context) {
        let lang = self.settings.lang;
        let Some(session) = &mut self.session else { return };
        let mut find = std::mem::take(&mut session.find);
        let searching = find.advance(session.run(), lang);
        session.find = find;
        match session.transport().next_change() {
            _ if searching => ctx.request_repaint(),
            Some(seconds) if seconds > 0.0 => ctx.request_repaint_after_secs(seconds),
            Some(_) => ctx.request_repaint(),
            None => {}
        }
        if session.transport().moving() {
            let now = ctx.input(|input| input.time);
            self.last_tick.get_or_insert(now);
        }
    }

    /// Good news goes by itself.
    pub(super) fn forget_good_news(&mut self, ctx: &Context) {
        let Some(until) = self.good_news_until else { return };
        let left = until - ctx.input(|input| input.time);
        if left > 0.0 {
            ctx.request_repaint_after_secs(left as f32);
            return;
        }
        self.good_news_until = None;
        self.notices.retain(|notice| *notice != Notice::Reloaded);
    }

    /// Saves what has changed, when the viewer's hands are still.
    pub(super) fn remember(&mut self, ctx: &Context) {
        let moving = self.session.as_ref().is_some_and(|session| session.transport().moving());
        if !moving && !ctx.input(|input| input.pointer.any_down()) {
            self.remember_now();
        }
    }

    /// Saves what has changed.
    pub(super) fn remember_now(&mut self) {
        if let Some(session) = &self.session {
            let now = session.remembered();
            if self.settings.scenes.get(session.run().id()) != Some(&now) {
                self.settings.scenes.insert(session.run().id().to_owned(), now);
            }
        }
        self.store.save(&self.settings);
    }

    /// Tells what has happened to the settings' file.
    pub(super) fn hear_of_settings(&mut self) {
        for news in self.store.news().collect::<Vec<_>>() {
            self.notices.retain(|notice| !matches!(notice, Notice::Settings(News::NotSaved { .. })));
            if news != News::Saved {
                self.notices.push(Notice::Settings(news));
            }
        }
    }

    /// Reads the scenes again if one was saved, and keeps the viewer's place.
    pub(super) fn read_again_if_saved(&mut self, ctx: &Context) {
        let Some(watch) = &self.watch else { return };
        let trouble = watch.trouble();
        if trouble != self.not_watched {
            self.notices.retain(|notice| !matches!(notice, Notice::NotWatched(_)));
            self.notices.extend(trouble.clone().map(Notice::NotWatched));
            self.not_watched = trouble;
        }
        if watch.take(ctx) {
            self.read_again(ctx);
        }
    }

    /// Reads the scenes again and keeps the step, as far as the run is the same.
    pub fn read_again(&mut self, ctx: &Context) {
        if !self.library.reload() {
            return;
        }
        self.page.forget();
        self.notices.retain(|notice| !matches!(notice, Notice::Unstaged { .. } | Notice::Reloaded | Notice::Broken(_)));
        let faults = self.library.faults();
        if !faults.is_empty() {
            self.notices.push(Notice::Broken(faults.to_vec()));
        }
        ctx.request_repaint();
        if let Some(session) = &self.session {
            let (id, wanted) = (session.run().id().to_owned(), session.wanted());
            self.stage_again(id, wanted);
            self.receive(ctx, self.patience);
        } else if let Some((scene, place)) = self.awaited.take() {
            self.open_scene(ctx, &scene, place);
        }
    }

    fn stage_again(&mut self, scene: String, wanted: Branches) {
        let plan = self.library.plan(&scene);
        self.stager.give(move || Staged {
            number: AGAIN,
            scene,
            result: plan().map(|run| Grown::new(run, &wanted)),
            wanted,
        });
    }

    fn reloaded(&mut self, ctx: &Context, staged: Staged) {
        let open = self.session.as_mut().filter(|session| session.run().id() == staged.scene);
        let Some(session) = open.filter(|_| staged.number == AGAIN) else { return };
        match staged.result {
            // The viewer has changed the branches while they were staged.
            Ok(_) if session.wanted() != staged.wanted => {
                let wanted = session.wanted();
                self.stage_again(staged.scene, wanted);
            }
            Ok(grown) => {
                session.reload(grown);
                let dormant = session.dormant();
                entitle(ctx, session.run().title().get(self.settings.lang));
                self.notices.retain(|notice| !matches!(notice, Notice::DormantBranches(_)));
                // Of several files that were saved one may be broken: that is no good news.
                if !self.notices.iter().any(|notice| matches!(notice, Notice::Broken(_))) {
                    self.notices.push(Notice::Reloaded);
                }
                self.good_news_until = Some(ctx.input(|input| input.time) + GOOD_NEWS);
                if !dormant.is_empty() {
                    self.notices.push(Notice::DormantBranches(dormant));
                }
            }
            // The run on the stage stays as it is until the file is whole again.
            Err(errors) => self.notices.push(Notice::Unstaged { scene: staged.scene, errors }),
        }
        ctx.request_repaint();
    }
}

/// A scene that is being staged, to be opened.
pub(super) struct Opening {
    number: u64,
    /// Its id.
    pub scene: String,
    /// Where to open it, instead of where it was left.
    place: Option<Place>,
    /// When it was asked for, in egui's seconds.
    pub since: f64,
}

/// What the thread that stages has done.
pub(super) struct Staged {
    number: u64,
    scene: String,
    result: Result<Grown, Vec<String>>,
    /// The branches that were asked for.
    wanted: Branches,
}

/// Names the window after a scene. What would steer a window's title is shown: X11 ends it at a NUL.
fn entitle(ctx: &Context, title: &str) {
    ctx.send_viewport_cmd(ViewportCommand::Title(format!("{} – Glassbox", visible(title))));
}
