//! What a person says about where runs go on: `LeadQualification.Invite=LeadQualification.Booked`, or `OldName=NewName` for all stages
//! of a workflow that has another name.

use smol_str::SmolStr;

/// What a person says about where runs go on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    stages: Vec<((SmolStr, SmolStr), (SmolStr, SmolStr))>,
    workflows: Vec<(SmolStr, SmolStr)>,
}

/// What is no mapping.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// It has another form.
    #[error("`{0}` does not say where runs go on: write WORKFLOW.STAGE=WORKFLOW.STAGE, or WORKFLOW=WORKFLOW")]
    Form(String),
    /// Two words about one place.
    #[error("`{0}` is said to go on in two places")]
    Twice(String),
}

impl Mapping {
    /// Reads what was said, one a text.
    ///
    /// # Errors
    /// Where a text has another form, or two speak of one place.
    pub fn read<'t>(texts: impl IntoIterator<Item = &'t str>) -> Result<Self, MappingError> {
        let mut mapping = Self::default();
        for text in texts {
            mapping.add(text)?;
        }
        Ok(mapping)
    }

    fn add(&mut self, text: &str) -> Result<(), MappingError> {
        let form = || MappingError::Form(text.to_owned());
        let (from, to) = text.split_once('=').ok_or_else(form)?;
        let twice = || MappingError::Twice(from.trim().to_owned());
        match (place(from), place(to)) {
            (Some((from, Some(stage))), Some((to, Some(into)))) => {
                let from = (from, stage);
                if self.stages.iter().any(|(known, _)| *known == from) {
                    return Err(twice());
                }
                self.stages.push((from, (to, into)));
            }
            (Some((from, None)), Some((to, None))) => {
                if self.workflows.iter().any(|(known, _)| *known == from) {
                    return Err(twice());
                }
                self.workflows.push((from, to));
            }
            _ => return Err(form()),
        }
        Ok(())
    }

    /// Where runs of a stage go on, as said; none where nothing is said.
    #[must_use]
    pub fn of(&self, workflow: &str, stage: &str) -> Option<(SmolStr, SmolStr)> {
        let known = self.stages.iter().find(|((of, name), _)| of == workflow && name == stage);
        known.map(|(_, to)| to.clone()).or_else(|| {
            let (_, to) = self.workflows.iter().find(|(of, _)| of == workflow)?;
            Some((to.clone(), SmolStr::from(stage)))
        })
    }

    /// What was said of a stage alone: from where.
    pub(super) fn said(&self) -> impl Iterator<Item = (&SmolStr, Option<&SmolStr>)> {
        let stages = self.stages.iter().map(|((workflow, stage), _)| (workflow, Some(stage)));
        stages.chain(self.workflows.iter().map(|(workflow, _)| (workflow, None)))
    }
}

/// `LeadQualification.Invite`, `LeadQualification`
fn place(text: &str) -> Option<(SmolStr, Option<SmolStr>)> {
    let mut parts = text.trim().split('.').map(SmolStr::from);
    let (workflow, stage, more) = (parts.next()?, parts.next(), parts.next());
    let named = !workflow.is_empty() && stage.as_ref().is_none_or(|stage| !stage.is_empty()) && more.is_none();
    named.then_some((workflow, stage))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_beats_its_workflow() {
        let mapping = Mapping::read(["Old=New", "Old.First = New.Second"]).unwrap();
        assert_eq!(mapping.of("Old", "First"), Some(("New".into(), "Second".into())));
        assert_eq!(mapping.of("Old", "Other"), Some(("New".into(), "Other".into())));
        assert_eq!(mapping.of("Third", "Other"), None);
    }

    #[test]
    fn what_says_nothing_is_refused() {
        for text in ["", "A", "A.B", "A.B=C", "A=C.D", "=", "A.=B.C", "A.B.C=D.E", ".B=C.D"] {
            assert_eq!(Mapping::read([text]), Err(MappingError::Form(text.to_owned())));
        }
        assert_eq!(Mapping::read(["A.B=C.D", "A.B=C.E"]), Err(MappingError::Twice("A.B".to_owned())));
    }
}
