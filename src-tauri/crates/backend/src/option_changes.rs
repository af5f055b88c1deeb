//! The last changes of options, so that each can be undone. In memory only: they hold secrets.

use std::collections::VecDeque;

use millrace_engine::OptionsPatch;
use parking_lot::Mutex;

/// Changes that are kept; the oldest is dropped.
const MOST: usize = 50;

#[derive(Debug, Default)]
pub struct OptionChanges(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    last: u64,
    changes: VecDeque<(u64, Vec<OptionsPatch>)>,
}

impl OptionChanges {
    /// Keeps the patches that restore what was set before; returns the number of the change.
    pub fn keep(&self, before: Vec<OptionsPatch>) -> u64 {
        let mut kept = self.0.lock();
        kept.last += 1;
        let number = kept.last;
        kept.changes.push_back((number, before));
        if kept.changes.len() > MOST {
            kept.changes.pop_front();
        }
        number
    }

    /// Once for each change.
    pub fn take(&self, number: u64) -> Option<Vec<OptionsPatch>> {
        let mut kept = self.0.lock();
        let place = kept.changes.iter().position(|(own, _)| *own == number)?;
        kept.changes.remove(place).map(|(_, before)| before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_given_out_once_and_the_oldest_are_dropped() {
        let changes = OptionChanges::default();
        let numbers: Vec<u64> = (0..=MOST).map(|_| changes.keep(Vec::new())).collect();
        assert_eq!(changes.take(numbers[0]), None);
        assert_eq!(changes.take(numbers[1]), Some(Vec::new()));
        assert_eq!(changes.take(numbers[1]), None);
        assert!(changes.take(numbers[MOST]).is_some());
    }
}
