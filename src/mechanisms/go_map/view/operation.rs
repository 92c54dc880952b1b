//! The operation at hand in words: what was called, what it gave, what it does next.

use super::super::super::keys::Key;
use super::super::event::Event;
use super::super::frame::{Call, Frame, Pc};
use super::super::hmap::GoMap;
use super::super::memory::KeyId;
use crate::text::Text;

/// The operation that took this step, or else the first one under way.
pub fn at_work<'a>(map: &'a GoMap, event: Option<&Event>) -> Option<&'a Frame> {
    let of = |frame: &&Frame| event.is_some_and(|event| event.goroutine() == frame.g);
    map.frames().iter().find(of).or(map.ended().filter(of)).or(map.frames().first())
}

/// The call as it stands in the program: `m["k1"] = 7`.
pub fn call(map: &GoMap, frame: &Frame) -> Text {
    let key = frame.key.map(|id| quoted(map, id)).unwrap_or_default();
    match frame.call {
        Call::Assign => Text::same(format!("m[{key}] = {}", frame.value)),
        Call::Access => Text::same(format!("m[{key}]")),
        Call::Delete => Text::same(format!("delete(m, {key})")),
        Call::Clear => Text::same("clear(m)"),
        Call::Make { hint } => Text::same(format!("m = make(map[{}]int, {hint})", map.kind().go())),
        Call::IterInit { id, .. } | Call::IterNext { id } => {
            Text::new(format!("for range · iteration {id}"), format!("for range · 迭代 {id}"))
        }
    }
}

/// What the operation that ended with this step gave its caller.
pub fn outcome(map: &GoMap, event: Option<&Event>, frame: &Frame) -> Option<Text> {
    map.ended().filter(|ended| ended.g == frame.g)?;
    let key = frame.key.map(|id| quoted(map, id)).unwrap_or_default();
    match (event?, frame.call) {
        (Event::ValueReturned { value, .. }, _) => Some(Text::same(format!("m[{key}] → {value}"))),
        (Event::ZeroReturned { .. } | Event::EmptyMapReturns { .. } | Event::NilMapReturns { .. }, Call::Access) => {
            Some(Text::same(format!("m[{key}] → 0")))
        }
        (Event::IterYielded { key, value, .. } | Event::IterYieldedMoved { key, value, .. }, _) => {
            Some(Text::new(format!("range → {key}, {value}"), format!("range → {key}, {value}")))
        }
        _ => None,
    }
}

fn quoted(map: &GoMap, id: KeyId) -> String {
    match map.key(id) {
        Key::Str(text) => format!("\"{text}\""),
        Key::Int(number) => number.to_string(),
    }
}

/// What a goroutine does next, in a few words.
pub fn next(pc: Pc) -> Text {
    let words = |en: &str, zh: &str| Text::new(en, zh);
    match pc {
        Pc::Checks => words("check hashWriting", "检查 hashWriting"),
        Pc::Hash => words("hash the key", "计算哈希"),
        Pc::SetFlag => words("set hashWriting", "设置 hashWriting"),
        Pc::LazyBucket => words("is there a bucket?", "有桶没有？"),
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
