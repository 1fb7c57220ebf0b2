//! Line ends: a text that has those of Windows keeps them, whoever adds lines to it.

/// What is written into a text, its lines ended as that text's first one is; none where that is as the new ones end already.
#[must_use]
pub fn with_line_ends_of(text: &str, new: &str) -> Option<String> {
    let first = text.split_inclusive('\n').next()?;
    let differs = first.ends_with("\r\n") && new.contains('\n');
    differs.then(|| new.replace("\r\n", "\n").replace('\n', "\r\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_tells_how_all_end() {
        assert_eq!(with_line_ends_of("a\r\nb", "c\nd\r\n").as_deref(), Some("c\r\nd\r\n"));
        assert_eq!(with_line_ends_of("a\r\nb", "c"), None);
        assert_eq!(with_line_ends_of("a\nb\r\n", "c\n"), None);
        assert_eq!(with_line_ends_of("a", "c\n"), None);
        assert_eq!(with_line_ends_of("", "c\n"), None);
    }
}
