//! Validators that were shown to be of the same file although they differ from the known ones. Shared by all
//! connections of a download.

use parking_lot::Mutex;

use crate::domain::record::Validators;

#[derive(Debug, Default)]
pub(super) struct AcceptedValidators(Mutex<Vec<Validators>>);

impl AcceptedValidators {
    pub(super) fn accept(&self, found: Validators) {
        self.0.lock().push(found);
    }

    pub(super) fn contains(&self, found: &Validators) -> bool {
        self.0.lock().contains(found)
    }
}
