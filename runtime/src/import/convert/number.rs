//! Numbers, percent, money and durations as people write them, to exact decimals. Pure.
//!
//! A number that could be two numbers is refused: `1,234` is one only where the source says which comma it means.

use std::borrow::Cow;

use compiler::program::Fixed;

use super::Problem;

/// How a source writes numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Style {
    /// `1.234,5`
    pub(super) decimal_comma: bool,
    /// The file separates cells by `;`: then `1.500` may be one thousand and a half.
    pub(super) semicolons: bool,
}

/// `1234.5`, `-1 234`, `1,234,567.8`, `(12.50)`, `1.5e6`
pub(super) fn number(text: &str, style: Style) -> Result<Fixed, Problem> {
    let not_a_number = || Problem::new("number", format!("`{text}` is not a number"));
    let bare = text.trim();
    let (negative, bare) = match bare.strip_prefix('(').and_then(|inside| inside.strip_suffix(')')) {
        Some(inside) => (true, inside),
        None => match bare.strip_prefix(['-', '−']) {
            Some(rest) => (true, rest),
            None => (false, bare.strip_prefix('+').unwrap_or(bare)),
        },
    };
    let bare = without_blanks(text, bare.trim())?;
    if !bare.starts_with(|letter: char| letter.is_ascii_digit() || matches!(letter, '.' | ',')) {
        return Err(not_a_number());
    }
    let (point, group) = if style.decimal_comma { (',', '.') } else { ('.', ',') };
    let (mantissa, exponent) = match bare.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => {
            (mantissa, exponent.parse::<i32>().ok().filter(|exponent| exponent.abs() <= 30).ok_or_else(not_a_number)?)
        }
        None => (bare.as_ref(), 0),
    };
    let (whole, fraction) = match mantissa.split_once(point) {
        Some((whole, fraction)) => (whole, fraction),
        None => (mantissa, ""),
    };
    let has_point = mantissa.contains(point);
    if style.semicolons && !style.decimal_comma && mantissa.len() == bare.len() {
        refuse_points_for_thousands(text, whole, fraction)?;
    }
    if fraction.contains([point, group]) {
        return Err(if style.decimal_comma { not_a_number() } else { decimal_comma(text) });
    }
    let whole = if whole.contains(group) { grouped(text, whole, group, has_point, style)? } else { whole.to_owned() };
    let digits = whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
    if !digits || (whole.is_empty() && fraction.is_empty()) {
        return Err(not_a_number());
    }
    let magnitude = decimal(&whole, fraction, exponent)
        .ok_or_else(|| Problem::new("number", format!("`{text}` is too large: numbers reach up to 9 trillion")))?;
    Ok(if negative { Fixed(-magnitude.0) } else { magnitude })
}

/// Takes out the blanks and apostrophes between groups of three digits; elsewhere they join two numbers into one.
fn without_blanks<'t>(text: &str, bare: &'t str) -> Result<Cow<'t, str>, Problem> {
    let is_blank = |letter: char| letter.is_whitespace() || matches!(letter, '\'' | '’');
    if !bare.contains(is_blank) {
        return Ok(Cow::Borrowed(bare));
    }
    let end = bare.find(|letter: char| !letter.is_ascii_digit() && !is_blank(letter)).unwrap_or(bare.len());
    let (whole, rest) = bare.split_at_checked(end).unwrap_or((bare, ""));
    let mut groups = whole.split(is_blank);
    let first = groups.next().map_or(0, str::len);
    if (1..=3).contains(&first) && groups.all(|group| group.len() == 3) && !rest.contains(is_blank) {
        return Ok(Cow::Owned(whole.split(is_blank).chain([rest]).collect()));
    }
    Err(Problem::new(
        "number",
        format!("`{text}` is not one number: a blank or an apostrophe only stands before groups of three digits"),
    ))
}

