//! "Did you mean": the known word nearest to the one that was typed. Knows words only, not what they stand for.

/// The word most like `typed`, where one is like enough that a slip of the keyboard explains it.
///
/// Optimal string alignment distance (one insertion, deletion, substitution or swap of neighbours each cost 1), at most a
/// third of the letters; ties go to the one first given. Case is ignored. Words much longer or shorter are not measured.
pub(crate) fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed_lower = typed.to_lowercase();
    let letters = typed_lower.chars().count();
    let most = (letters / 3).clamp(1, 4);
    let mut best: Option<(usize, &str)> = None;
    for word in known {
        let limit = best.map_or(most, |(distance, _)| distance.saturating_sub(1));
        if word.chars().count().abs_diff(letters) > limit {
            continue;
        }
        let distance = strsim::osa_distance(&typed_lower, &word.to_lowercase());
        if distance <= limit && (letters > 1 || distance == 0) && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, word));
        }
    }
    best.map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_is_understood_and_another_word_is_not() {
        let known = ["industry", "employees", "country", "icp"];
        assert_eq!(nearest("indutsry", known), Some("industry"));
        assert_eq!(nearest("Employes", known), Some("employees"));
        assert_eq!(nearest("ipc", known), Some("icp"));
        assert_eq!(nearest("revenue", known), None);
        assert_eq!(nearest("", known), None);
        assert_eq!(nearest("x", known), None);
    }
}
