//! A card for each goroutine, when several use the map: what it called and what it does next.

use super::super::event::Event;
use super::super::frame::{Frame, Pc};
use super::super::hmap::GoMap;
use super::operation;
use crate::diagram::{Border, Diagram, Fill, Ink, Mark, Tone, label, rect};
use crate::text::Text;

/// Whether more than one goroutine has to be shown.
pub fn is_one(map: &GoMap, event: Option<&Event>) -> bool {
    let frames = map.frames();
    let others = frames.len() > 1 || frames.iter().any(|frame| frame.g > 1);
    others || map.dead().is_some_and(|dead| dead.g > 1) || event.is_some_and(|event| event.goroutine() > 1)
}

/// Draws the cards at the right edge, that of an operation which has just ended too.
pub fn draw(map: &GoMap, event: Option<&Event>, picture: &mut Diagram) {
    let ended = map.ended().filter(|ended| map.frames().iter().all(|frame| frame.g != ended.g));
    let mut frames: Vec<(&Frame, bool)> = map.frames().iter().map(|frame| (frame, false)).collect();
    frames.extend(ended.map(|frame| (frame, true)));
    frames.sort_by_key(|(frame, _)| frame.g);
    for (n, (frame, ended)) in frames.into_iter().enumerate().take(4) {
        picture.push(card(map, event, frame, ended, 160.0 + 126.0 * n as f32));
    }
}

fn card(map: &GoMap, event: Option<&Event>, frame: &Frame, ended: bool, y: f32) -> Mark {
    let lit = event.map(Event::goroutine) == Some(frame.g);
    let died = map.dead().is_some_and(|dead| dead.g == frame.g);
    let call = if ended { operation::outcome(map, event, frame) } else { None };
    let call = operation::fitted(&call.unwrap_or_else(|| operation::call(map, frame)), 226.0);
    let mut card = Mark::new(format!("goroutine/{}", frame.g), rect(1232.0, y, 320.0, 114.0))
        .path("goroutines")
        .label(label(format!("G{}", frame.g), 22.0).strong().left(18.0).down(-34.0))
        .label(call.left(74.0).down(-34.0))
        .label(label(frame.call.function(), 17.0).ink(Ink::Soft).left(18.0))
        .tone(if lit { Tone::Active } else { Tone::Plain });
    if died {
        card = card.tone(Tone::Bad).fill(Fill::Tint);
    } else if ended {
        card = card.label(label(Text::new("has returned", "已返回"), 17.0).ink(Ink::Soft).left(18.0).down(34.0));
    } else if map.dead().is_none() {
        card = card.label(label(Text::new("next", "下一步"), 17.0).ink(Ink::Soft).left(18.0).down(34.0));
        card = card.label(label(next(frame.pc), 17.0).ink(Ink::Tone).left(84.0).down(34.0));
    }
    if frame.toggled {
        card = card.label(label("hashWriting", 16.0).ink(Ink::Of(Tone::Bad)).right(16.0));
    }
    if lit || died { card.border(Border::Thick) } else { card }
}

/// What a goroutine does next, in a few words.
fn next(pc: Pc) -> Text {
    let words = |en: &str, zh: &str| Text::new(en, zh);
    match pc {
        Pc::Checks => words("check hashWriting", "检查 hashWriting"),
        Pc::Hash => words("hash the key", "计算哈希"),
        Pc::SetFlag => words("set hashWriting", "设置 hashWriting"),
        Pc::LazyBucket => words("allocate bucket", "分配首个桶"),
        Pc::PickBucket => words("choose bucket", "选桶"),
        Pc::GrowWorkHit | Pc::GrowWorkNext => words("growWork", "growWork"),
        Pc::Evacuate | Pc::EvacuateCell | Pc::EvacuateFull | Pc::MoveEntry | Pc::ClearOldBucket => {
            words("evacuate old bucket", "迁移旧桶")
        }
        Pc::AdvanceMark | Pc::SkipMark | Pc::FinishGrowth => words("advance nevacuate", "推进 nevacuate"),
        Pc::StartSearch | Pc::Search => words("search the chain", "沿链查找"),
        Pc::CompareKey => words("compare keys", "比较键"),
        Pc::GrowthCheck => words("growth check", "判断扩容"),
        Pc::SetSameSize
        | Pc::NewArray
        | Pc::RaiseB
        | Pc::MoveFlags
        | Pc::SetOldBuckets
        | Pc::SetBuckets
        | Pc::ResetNevacuate
        | Pc::ResetNoverflow
        | Pc::SetSpare => words("hashGrow", "hashGrow"),
        Pc::Again => words("goto again", "goto again"),
        Pc::NewOverflow => words("get overflow bucket", "取溢出桶"),
        Pc::CountOverflow => words("count it", "noverflow 计数"),
        Pc::LinkOverflow => words("link it", "接到链尾"),
        Pc::StoreKey => words("store key", "写键"),
        Pc::StoreTophash => words("store tophash", "写 tophash"),
        Pc::RaiseCount => words("count++", "count++"),
        Pc::CheckFlag => words("check hashWriting again", "再查 hashWriting"),
        Pc::ClearFlag => words("clear flag", "清标志"),
        Pc::StoreElem => words("store elem", "写值"),
        Pc::ChooseArray => words("choose array", "选新旧数组"),
        Pc::ReturnValue => words("return value", "返回值"),
        Pc::ReturnZero => words("return zero value", "返回零值"),
        Pc::ClearKey => words("clear key", "清除键"),
        Pc::ClearElem => words("clear elem", "清除值"),
        Pc::MarkEmptyOne => words("mark emptyOne", "标记 emptyOne"),
        Pc::LookRight | Pc::StepLeft | Pc::TestLeft => words("look at neighbour", "看相邻槽"),
        Pc::MarkEmptyRest => words("mark emptyRest", "标记 emptyRest"),
        Pc::LowerCount => words("count--", "count--"),
        Pc::Reseed | Pc::ClearSeed => words("new hash0", "换 hash0"),
        Pc::ClearChain => words("mark cells empty", "清空各槽标记"),
        Pc::ClearSameSize | Pc::ClearOld | Pc::ClearNevacuate | Pc::ClearNoverflow | Pc::ClearCount => {
            words("reset hmap", "重置 hmap")
        }
        Pc::ClearExtra | Pc::ClearMemory | Pc::ClearSpare => words("zero the array", "清零桶数组"),
        Pc::Snapshot => words("remember buckets", "记下 buckets"),
        Pc::ChooseStart => words("choose start", "选起点"),
        Pc::SetIterFlags => words("set iterator flags", "设置迭代标志"),
        Pc::NextBucket | Pc::NextWrap => words("next bucket", "下一个桶"),
        Pc::NextCells => words("next cells", "下一个槽"),
        Pc::MakeHeader => words("new hmap", "新建 hmap"),
        Pc::MakeSize => words("choose B", "选 B"),
        Pc::MakeArray | Pc::MakeSpare => words("allocate buckets", "分配桶数组"),
        Pc::MakeReturn | Pc::Done => words("return", "返回"),
    }
}
