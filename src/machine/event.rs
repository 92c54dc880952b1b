//! What one step did: events, the places in the state that their figures name, and the places that decided the step.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt::Debug;

use serde::Serialize;
use serde_json::Value;

/// The record of one step. The name of the variant picks the caption and the code line, its fields are the figures.
/// Written with [`events!`].
pub trait Event: Clone + Debug + PartialEq + Serialize + Send + Sync + 'static {
    /// Every event, in the order of the source.
    const FACTS: &'static [Fact];
    /// What a figure of this name is in every event that says nothing else; see [`crate::figures`] for the words.
    const FIGURES: &'static [(&'static str, &'static str)];

    /// The variant's number in [`Event::FACTS`].
    fn number(&self) -> usize;

    /// The figures by name.
    fn fields(&self) -> Vec<(&'static str, &dyn Any)>;

    /// The variant's name, such as `Hashed`.
    fn name(&self) -> &'static str {
        Self::FACTS[self.number()].name
    }

    /// The figure of this name and type, such as the goroutine `g` that took the step.
    fn figure<T: Clone + 'static>(&self, name: &str) -> Option<T> {
        let fields = self.fields();
        fields.into_iter().find(|(known, _)| *known == name)?.1.downcast_ref().cloned()
    }

    /// Places in the state (`oldbuckets[3]`, `nevacuate`) that decided this step; the last steps that changed them, or
    /// anything below them, are its reasons.
    fn depends(&self) -> Vec<String> {
        let templates = Self::FACTS[self.number()].depends;
        if templates.is_empty() {
            return Vec::new();
        }
        let texts = figure_texts(self);
        templates.iter().flat_map(|template| crate::figures::paths(template, &texts)).collect()
    }
}

/// What is said of one event besides its figures' types.
#[derive(Debug)]
pub struct Fact {
    /// Its name.
    pub name: &'static str,
    /// Its figures, each with what it is, if that is not what [`Event::FIGURES`] says.
    pub figures: &'static [(&'static str, Option<&'static str>)],
    /// Templates of the paths that decided it. A path that begins with `?` need not be there each time.
    pub depends: &'static [&'static str],
}

/// An event's figures as values, by name.
pub fn figure_texts<E: Event>(event: &E) -> BTreeMap<String, Value> {
    match serde_json::to_value(event) {
        Ok(Value::Object(named)) => match named.into_iter().next() {
            Some((_, Value::Object(figures))) => figures.into_iter().collect(),
            _ => BTreeMap::new(),
        },
        _ => BTreeMap::new(),
    }
}

/// Declares the events of a machine, a line each: name, figures, and after `<-` the places in the state that decided the
/// step.
///
/// ```
/// # use glassbox::machine::{Event as _, events};
/// events! {
///     /// What one step did.
///     pub enum Event {
///         /// `lock(&c.lock)`.
///         Locked { g: u32, ch: String } <- "channels.{ch}.lock";
///         /// `qcount++`.
///         QcountRaised { g: u32, ch: String, qcount: u32 = "channels.{ch}.qcount" } <- "channels.{ch}.qcount";
///         /// Nobody can run.
///         Deadlock;
///     }
///     figures {
///         g: "in goroutines.{g}";
///         ch: "in channels.{ch}";
///     }
/// }
/// let event = Event::Locked { g: 3, ch: "jobs".to_owned() };
/// assert_eq!((event.name(), event.figure::<u32>("g")), ("Locked", Some(3)));
/// assert_eq!(event.depends(), ["channels.jobs.lock"]);
/// ```
///
/// What stands after `=` says where in the state the figure is to be found, or from what it is derived: [`crate::figures`].
/// Figures that mean the same in every event are explained once, under `figures`.
#[macro_export]
macro_rules! events {
    (
        $(#[$outer:meta])*
        pub enum $Event:ident {
            $(
                $(#[$meta:meta])*
                $name:ident $({ $( $(#[$inner:meta])* $field:ident : $type:ty $(= $spec:literal)? ),* $(,)? })?
                $(<- $($depends:literal),+)? ;
            )*
        }
        figures { $( $common:ident : $what:literal; )* }
    ) => {
        $(#[$outer])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize)]
        #[allow(missing_docs, non_snake_case, reason = "figures are explained under `figures` and named as in the source")]
        pub enum $Event {
            $( $(#[$meta])* $name $({ $( $(#[$inner])* $field: $type ),* })? ),*
        }

        impl $crate::machine::Event for $Event {
            const FACTS: &'static [$crate::machine::Fact] = &[$(
                $crate::machine::Fact {
                    name: stringify!($name),
                    figures: &[$($( (stringify!($field), $crate::events!(@spec $($spec)?)) ),*)?],
                    depends: &[$($($depends),+)?],
                }
            ),*];
            const FIGURES: &'static [(&'static str, &'static str)] = &[$( (stringify!($common), $what) ),*];

            fn number(&self) -> usize {
                #[derive(Clone, Copy)]
                enum Number { $($name),* }
                (match self { $( $Event::$name { .. } => Number::$name ),* }) as usize
            }

            #[allow(non_snake_case, reason = "figures have the names that they have in the source")]
            fn fields(&self) -> Vec<(&'static str, &dyn std::any::Any)> {
                match self {
                    $( $Event::$name $({ $($field),* })? => {
                        vec![$($( (stringify!($field), $field as &dyn std::any::Any) ),*)?]
                    } )*
                }
            }
        }
    };
    (@spec $spec:literal) => { Some($spec) };
    (@spec) => { None };
}

pub use crate::events;