/// `12.000` in a file whose cells are separated by `;`. A number does not begin with a group of 0.
fn refuse_points_for_thousands(text: &str, whole: &str, fraction: &str) -> Result<(), Problem> {
    if fraction.len() != 3 || !(1..=3).contains(&whole.len()) || whole.starts_with('0') {
        return Ok(());
    }
    Err(Problem::new(
        "thousands",
        format!(
            "`{text}` could be {whole}{fraction} or {whole}.{fraction}, as the file's cells are separated by `;`: \
             say `decimal comma` in the source, or write it without the point"
        ),
    ))
}

/// Takes the separators out of groups of three; refuses what could be something else.
fn grouped(text: &str, whole: &str, group: char, has_point: bool, style: Style) -> Result<String, Problem> {
    let parts: Vec<&str> = whole.split(group).collect();
    let threes = parts.iter().skip(1).all(|part| part.len() == 3);
    let first = parts.first().map_or(0, |part| part.len());
    if !threes || first == 0 || first > 3 {
        return Err(if style.decimal_comma {
            Problem::new("number", format!("`{text}` is not a number with a decimal comma"))
        } else {
            decimal_comma(text)
        });
    }
    if parts.len() == 2 && !has_point && !style.decimal_comma {
        let (one, other) = (parts.concat(), parts.join("."));
        return Err(Problem::new(
            "thousands",
            format!(
                "`{text}` could be {one} or {other}: write it without the comma, or say `decimal comma` in the source"
            ),
        ));
    }
    Ok(parts.concat())
}

fn decimal_comma(text: &str) -> Problem {
    Problem::new("decimal comma", format!("`{text}` seems to have a decimal comma: say `decimal comma` in the source"))
}

/// Rounded half to even at the sixth decimal, so that a float printed in full is taken for what it means.
fn decimal(whole: &str, fraction: &str, exponent: i32) -> Option<Fixed> {
    let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
    let places = i64::try_from(fraction.len()).ok()? - i64::from(exponent);
    // In millionths: so many digits more, or so many to be rounded away.
    let shift = 6 - places;
    if let Ok(more) = usize::try_from(shift) {
        digits.extend(std::iter::repeat_n(b'0', more));
        return value(&digits).map(Fixed);
    }
    let away = usize::try_from(-shift).ok()?;
    let split = digits.len().saturating_sub(away);
    let (kept, rest) = digits.split_at_checked(split)?;
    let kept = value(kept)?;
    let rest: Vec<u8> =
        std::iter::repeat_n(b'0', away.saturating_sub(rest.len())).chain(rest.iter().copied()).collect();
    let half = rest.first().map_or(b'0', |digit| *digit);
    let beyond = rest.iter().skip(1).any(|digit| *digit != b'0');
    let up = half > b'5' || (half == b'5' && (beyond || kept % 2 == 1));
    kept.checked_add(i64::from(up)).map(Fixed)
}

fn value(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0_i64, |value, digit| value.checked_mul(10)?.checked_add(i64::from(digit - b'0')))
}

/// `25`, `25%`, `12.5 %`: 25 is 25%.
pub(super) fn percent(text: &str, style: Style) -> Result<Fixed, Problem> {
    number(text.strip_suffix('%').unwrap_or(text).trim_end(), style)
}

/// Signs that stand for one currency, longest first, and those that stand for several.
const SIGNS: [(&str, &[&str]); 15] = [
    ("NZ$", &["NZD"]),
    ("AU$", &["AUD"]),
    ("US$", &["USD"]),
    ("CA$", &["CAD"]),
    ("HK$", &["HKD"]),
    ("A$", &["AUD"]),
    ("C$", &["CAD"]),
    ("S$", &["SGD"]),
    ("R$", &["BRL"]),
    ("$", &["USD", "NZD", "AUD", "CAD", "SGD", "HKD", "FJD", "MXN"]),
    ("€", &["EUR"]),
    ("£", &["GBP"]),
    ("¥", &["JPY", "CNY"]),
    ("₹", &["INR"]),
    ("Fr.", &["CHF"]),
];

