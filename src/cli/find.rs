//! `glassbox find`: the moments that answer.

use serde_json::{Value, json};

use super::Failure;
use super::terminal::Out;
use crate::catalog::Catalog;
use crate::search::Index;
use crate::text::Lang;

/// Answers that are printed.
const SHOWN: usize = 12;

/// Prints the moments that fit the words, best first. Nothing found is no failure.
pub fn find(catalog: &Catalog, words: &str, lang: Lang, as_json: bool, out: &mut Out) -> Result<(), Failure> {
    let index = Index::plan(catalog)();
    let hits = index.find(words, SHOWN);
    if as_json {
        let hit = |hit: &crate::search::Hit| {
            let answer = hit.answer;
            json!({
                "scene": answer.scene,
                "at": answer.at,
                "text": answer.text.get(lang),
                "score": (f64::from(hit.score) * 1000.0).round() / 1000.0,
                "kind": answer.kind,
                "title": answer.title.get(lang),
            })
        };
        let hits: Vec<Value> = hits.iter().map(hit).collect();
        return Ok(out.pretty_json(&json!(hits))?);
    }
    for hit in &hits {
        let place = format!("{}@{}", hit.answer.scene, hit.answer.at);
        out.row(&[&place, hit.answer.text.get(lang)])?;
    }
    Ok(())
}
