//! What a goroutine does next, in a few words.

use super::super::frame::{Frame, Pc};
use super::super::state::GoSwissMap;
use crate::text::Text;

impl GoSwissMap {
    /// The place of the source that takes this frame's next step: places where nothing is to be done are passed.
    fn next_place(&self, frame: &Frame) -> Pc {
        let depth = |table: u32| self.table(table).map(|table| table.local_depth);
        let full = |from: u32, at: u32| {
            let rest = self.table(from).into_iter().flat_map(|t| t.groups.iter()).flat_map(|group| group.ctrl);
            rest.skip(at as usize).any(|ctrl| ctrl.is_full())
        };
        let mut pc = frame.pc;
        loop {
            pc = match (pc, frame.copying) {
                (Pc::MakeGroup, _) if self.group.is_some() => Pc::MatchH2,
                (Pc::MakeGroup, _) if !self.directory.is_empty() => Pc::PickTable,
                (Pc::TakeTombstone, _) if frame.tombstone.is_none() => Pc::CheckRoom,
                (Pc::CopyEntry, Some(copying)) if !full(copying.from, copying.at) => match copying.right {
                    _ if self.group == Some(copying.from) => Pc::MakeDirectory,
                    None => Pc::ReplaceTable,
                    Some(_) => Pc::DoubleDirectory,
                },
                (Pc::DoubleDirectory, Some(copying)) if depth(copying.from) != Some(self.global_depth) => {
                    Pc::InstallLeft
                }
                (Pc::NotePossible, _) if self.tombstone_possible => Pc::Reseed,
                (Pc::Reseed, _) if self.used > 0 => Pc::CheckWriting,
                _ => return pc,
            }
        }
    }

    /// What this frame does next, in the source's terms.
    pub(super) fn next_step(&self, frame: &Frame) -> Text {
        let words = |en: &str, zh: &str| Text::new(en, zh);
        match self.next_place(frame) {
            Pc::Checks => words("check writing", "检查 writing"),
            Pc::ScanSmall => words("compare keys", "逐个比较键"),
            Pc::Hash => words("hash the key", "计算哈希"),
            Pc::SetWriting => words("toggle writing", "翻转 writing"),
            Pc::MakeGroup => words("allocate the group", "分配 group"),
            Pc::PickTable => words("choose table", "选 table"),
            Pc::StartProbe => words("choose first group", "定起始 group"),
            Pc::MatchH2 => words("match h2", "比较 h2"),
            Pc::CompareKey => words("compare key", "比较键"),
            Pc::MatchEmpty => words("look for an empty slot", "找空槽"),
            Pc::ProbeNext => words("next group", "下一个 group"),
            Pc::ReturnValue => words("return value", "返回值"),
            Pc::ReturnZero => words("return zero value", "返回零值"),
            Pc::TakeTombstone => words("take the tombstone", "用墓碑的槽"),
            Pc::CheckRoom => words("check growthLeft", "检查 growthLeft"),
            Pc::Prune => words("prune tombstones", "清理墓碑"),
            Pc::Rehash => words("grow or split", "扩容或分裂"),
            Pc::StoreKey => words("store key", "写键"),
            Pc::SetCtrl => words("set control byte", "写控制字节"),
            Pc::LowerGrowthLeft => words("growthLeft--", "growthLeft--"),
            Pc::RaiseTableUsed => words("used++ of the table", "table 的 used++"),
            Pc::RaiseMapUsed => words("used++", "used++"),
            Pc::CheckWriting => words("check writing again", "再查 writing"),
            Pc::ClearWriting => words("toggle writing back", "翻回 writing"),
            Pc::StoreElem => words("store elem", "写值"),
            Pc::MakeTables => words("allocate", "分配新 table"),
            Pc::CopyEntry => words("copy next entry", "搬下一个"),
            Pc::MakeDirectory => words("make directory", "建目录"),
            Pc::FindUnchecked => words("find a free slot", "找空位"),
            Pc::ReplaceTable => words("replace table", "换上新 table"),
            Pc::DoubleDirectory => words("double directory", "目录翻倍"),
            Pc::InstallLeft => words("install left", "装上左半"),
            Pc::InstallRight => words("install right", "装上右半"),
            Pc::MarkStale => words("index = -1", "index = -1"),
            Pc::LowerTableUsed => words("used-- of the table", "table 的 used--"),
            Pc::LowerMapUsed => words("used--", "used--"),
            Pc::ClearKey => words("clear key", "清除键"),
            Pc::ClearElem => words("clear elem", "清除值"),
            Pc::MarkCtrl => words("clear control byte", "改控制字节"),
            Pc::RaiseGrowthLeft => words("growthLeft++", "growthLeft++"),
            Pc::NotePossible => words("tombstonePossible", "tombstonePossible"),
            Pc::Reseed => words("new seed", "换种子"),
            Pc::ClearTable => words("clear groups", "清空 group"),
            Pc::ResetUsed => words("used = 0", "used = 0"),
            Pc::ResetPossible => words("no tombstones", "没有墓碑了"),
            Pc::RaiseClearSeq => words("clearSeq++", "clearSeq++"),
            Pc::InitIter => words("choose start", "选起点"),
            Pc::AdjustDirectory => words("adjust dirIdx", "调整 dirIdx"),
            Pc::PickIterTable => words("next table", "下一个 table"),
            Pc::FirstSlot | Pc::NextSlot | Pc::SmallSlot => words("next slot", "下一个槽"),
            Pc::SizeTables => words("size tables", "定 table 大小"),
            Pc::ReturnMap | Pc::Done => words("return", "返回"),
        }
    }
}