/// `1200`, `$1,200.50`, `NZD 1200`, `1200 NZD`: in the client's currency, or refused.
pub(super) fn money(text: &str, style: Style, currency: &str) -> Result<Fixed, Problem> {
    let (negative, bare) = match text.strip_prefix('-') {
        Some(rest) => (true, rest.trim_start()),
        None => (false, text),
    };
    let other = |found: &str| {
        Problem::new(
            "currency",
            format!("`{text}` is in {found}, and the client's currency is {currency}: convert the column first"),
        )
    };
    let mut bare = bare;
    for (sign, currencies) in SIGNS {
        if let Some(rest) = bare.strip_prefix(sign).or_else(|| bare.strip_suffix(sign)) {
            if !currencies.contains(&currency) {
                return Err(other(sign));
            }
            bare = rest.trim();
            break;
        }
    }
    let is_code = |code: &&str| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    let front = bare.get(..3).filter(is_code);
    let back = bare.len().checked_sub(3).and_then(|at| bare.get(at..)).filter(is_code);
    if let Some(code) = front.or(back) {
        if code != currency {
            return Err(other(code));
        }
        bare = bare.trim_start_matches(code).trim_end_matches(code).trim();
    }
    let amount = number(bare, style).map_err(|problem| Problem {
        reason: problem.reason.replace(&format!("`{bare}`"), &format!("`{text}`")),
        ..problem
    })?;
    Ok(if negative { Fixed(-amount.0) } else { amount })
}

/// A number of the unit given; `PT1H30M`; `1:30:00`. In seconds.
pub(super) fn duration(text: &str, style: Style, unit_seconds: Option<u32>) -> Result<Fixed, Problem> {
    if let Some(unit) = unit_seconds {
        match number(text, style) {
            Ok(count) => return Ok(count.times(Fixed::from_integer(i64::from(unit)))),
            // It may still be a duration of another form.
            Err(problem) if problem.kind == "number" => {}
            Err(problem) => return Err(problem),
        }
    }
    if let Ok(duration) = text.parse::<jiff::SignedDuration>() {
        return Fixed::from_f64(duration.as_secs_f64()).ok_or_else(|| not_a_duration(text, unit_seconds));
    }
    let clock: Option<Vec<i64>> = text.split(':').map(|part| part.parse().ok().filter(|part| *part >= 0)).collect();
    match clock.as_deref() {
        Some([hours, minutes @ 0..=59, seconds @ 0..=59]) => {
            Ok(Fixed::from_integer(hours.saturating_mul(3600).saturating_add(minutes * 60 + seconds)))
        }
        _ => Err(not_a_duration(text, unit_seconds)),
    }
}

