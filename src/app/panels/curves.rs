//! The curves: the machine's gauges over the whole run, their cursor tied to the timeline both ways.

use egui::{ScrollArea, Sense, Ui};
use egui_plot::{HLine, Line, LineStyle, Plot, PlotPoint, PlotPoints, Points, VLine};

use super::super::command::Command;
use super::super::look::{self, Look};
use super::super::session::Session;
use super::super::widgets::note;
use crate::diagram::Tone;
use crate::player::Command as Move;
use crate::scene::Curve;

/// A curve is drawn with at most about this many points.
const POINTS: usize = 700;

/// The curves of the shown run, read once.
#[derive(Default)]
pub struct Curves {
    revision: Option<u64>,
    drawn: Vec<Drawn>,
}

struct Drawn {
    curve: Curve,
    values: Vec<PlotPoint>,
    limits: Vec<PlotPoint>,
    /// The one limit that holds everywhere.
    limit: Option<f64>,
}

impl Curves {
    fn prepare(&mut self, session_revision: u64, curves: impl FnOnce() -> Vec<Curve>) {
        if self.revision == Some(session_revision) {
            return;
        }
        self.revision = Some(session_revision);
        self.drawn = curves().into_iter().map(Drawn::new).collect();
    }
}

impl Drawn {
    fn new(curve: Curve) -> Drawn {
        let first = curve.limits.first().copied();
        let limit = first.filter(|first| curve.limits.iter().all(|limit| limit == first));
        let limits = if limit.is_some() { Vec::new() } else { steps(&curve.limits) };
        Drawn { values: steps(&curve.values), limits, limit, curve }
    }
}

/// A figure holds until the next step: a staircase. Of a long run each bin keeps its lowest and highest figure.
fn steps(values: &[f64]) -> Vec<PlotPoint> {
    let bin = values.len().div_ceil(POINTS / 2).max(1);
    let mut points = Vec::new();
    if bin == 1 {
        for (at, value) in values.iter().enumerate() {
            if let Some(last) = points.last().map(|point: &PlotPoint| point.y)
                && last != *value
            {
                points.push(PlotPoint::new(at as f64, last));
            }
            points.push(PlotPoint::new(at as f64, *value));
        }
        return points;
    }
    for (i, chunk) in values.chunks(bin).enumerate() {
        let low = chunk.iter().copied().enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
        let high = chunk.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
        let mut ends: Vec<(usize, f64)> = low.into_iter().chain(high).collect();
        ends.sort_by_key(|(at, _)| *at);
        points.extend(ends.into_iter().map(|(at, value)| PlotPoint::new((i * bin + at) as f64, value)));
    }
    points
}

/// Draws all curves.
pub fn curves_ui(ui: &mut Ui, look: Look, session: &mut Session, out: &mut Vec<Command>) {
    prepare(session);
    let curves = std::mem::take(&mut session.curves);
    ScrollArea::vertical().id_salt("curves").auto_shrink([false, false]).show(ui, |ui| {
        if curves.drawn.is_empty() {
            note(ui, look, look.t("no-curves"));
        }
        let room = ui.available_height() / curves.drawn.len().max(1) as f32 - 44.0;
        for drawn in &curves.drawn {
            curve_ui(ui, look, session, drawn, room.clamp(96.0, 190.0), out);
        }
    });
    session.curves = curves;
}

/// Draws the first curve alone, beside the code.
pub fn first_ui(ui: &mut Ui, look: Look, session: &mut Session, out: &mut Vec<Command>) {
    prepare(session);
    let curves = std::mem::take(&mut session.curves);
    if let Some(drawn) = curves.drawn.first() {
        curve_ui(ui, look, session, drawn, 120.0, out);
    }
    session.curves = curves;
}

fn prepare(session: &mut Session) {
    let mut curves = std::mem::take(&mut session.curves);
    curves.prepare(session.revision(), || session.run().curves());
    session.curves = curves;
}

fn curve_ui(ui: &mut Ui, look: Look, session: &Session, drawn: &Drawn, height: f32, out: &mut Vec<Command>) {
    let (from, to, part) = session.transport().between();
    let now = from as f64 + (to - from) as f64 * f64::from(part);
    let value = drawn.curve.values.get(session.at()).copied();
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        ui.label(look::sans(look.of(&drawn.curve.title), 12.5).color(look.soft()));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if let Some(limit) = drawn.limit {
                ui.label(look::mono(format!("/ {limit}"), 12.5).color(look.tone(Tone::Bad)));
            }
            if let Some(value) = value {
                ui.label(look::mono(figure(value), 13.0).color(look.tone(Tone::Info)));
            }
        });
    });
    let steps = session.run().steps();
    let highest = drawn.curve.values.iter().chain(&drawn.curve.limits).copied().fold(1.0, f64::max);
    let blue = look.tone(Tone::Info);
    let red = look.tone(Tone::Bad);
    let plot = Plot::new(("curve", drawn.curve.name))
        .height(height)
        .include_x(0.0)
        .include_x(steps as f64)
        .include_y(0.0)
        .include_y(highest * 1.08)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .show_background(false)
        .show_axes([false, true])
        .show_grid([false, true])
        .show_crosshair(false)
        .y_axis_min_width(30.0)
        .sense(Sense::click_and_drag());
    let shown = plot.show(ui, |plot| {
        plot.line(
            Line::new("value", PlotPoints::from(&drawn.values[..]))
                .color(blue)
                .width(2.0)
                .allow_band(false)
                .allow_hover(false),
        );
        if let Some(limit) = drawn.limit {
            plot.hline(HLine::new("limit", limit).color(red).style(LineStyle::dashed_dense()).allow_hover(false));
        } else if !drawn.limits.is_empty() {
            let line = Line::new("limit", PlotPoints::from(&drawn.limits[..]));
            plot.line(line.color(red).allow_band(false).style(LineStyle::dashed_dense()).allow_hover(false));
        }
        plot.vline(VLine::new("now", now).color(look.soft()).width(1.0).allow_hover(false));
        if let Some(value) = value {
            let point = Points::new("here", PlotPoints::new(vec![[session.at() as f64, value]]));
            plot.points(point.color(blue).radius(4.5).allow_hover(false));
        }
    });
    let response = shown.response.on_hover_cursor(egui::CursorIcon::PointingHand);
    let name = look.with("curve-of", &[("name", look.of(&drawn.curve.title).into())]);
    response.widget_info(|| egui::WidgetInfo::slider(true, value.unwrap_or(0.0), &name));
    if (response.clicked() || response.dragged())
        && let Some(pointer) = response.interact_pointer_pos()
    {
        let at = shown.transform.value_from_position(pointer).x.round().clamp(0.0, steps as f64);
        out.push(Command::Move(Move::Seek(at as usize)));
    }
}

/// A figure with as many decimals as it needs, two at most.
fn figure(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
