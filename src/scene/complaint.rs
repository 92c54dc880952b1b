//! What is wrong with an action that somebody typed, in both languages and in the words of what is typed, not of the reader of RON.

use ron::error::{Error, SpannedError};

use super::fault::nearest;
use super::run::{ActionError, Choice};
use crate::text::Text;

/// So much of what stands at the place is quoted, in characters.
const QUOTED: usize = 16;

/// Why `typed` could not be read; `forms` are actions that can be.
pub fn unreadable(typed: &str, error: &SpannedError, forms: Vec<Choice>) -> ActionError {
    let column = place(typed, error);
    let mut rest = typed.chars().skip(column - 1);
    let mut found: String = rest.clone().take(QUOTED).collect();
    found.extend(rest.nth(QUOTED).map(|_| '…'));
    ActionError::Unreadable { column, found, cause: cause(&error.code), forms }
}

/// Where it is, in characters from 1. What is missing is missing behind what was read last; a word that is no value is complained
/// of when it has been read.
fn place(typed: &str, error: &SpannedError) -> usize {
    let column = error.span.start.col.max(1);
    let before: Vec<char> = typed.chars().take(column - 1).collect();
    match error.code {
        Error::Eof | Error::ExpectedStructLikeEnd | Error::ExpectedArrayEnd => error.span.end.col.max(1),
        Error::InvalidValueForType { .. } => {
            column - before.iter().rev().take_while(|c| c.is_alphanumeric() || **c == '_').count()
        }
        _ => column,
    }
}

/// The name that nobody knows, and those that are known at its place.
pub fn unknown(error: &Error) -> Option<(&str, &'static [&'static str])> {
    match error {
        Error::NoSuchEnumVariant { expected, found, .. } => Some((found, expected)),
        _ => None,
    }
}

/// The known name that was meant; of a letter or two nobody can tell.
pub fn meant<'a>(found: &str, known: &[&'a str]) -> Option<&'a str> {
    nearest(found, known.iter().copied()).filter(|_| found.chars().count() > 2)
}

fn cause(error: &Error) -> Text {
    let (en, zh) = match error {
        Error::NoSuchEnumVariant { expected, found, .. } => return named(("name", "操作或语句"), found, expected),
        Error::NoSuchStructField { expected, found, .. } => return named(("field", "字段"), found, expected),
        Error::MissingStructField { field, .. } => {
            return Text::new(format!("the field `{field}` is missing"), format!("缺少字段 `{field}`"));
        }
        Error::DuplicateStructField { field, .. } => {
            return Text::new(format!("the field `{field}` is there twice"), format!("字段 `{field}` 写了两次"));
        }
        Error::ExpectedDifferentLength { expected, found } => return counted(expected, *found),
        Error::Message(said) => return Text::from_both(said),
        Error::InvalidValueForType { expected, .. } if expected.starts_with("a key") => {
            ("a key belongs here: text in quotes, or a number from 0 on", "这里应为键：加引号的文本，或不小于 0 的整数")
        }
        Error::Eof => ("more belongs here", "没有写完"),
        Error::ExpectedArray => ("a list belongs here: [ … ]", "这里应为列表：[ … ]"),
        Error::ExpectedArrayEnd => ("the list ends with ]", "列表要以 ] 结尾"),
        Error::ExpectedBoolean => ("true or false belongs here", "这里应为 true 或 false"),
        Error::ExpectedComma => ("a comma or a closing bracket belongs here", "这里应为逗号或右括号"),
        Error::ExpectedFloat | Error::ExpectedInteger | Error::InvalidIntegerDigit { .. } => {
            ("a whole number belongs here", "这里应为整数")
        }
        Error::ExpectedMapColon => ("a colon belongs here", "这里应为冒号"),
        Error::ExpectedStructLike | Error::ExpectedNamedStructLike(_) | Error::ExpectedOption => {
            ("what it is given belongs here, in brackets: ( … )", "这里应写括号，里面是参数：( … )")
        }
        Error::ExpectedStructLikeEnd | Error::ExpectedOptionEnd => {
            ("a closing bracket belongs here: )", "这里应为右括号 )")
        }
        Error::ExpectedString => ("text in quotes belongs here: \"…\"", "这里应为加引号的文本：\"…\""),
        Error::ExpectedStringEnd => ("the closing quote is missing", "缺少后引号"),
        Error::ExpectedIdentifier | Error::InvalidIdentifier(_) | Error::SuggestRawIdentifier(_) => {
            ("a name belongs here", "这里应为名称")
        }
        Error::IntegerOutOfBounds => ("the number is out of range", "数字超出范围"),
        Error::TrailingCharacters => ("the action ends before this", "操作到这里之前已经结束，后面多余"),
        Error::ExceededRecursionLimit => ("too many brackets inside each other", "括号嵌套太深"),
        _ => ("this does not belong here", "这里不能这样写"),
    };
    Text::new(en, zh)
}

