//! Words of a text as they are compared: Chinese in dictionary words, English by its stems, names of the source whole and in parts.

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

use bm25::Tokenizer;
use jieba_rs::Jieba;
use rust_stemmers::{Algorithm, Stemmer};

/// Words of the trade that the dictionary does not know, or would take apart.
const TRADE: [&str; 28] = [
    "扩容",
    "搬迁",
    "迁移",
    "溢出桶",
    "负载因子",
    "遍历",
    "无序",
    "协程",
    "偷取",
    "抢占",
    "死锁",
    "泄漏",
    "自旋",
    "线程",
    "系统调用",
    "调度器",
    "本地队列",
    "全局队列",
    "发送方",
    "接收方",
    "缓冲",
    "无缓冲",
    "阻塞",
    "唤醒",
    "停点",
    "提升",
    "读写分离",
    "互斥锁",
];
/// Chinese words that ask and say nothing.
const ASKING: [&str; 22] = [
    "怎么",
    "怎样",
    "如何",
    "为什么",
    "为何",
    "什么",
    "什么时候",
    "哪",
    "哪些",
    "哪里",
    "吗",
    "呢",
    "的",
    "了",
    "是",
    "会",
    "能",
    "有",
    "在",
    "和",
    "时",
    "请问",
];

/// Takes texts apart.
#[derive(Clone)]
pub struct Words {
    jieba: Arc<Jieba>,
}

/// The dictionary is large: read once, when somebody searches.
static JIEBA: LazyLock<Arc<Jieba>> = LazyLock::new(|| {
    let mut jieba = Jieba::new();
    for word in TRADE {
        jieba.add_word(word, None, None);
    }
    Arc::new(jieba)
});

static STOP: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let listed = ["en", "zh"].into_iter().filter_map(stop_words::lookup).flatten().copied();
    listed.chain(ASKING).collect()
});

impl Words {
    /// With the dictionary.
    pub fn new() -> Words {
        Words { jieba: Arc::clone(&JIEBA) }
    }

    /// The words of a text, in order.
    pub fn of(&self, text: &str) -> Vec<String> {
        let mut found = Vec::new();
        for run in runs(text) {
            if run.starts_with(is_han) {
                let cut = self.jieba.cut_for_search(run, false);
                found.extend(
                    cut.into_iter().map(|token| token.word).filter(|word| !STOP.contains(word)).map(str::to_owned),
                );
            } else {
                found.extend(latin(run));
            }
        }
        found
    }
}

impl Tokenizer for Words {
    fn tokenize(&self, text: &str) -> Vec<String> {
        self.of(text)
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

/// Stretches of Chinese characters, and of letters, digits and what joins them.
fn runs(text: &str) -> Vec<&str> {
    let kind = |c: char| match c {
        _ if is_han(c) => 1,
        _ if c.is_alphanumeric() || c == '_' || c == '.' => 2,
        _ => 0,
    };
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c| kind(c) != kind(first)).unwrap_or(rest.len());
        if kind(first) > 0 {
            found.push(&rest[..end]);
        }
        rest = &rest[end..];
    }
    found
}

/// A word in lower case and by its stem; a name of the source (`hashWriting`, `sync.Map`) whole and in its parts.
fn latin(run: &str) -> Vec<String> {
    static STEMMER: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));
    let run = run.trim_matches('.');
    let whole = run.to_lowercase();
    let mut found = Vec::new();
    let parts = parts(run);
    let stem = |word: &str| if word.is_ascii() { STEMMER.stem(word).into_owned() } else { word.to_owned() };
    if parts.len() > 1 {
        found.push(stem(&whole));
    }
    for part in parts {
        let word = part.to_lowercase();
        if !word.is_empty() && !STOP.contains(word.as_str()) {
            found.push(stem(&word));
        }
    }
    found
}

/// `hashWriting` as `hash`, `Writing`; `6.5` stays one.
fn parts(run: &str) -> Vec<&str> {
    if run.starts_with(|c: char| c.is_ascii_digit()) {
        return vec![run];
    }
    let mut found = Vec::new();
    let mut from = 0;
    let mut before = ' ';
    for (at, c) in run.char_indices() {
        let joins = c == '_' || c == '.';
        if joins || (c.is_uppercase() && before.is_lowercase()) {
            found.push(&run[from..at]);
            from = if joins { at + 1 } else { at };
        }
        before = c;
    }
    found.push(&run[from..]);
    found.retain(|part| !part.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_taken_apart_as_people_read_them() {
        let words = |text: &str| Words::new().of(text).join(" ");
        assert_eq!(words("map 怎么扩容？"), "map 扩容");
        assert_eq!(words("Why are maps growing?"), "map grow");
        assert_eq!(words("hashWriting"), "hashwrit hash write");
        assert_eq!(words("sync.Map, 6.5!"), "sync.map sync map 6.5");
        assert_eq!(words("GMP 模型"), "gmp 模型");
    }
}
