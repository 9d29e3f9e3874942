//! Whole numbers in prose: 21, 1,024, 二十一. Text in NFKC, without blanks.

/// Digits of a number in prose at most: what is longer is a telephone number or a code.
const DIGITS: usize = 9;

fn is_chinese(character: char) -> bool {
    "零〇一二两三四五六七八九十百千万".contains(character)
}

fn is_numeral(character: char) -> bool {
    character.is_ascii_digit() || character == ',' || is_chinese(character)
}

/// The number that a text begins with, and what follows.
pub(super) fn leading(text: &str) -> Option<(i64, &str)> {
    let end = text.find(|character| !is_numeral(character)).unwrap_or(text.len());
    let number = text[..end].trim_end_matches(',');
    Some((value(number)?, &text[number.len()..]))
}

/// The number that a text ends with.
pub(super) fn trailing(text: &str) -> Option<i64> {
    value(&text[label(text).len()..])
}

/// A text without the number that it ends with.
pub(super) fn label(text: &str) -> &str {
    let ends_in_digit = text.ends_with(|character: char| character.is_ascii_digit());
    let label = text.trim_end_matches(|character: char| {
        if ends_in_digit {
            character.is_ascii_digit() || character == ','
        } else {
            is_chinese(character)
        }
    });
    // A comma before the number divides, it is not of it.
    let number = &text[label.len()..];
    &text[..text.len() - number.trim_start_matches(',').len()]
}

fn value(number: &str) -> Option<i64> {
    if number.chars().all(is_chinese) {
        return chinese(number);
    }
    let groups: Vec<&str> = number.split(',').collect();
    let is_grouped = groups.len() == 1
        || (groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3));
    let digits = groups.concat();
    let is_number = !digits.is_empty()
        && digits.len() <= DIGITS
        && digits.bytes().all(|digit| digit.is_ascii_digit());
    (is_number && is_grouped).then(|| digits.parse().ok()).flatten()
}

/// 二十一, 一百零五, 三千, 两万: below a hundred million.
fn chinese(number: &str) -> Option<i64> {
    if number.is_empty() || number.chars().count() > DIGITS * 2 {
        return None;
    }
    let (mut sum, mut section, mut digit) = (0_i64, 0_i64, None);
    let mut last_unit = i64::MAX;
    for character in number.chars() {
        let unit = match character {
            '零' | '〇' => {
                digit = digit.or(Some(0)).filter(|digit| *digit == 0);
                continue;
            }
            '十' => 10,
            '百' => 100,
            '千' => 1_000,
            '万' => 10_000,
            _ => {
                // Digits one by one, 二〇二三, are a year or a number of another kind.
                if digit.is_some_and(|digit| digit != 0) {
                    return None;
                }
                let place = "一二三四五六七八九".chars().position(|known| known == character);
                let place = place.or((character == '两').then_some(1))?;
                digit = Some(i64::try_from(place).ok()? + 1);
                continue;
            }
        };
        if unit == 10_000 {
            if sum > 0 {
                return None;
            }
            sum = (section + digit.unwrap_or(0)).checked_mul(unit).filter(|sum| *sum > 0)?;
            section = 0;
            last_unit = i64::MAX;
        } else {
            if unit >= last_unit {
                return None;
            }
            section += digit.filter(|digit| *digit > 0).unwrap_or(1) * unit;
            last_unit = unit;
        }
        digit = None;
    }
    Some(sum + section + digit.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_written() {
        assert_eq!(leading("21件"), Some((21, "件")));
        assert_eq!(leading("1,024件"), Some((1_024, "件")));
        assert_eq!(leading("21,其中"), Some((21, ",其中")));
        assert_eq!(leading("二十一件"), Some((21, "件")));
        assert_eq!(leading("件"), None);
        assert_eq!(trailing("公开会议23"), Some(23));
        assert_eq!(label("公开会议23"), "公开会议");
        assert_eq!(trailing("公开会议十二"), Some(12));
        for (text, number) in [
            ("零", Some(0)),
            ("十", Some(10)),
            ("二十", Some(20)),
            ("一百零五", Some(105)),
            ("两千三百", Some(2_300)),
            ("一万二千", Some(12_000)),
            ("二〇二三", None),
            ("二三", None),
            ("十百", None),
        ] {
            assert_eq!(chinese(text), number, "{text}");
        }
    }
}