fn not_a_duration(text: &str, unit_seconds: Option<u32>) -> Problem {
    let todo = match unit_seconds {
        Some(_) => "",
        None => ": say what it counts, `as seconds`, `as minutes`, `as hours` or `as days`",
    };
    Problem::new("duration", format!("`{text}` is not a duration{todo}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const POINT: Style = Style { decimal_comma: false, semicolons: false };
    const COMMA: Style = Style { decimal_comma: true, semicolons: false };

    fn fixed(text: &str) -> Fixed {
        text.parse().unwrap()
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let cases = [
            ("12", "12"),
            ("-0.5", "-0.5"),
            (".5", "0.5"),
            ("+3", "3"),
            ("1 234 567", "1234567"),
            ("1'234.50", "1234.5"),
            ("1\u{a0}234", "1234"),
            ("1,234,567", "1234567"),
            ("1,234.5", "1234.5"),
            ("(12.50)", "-12.5"),
            ("1.5E+06", "1500000"),
            ("0.30000000000000004", "0.3"),
            ("0.0000005", "0"),
            ("0.0000015", "0.000002"),
            ("2.5e-6", "0.000002"),
        ];
        for (text, wanted) in cases {
            assert_eq!(number(text, POINT).unwrap(), fixed(wanted), "{text}");
        }
        for (text, wanted) in
            [("1.234,5", "1234.5"), ("3,5", "3.5"), ("1.234", "1234"), ("12", "12"), ("-1.234.567", "-1234567")]
        {
            assert_eq!(number(text, COMMA).unwrap(), fixed(wanted), "{text}");
        }
    }

    #[test]
    fn what_could_be_two_numbers_is_refused() {
        for text in ["3,5", "1.234,5", "12,3456", "1.234.567,8"] {
            assert_eq!(number(text, POINT).unwrap_err().kind, "decimal comma", "{text}");
        }
        let problem = number("1,234", POINT).unwrap_err();
        insta::assert_snapshot!(problem.reason, @"`1,234` could be 1234 or 1.234: write it without the comma, or say `decimal comma` in the source");
        for text in ["", "abc", "12a", "1.2.3", "--3", "9999999999999999", "1e99", "1,2,3", "."] {
            assert!(number(text, POINT).is_err(), "{text}");
        }
        assert!(number("3.5", COMMA).is_err(), "a point before one digit separates no thousands");
    }

    #[test]
    fn blanks_and_apostrophes_only_stand_before_groups_of_three() {
        for text in ["12 15", "1 2", "1 234 56", "1234 567", "1'2", "1  234", "1.5 5", "1 234.567 8"] {
            assert_eq!(number(text, POINT).unwrap_err().kind, "number", "{text}");
        }
        insta::assert_snapshot!(number("12 15", POINT).unwrap_err().reason, @"`12 15` is not one number: a blank or an apostrophe only stands before groups of three digits");
        for (text, wanted) in [("- 1 234", "-1234"), ("( 12 345 )", "-12345"), ("1’234’567.25", "1234567.25")] {
            assert_eq!(number(text, POINT).unwrap(), fixed(wanted), "{text}");
        }
        assert_eq!(number("1 234,5", COMMA).unwrap(), fixed("1234.5"));
        assert_eq!(duration("1 hour 30 minutes", POINT, Some(60)).unwrap(), fixed("5400"));
    }

    #[test]
    fn a_point_before_three_digits_is_unclear_between_semicolons() {
        let semicolons = Style { semicolons: true, ..POINT };
        for text in ["12.000", "1.500", "-1.500", "999.999"] {
            assert_eq!(number(text, semicolons).unwrap_err().kind, "thousands", "{text}");
            assert!(number(text, POINT).is_ok(), "{text}");
        }
        insta::assert_snapshot!(number("1.500", semicolons).unwrap_err().reason, @"`1.500` could be 1500 or 1.500, as the file's cells are separated by `;`: say `decimal comma` in the source, or write it without the point");
        for (text, wanted) in [("0.500", "0.5"), ("1.50", "1.5"), ("1500.125", "1500.125"), ("1.2345", "1.2345")] {
            assert_eq!(number(text, semicolons).unwrap(), fixed(wanted), "{text}");
        }
        let declared = Style { decimal_comma: true, semicolons: true };
        assert_eq!(number("1.500", declared).unwrap(), fixed("1500"));
    }

    #[test]
    fn money_is_in_the_clients_currency_or_refused() {
        for text in ["1200", "$1,200.00", "NZD 1200", "1200 NZD", "NZ$1,200.00", "NZ$ 1200"] {
            assert_eq!(money(text, POINT, "NZD").unwrap(), fixed("1200"), "{text}");
        }
        assert_eq!(money("-$5", POINT, "NZD").unwrap(), fixed("-5"));
        assert_eq!(money("1.200,50 €", COMMA, "EUR").unwrap(), fixed("1200.5"));
        for text in ["US$5", "€5", "USD 5", "5 EUR"] {
            assert_eq!(money(text, POINT, "NZD").unwrap_err().kind, "currency", "{text}");
        }
    }

    #[test]
    fn durations_need_a_unit() {
        assert_eq!(duration("1.5", POINT, Some(3600)).unwrap(), fixed("5400"));
        assert_eq!(duration("PT1H30M", POINT, None).unwrap(), fixed("5400"));
        assert_eq!(duration("1:30:00", POINT, Some(60)).unwrap(), fixed("5400"));
        let problem = duration("90", POINT, None).unwrap_err();
        insta::assert_snapshot!(problem.reason, @"`90` is not a duration: say what it counts, `as seconds`, `as minutes`, `as hours` or `as days`");
    }
}
