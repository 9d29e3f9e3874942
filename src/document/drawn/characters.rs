//! Characters as fonts name them -> characters as they are printed.
//!
//! Fonts of many programs name a glyph by the radical that looks like the character (⾏ for 行). No
//! other character is changed: what a raised or circled digit is worth is for its reader to say.

use unicode_normalization::UnicodeNormalization;

/// Radicals that look like a character and that Unicode does not decompose.
const RADICALS: [(char, char); 40] = [
    ('⺁', '厂'),
    ('⺃', '乙'),
    ('⺅', '亻'),
    ('⺇', '几'),
    ('⺈', '刀'),
    ('⺉', '刂'),
    ('⺋', '卩'),
    ('⺌', '小'),
    ('⺎', '兀'),
    ('⺏', '尣'),
    ('⺒', '巳'),
    ('⺓', '幺'),
    ('⺔', '彑'),
    ('⺖', '忄'),
    ('⺗', '心'),
    ('⺘', '扌'),
    ('⺙', '攵'),
    ('⺛', '旡'),
    ('⺝', '月'),
    ('⺞', '歹'),
    ('⺟', '母'),
    ('⺠', '民'),
    ('⺡', '氵'),
    ('⺢', '水'),
    ('⺣', '灬'),
    ('⺤', '爪'),
    ('⻄', '西'),
    ('⻅', '见'),
    ('⻆', '角'),
    ('⻉', '贝'),
    ('⻋', '车'),
    ('⻓', '长'),
    ('⻔', '门'),
    ('⻘', '青'),
    ('⻚', '页'),
    ('⻛', '风'),
    ('⻜', '飞'),
    ('⻢', '马'),
    ('⻩', '黄'),
    ('⻰', '龙'),
];

/// The characters of a glyph; none where they say nothing.
pub(in crate::document) fn printed(text: &str) -> Option<String> {
    let is_nothing = |c: char| {
        c.is_control() && !c.is_whitespace() || matches!(c, '\u{FFFD}' | '\u{FFFE}' | '\u{FFFF}')
    };
    if text.is_empty() || text.chars().any(is_nothing) {
        return None;
    }
    let mut printed = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\u{AD}' => printed.push('-'),
            c if c.is_whitespace() => printed.push(' '),
            '\u{2E80}'..='\u{2EFF}' => match RADICALS.iter().find(|(like, _)| *like == character) {
                Some((_, meant)) => printed.push(*meant),
                None => printed.extend(character.nfkc()),
            },
            '\u{2F00}'..='\u{2FDF}' | '\u{F900}'..='\u{FAFF}' => printed.extend(character.nfkc()),
            c => printed.push(c),
        }
    }
    Some(printed)
}