fn named((what, zh): (&str, &str), found: &str, known: &[&'static str]) -> Text {
    let near = meant(found, known);
    let meant = near.map_or(String::new(), |near| format!(", did you mean `{near}`?"));
    let meant_zh = near.map_or(String::new(), |near| format!("，是不是 `{near}`？"));
    Text::new(
        format!("no {what} here is `{found}`{meant} (known: {})", known.join(", ")),
        format!("没有名为 `{found}` 的{zh}{meant_zh}（已有：{}）", known.join("、")),
    )
}

/// The reader says `tuple variant Action::Set with 2 elements`.
fn counted(expected: &str, found: usize) -> Text {
    let wanted = expected.split_whitespace().find_map(|word| word.parse::<usize>().ok());
    match wanted {
        Some(n) => Text::new(
            format!("so many belong in the brackets: {n}; here: {found}"),
            format!("括号里应有 {n} 个参数，这里有 {found} 个"),
        ),
        None => Text::new(format!("the wrong number of things: {found}"), format!("个数不对：这里有 {found} 个")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;

    #[derive(Debug, serde::Deserialize)]
    enum Typed {
        #[expect(dead_code, reason = "it is read, and no more")]
        Insert(u32, String),
        #[expect(dead_code, reason = "it is read, and no more")]
        Get(u32),
        Clear,
    }

    fn said(typed: &str, lang: Lang) -> String {
        let error = super::super::script::options().from_str::<Typed>(typed).unwrap_err();
        unreadable(typed, &error, Vec::new()).message(lang)
    }

    #[test]
    fn a_mistake_is_told_with_its_place_in_plain_words() {
        let told = [
            (
                "Insrt(1, \"a\")",
                "第 1 个字符 `Insrt(1, \"a\")` 处：没有名为 `Insrt` 的操作或语句，是不是 `Insert`？（已有：Insert、Get、Clear）",
            ),
            ("Insert(1, a)", "第 11 个字符 `a)` 处：这里应为加引号的文本：\"…\""),
            ("Insert(a, \"b\")", "第 8 个字符 `a, \"b\")` 处：这里应为整数"),
            ("Insert(1)", "第 9 个字符 `)` 处：括号里应有 2 个参数，这里有 1 个"),
            ("Get(1", "末尾：这里应为右括号 )"),
            ("Get(", "末尾：没有写完"),
        ];
        for (typed, told) in told {
            assert_eq!(said(typed, Lang::Zh), told);
        }
        assert_eq!(said("Insert(1, a)", Lang::En), "character 11, at `a)`: text in quotes belongs here: \"…\"");
    }

    #[test]
    fn no_mistake_is_told_in_the_words_of_the_reader() {
        let wrong = [
            "",
            "(",
            "1",
            "Insert",
            "Insert 1",
            "Insert(",
            "Insert()",
            "Insert(1",
            "Insert(1,",
            "Insert(1, \"a",
            "Insert(1, \"a\")x",
            "Insert(-1, \"a\")",
            "Insert(\"1\", \"a\")",
            "Insert(1, \"a\", 2)",
            "Get",
            "Get(x)",
            "Get(1.5)",
            "Get([1])",
            "Get()",
            "Get(99999999999)",
            "Clear()",
            "Clear(1)",
            "m[1] = 2",
            "get(1)",
            "\"Get\"",
            "Get(true)",
            "插入(1)",
            "Get(１)",
        ];
        let jargon =
            ["enum", "variant", "struct", "identifier", "integer", "element", "RON", "tuple", "string", "u32", "unit"];
        for typed in wrong {
            let (en, zh) = (said(typed, Lang::En), said(typed, Lang::Zh));
            assert!(!jargon.iter().any(|word| en.contains(word) || zh.contains(word)), "{typed}: {en}: {zh}");
            assert!(zh.chars().any(|c| c > '\u{2fff}'), "{typed}: {en}: {zh}");
        }
    }
}
