//! What the RON reader says of an action that somebody typed, in both languages.

use ron::error::Error;

use super::fault::{explained, nearest};
use crate::text::Text;

/// The reader's complaint. What it says seldom stays in the reader's own English.
pub fn complaint(error: &Error) -> Text {
    let en = explained(error);
    let zh = chinese(error).unwrap_or_else(|| en.clone());
    Text::new(en, zh)
}

fn chinese(error: &Error) -> Option<String> {
    let named = |what: &str, found: &str, known: &[&'static str]| {
        let near = nearest(found, known.iter().copied());
        let meant = near.map_or(String::new(), |near| format!("，是不是 `{near}`？"));
        format!("没有名为 `{found}` 的{what}{meant}（已有：{}）", known.join("、"))
    };
    let fixed = match error {
        Error::NoSuchEnumVariant { expected, found, .. } => return Some(named("操作或语句", found, expected)),
        Error::NoSuchStructField { expected, found, .. } => return Some(named("字段", found, expected)),
        Error::MissingStructField { field, .. } => return Some(format!("缺少字段 `{field}`")),
        Error::DuplicateStructField { field, .. } => return Some(format!("字段 `{field}` 写了两次")),
        Error::InvalidIdentifier(found) => return Some(format!("`{found}` 不是名称")),
        Error::UnexpectedChar(found) => return Some(format!("这里不该有 {found:?}")),
        Error::InvalidIntegerDigit { digit, .. } => return Some(format!("{digit:?} 不是数字")),
        Error::ExpectedDifferentLength { found, .. } => return Some(format!("个数不对：这里有 {found} 个")),
        Error::Eof => "没有写完",
        Error::ExpectedArray => "这里应为 [",
        Error::ExpectedArrayEnd => "这里应为 ]",
        Error::ExpectedBoolean => "这里应为 true 或 false",
        Error::ExpectedComma => "这里应为逗号",
        Error::ExpectedFloat | Error::ExpectedInteger => "这里应为数字",
        Error::ExpectedMapColon => "这里应为冒号",
        Error::ExpectedStructLike | Error::ExpectedNamedStructLike(_) => "这里应为 (",
        Error::ExpectedStructLikeEnd => "这里应为 )",
        Error::ExpectedString => "这里应为引号里的字符串",
        Error::ExpectedStringEnd => "字符串缺少后引号",
        Error::ExpectedIdentifier => "这里应为名称",
        Error::IntegerOutOfBounds => "数字超出范围",
        Error::TrailingCharacters => "后面有多余的内容",
        Error::ExceededRecursionLimit => "嵌套太深",
        _ => return None,
    };
    Some(fixed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_mistakes_are_told_in_chinese() {
        #[derive(Debug, serde::Deserialize)]
        enum Typed {
            #[expect(dead_code, reason = "it is read, and no more")]
            Insert(u32, Vec<u32>),
        }
        let said = |typed: &str| complaint(&ron::from_str::<Typed>(typed).unwrap_err().code);
        assert_eq!(said("Insrt(1, [])").zh, "没有名为 `Insrt` 的操作或语句，是不是 `Insert`？（已有：Insert）");
        let wrong = [
            "Insert(1, [2)",
            "Insert(1",
            "Insert(a, [])",
            "Insert 1",
            "Insert(1, [2]",
            "Insert(1, [2])x",
            "Insert(-1, [])",
            "Insert(\"1\", [])",
        ];
        for typed in wrong {
            let Text { en, zh } = said(typed);
            assert!(zh.chars().any(|c| c > '\u{2fff}'), "{typed}: {en}: {zh}");
        }
    }
}
