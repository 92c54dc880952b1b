//! Answers to what people type: the moments of all scenes, ranked.
//!
//! A moment is what a scene says at a step: a question that is answered there, a title, a stop, a remark, a claim that it shows,
//! the sentence of an event. Both languages are searched at once. Words are ranked by BM25; what people really ask counts most.

mod words;

use std::collections::HashSet;

use bm25::{Document, SearchEngine, SearchEngineBuilder};
use serde::Serialize;

use crate::catalog::Catalog;
use crate::scene::Run;
use crate::text::{Lang, Text};
use words::Words;

/// What a scene says at a step.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// The scene's id.
    pub scene: String,
    /// The position in it.
    pub at: usize,
    /// What is said there.
    pub text: Text,
    /// The scene's title.
    pub title: Text,
    /// What kind of thing it is.
    pub kind: Kind,
}

/// What kind of thing an answer is, the most telling first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Kind {
    /// What people ask, and this moment answers.
    Question,
    /// The scene itself.
    Scene,
    /// A moment worth stopping at.
    Stop,
    /// What people say of the mechanism, shown here to be so or not.
    Claim,
    /// What the author or the mechanism says of a step.
    Step,
}

impl Kind {
    fn weight(self) -> f32 {
        match self {
            Kind::Question => 2.4,
            Kind::Scene => 1.8,
            Kind::Stop => 1.7,
            Kind::Claim => 1.3,
            Kind::Step => 1.0,
        }
    }
}

/// An answer and how well it fits.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit<'a> {
    /// The answer.
    pub answer: &'a Answer,
    /// Higher fits better.
    pub score: f32,
}

/// All moments, ready to be searched.
pub struct Index {
    answers: Vec<Answer>,
    engine: SearchEngine<usize, u32, Words>,
    words: Words,
}

/// Hits of one scene that are shown at most.
const A_SCENE: usize = 3;
/// Documents that are looked at for a query.
const LOOKED_AT: usize = 200;

impl Index {
    /// Makes the moments searchable. What each belongs to (its scene, its mechanism) is found with it.
    pub fn of(answers: Vec<(Answer, Text)>) -> Index {
        let words = Words::new();
        let documents = answers.iter().enumerate().map(|(i, (answer, mechanism))| {
            let Answer { text, title, .. } = answer;
            // The title of a scene counts for each of its moments, so that words spread over both find it.
            let all = [&text.en, &text.zh, &title.en, &title.zh, &mechanism.en, &mechanism.zh];
            Document::new(i, all.map(|words| words.as_str()).join("\n"))
        });
        let documents: Vec<Document<usize>> = documents.collect();
        let engine =
            SearchEngineBuilder::<usize, u32, Words>::with_tokenizer_and_documents(words.clone(), documents).build();
        Index { answers: answers.into_iter().map(|(answer, _)| answer).collect(), engine, words }
    }

    /// The moments of every scene of a catalogue that can be staged, but for traces that somebody brought: how they are gathered, for whoever has the time.
    pub fn plan(catalog: &Catalog) -> impl FnOnce() -> Index + Send + 'static {
        let plan = |scene: &crate::catalog::Scene| {
            Some((catalog.plan(&scene.id).ok()?, catalog.header(scene).ok()?.summary.clone()))
        };
        let plans: Vec<_> = catalog.scenes().iter().filter(|scene| !scene.is_trace()).filter_map(plan).collect();
        move || {
            let mut all = Vec::new();
            for (plan, summary) in plans {
                let Ok(run) = plan() else { continue };
                let (mechanism, group) = (&run.mechanism().title, &run.mechanism().group);
                let belongs =
                    Text::new(format!("{} {}", group.en, mechanism.en), format!("{} {}", group.zh, mechanism.zh));
                all.extend(moments(&*run, &summary).into_iter().map(|answer| (answer, belongs.clone())));
            }
            Index::of(all)
        }
    }

    /// The words that a query is about, as they may stand in a text: by their stems, in lower case.
    pub fn words(&self, query: &str) -> Vec<String> {
        self.words.of(query)
    }

    /// The best moments, best first, at most `limit` of them and three of a scene. What is typed as a question is none for the
    /// ranking: 怎么, how, ? carry nothing.
    pub fn find(&self, query: &str, limit: usize) -> Vec<Hit<'_>> {
        let asked: HashSet<String> = self.words.of(query).into_iter().collect();
        if asked.is_empty() {
            return Vec::new();
        }
        let plain = query.trim().to_lowercase();
        let mut hits: Vec<Hit> = Vec::new();
        for found in self.engine.search(query, LOOKED_AT) {
            let answer = &self.answers[found.document.id];
            let said: HashSet<String> =
                self.words.of(&answer.text.en).into_iter().chain(self.words.of(&answer.text.zh)).collect();
            // The share of the query that the moment itself says, not only its scene's title.
            let share = asked.intersection(&said).count() as f32 / asked.len() as f32;
            let verbatim = [&answer.text.en, &answer.text.zh].iter().any(|text| text.to_lowercase().contains(&plain));
            let score = found.score * answer.kind.weight() * (0.25 + share) * if verbatim { 1.5 } else { 1.0 };
            hits.push(Hit { answer, score });
        }
        hits.sort_by(|a, b| b.score.total_cmp(&a.score));
        let mut kept: Vec<Hit> = Vec::new();
        for hit in hits {
            let same = |other: &&Hit| other.answer.scene == hit.answer.scene;
            let again = kept.iter().filter(same).any(|other| other.answer.at == hit.answer.at);
            if !again && kept.iter().filter(same).count() < A_SCENE {
                kept.push(hit);
            }
            if kept.len() == limit {
                break;
            }
        }
        kept
    }
}

