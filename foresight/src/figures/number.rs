//! Numbers in words: with as many digits as tell something.

/// `12,345`
#[must_use]
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut parted = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            parted.push(',');
        }
        parted.push(digit);
    }
    parted
}

/// `4.1`, `120`, `1,234`: whole from a hundred on, else with a decimal where it has one.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "nobody reads a larger number in full")]
pub fn number(value: f64) -> String {
    if value.abs() >= 1000.0 {
        let whole = thousands(value.abs().round() as u64);
        return if value < 0.0 { format!("-{whole}") } else { whole };
    }
    let digits = if value.abs() >= 100.0 { 1.0 } else { 10.0 };
    let text = format!("{:.1}", (value * digits).round() / digits + 0.0);
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// `+4.1`
#[must_use]
pub fn signed(value: f64) -> String {
    let text = number(value);
    if value > 0.0 && text != "0" { format!("+{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_as_many_digits_as_tell_something() {
        let said: Vec<String> = [0.0, -0.04, 4.06, 99.96, 123.4, 1234.5, -1234.5].into_iter().map(number).collect();
        assert_eq!(said, ["0", "0", "4.1", "100", "123", "1,235", "-1,235"]);
        assert_eq!((signed(3.0), signed(-3.0), signed(0.01)), ("+3".into(), "-3".into(), "0".into()));
    }
}
