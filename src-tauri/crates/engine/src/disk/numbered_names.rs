//! Finds the first free name of `a.zip`, `a (1).zip`, `a (2).zip` … by trying to take each.

use std::path::Path;

use crate::domain::file_name::numbered;
use crate::domain::problem::Problem;

const MAX_ATTEMPTS: u32 = 10_000;

/// Calls `attempt` with each name in turn until it returns something: `Ok(None)` means that the name is taken. `Ok(None)`
/// in the end means that all of them are.
pub(super) fn first_free_name<T, E>(
    name: &str,
    mut attempt: impl FnMut(String) -> Result<Option<T>, E>,
) -> Result<Option<T>, E> {
    for n in 0..MAX_ATTEMPTS {
        if let Some(done) = attempt(numbered(name, n))? {
            return Ok(Some(done));
        }
    }
    Ok(None)
}

/// The problem of a download for which [`first_free_name`] found none.
pub(super) fn no_free_name(path: &Path) -> Problem {
    Problem::DiskFailed {
        path: path.display().to_string(),
        reason: "ten thousand files of that name are there already".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_tried_in_order_until_one_is_free_or_something_fails() {
        let mut tried = Vec::new();
        let found = first_free_name("a.zip", |name| {
            tried.push(name.clone());
            Ok::<_, ()>((tried.len() == 3).then_some(name))
        });
        assert_eq!(found, Ok(Some("a (2).zip".to_owned())));
        assert_eq!(tried, ["a.zip", "a (1).zip", "a (2).zip"]);
        assert_eq!(first_free_name("a", |_| Err::<Option<()>, _>(7)), Err(7));
        let mut count = 0;
        let none = first_free_name("a", |_| {
            count += 1;
            Ok::<Option<()>, ()>(None)
        });
        assert_eq!((none, count), (Ok(None), MAX_ATTEMPTS));
    }
}
