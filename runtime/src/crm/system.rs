//! Whose numbers external ids are. Two systems number their records alike: HubSpot's 17 is not Pipedrive's 17.

/// The column that says it, beside `external_id`.
pub(super) const COLUMN: &str = "external_system";

/// The field that it is about.
pub(super) const FIELD: &str = "external_id";

/// The system that a source belongs to: the word before the dot in its name; empty for one of the client's own.
pub(super) fn of(source: &str) -> &str {
    source.split_once('.').map_or("", |(system, _)| system)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_source_belongs_to_the_word_before_the_dot() {
        assert_eq!(["hubspot.contacts", "leads", "a.b.c"].map(super::of), ["hubspot", "", "a"]);
    }
}