/// The moments of a scene.
pub fn moments(run: &dyn Run, summary: &Text) -> Vec<Answer> {
    let title = run.title();
    let answer = |kind, at, text| Answer { scene: run.id().to_owned(), at, text, title: title.clone(), kind };
    let both = |a: &Text, b: &Text| {
        Text::new(
            format!("{}: {}", a.en.trim_end_matches(['.', ':']), b.en),
            format!("{}：{}", a.zh.trim_end_matches(['。', '：']), b.zh),
        )
    };
    let mut found = vec![answer(Kind::Scene, 0, both(title, summary))];
    found.extend(run.questions().into_iter().map(|question| answer(Kind::Question, question.at, question.ask)));
    let story = run.story();
    found.extend(story.stops.iter().map(|stop| answer(Kind::Stop, stop.at, both(&stop.title, &stop.says))));
    let name = run.id().rsplit('/').next().unwrap_or_default();
    for claim in run.mechanism().claims.iter().filter(|claim| claim.shown.scene == name) {
        if let Some(at) = run.find(&claim.shown.event, claim.shown.nth) {
            found.push(answer(Kind::Claim, at, both(&claim.says, &claim.correct)));
        }
    }
    let (mut met, mut said) = (HashSet::new(), HashSet::new());
    for at in 1..=run.steps() {
        let text = |lang: Lang| run.caption(at, lang);
        let (en, zh) = (text(Lang::En), text(Lang::Zh));
        let first = run.event(at).is_some_and(|event| met.insert(event.name));
        // What is said of a step in particular, and of each kind of step once.
        if said.insert(en.meaning()) || first {
            found.push(answer(Kind::Step, at, Text::new(en.spoken(), zh.spoken())));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(scene: &str, kind: Kind, en: &str, zh: &str) -> (Answer, Text) {
        let text = Text::new(en, zh);
        (Answer { scene: scene.to_owned(), at: 1, text, title: Text::same(scene), kind }, Text::same("map"))
    }

    #[test]
    fn words_of_either_language_find_the_moment_and_questions_come_first() {
        let index = Index::of(vec![
            answer("a", Kind::Step, "The map grows.", "开始扩容。"),
            answer("b", Kind::Question, "When does a map grow?", "map 什么时候扩容？"),
            answer("c", Kind::Step, "The load factor is 6.5.", "负载因子是 6.5。"),
            answer("d", Kind::Step, "hashWriting is set.", "设置 hashWriting。"),
        ]);
        let first = |query: &str| index.find(query, 5).first().map(|hit| hit.answer.scene.clone());
        for (query, scene) in [
            ("map 怎么扩容", "b"),
            ("how do maps grow?", "b"),
            ("growing", "b"),
            ("6.5", "c"),
            ("负载因子", "c"),
            ("load factors", "c"),
            ("hashwriting", "d"),
            ("writing", "d"),
        ] {
            assert_eq!(first(query).as_deref(), Some(scene), "{query}");
        }
        assert!(index.find("怎么", 5).is_empty() && index.find("", 5).is_empty() && index.find("zebra", 5).is_empty());
    }
}
