//! Raises the limit of open files and connections of this process. Unix only: other systems have no such limit.

/// Enough for a thousand downloads in parallel, some with several connections; macOS permits no more.
#[cfg(unix)]
const WANTED_DESCRIPTORS: u64 = 10_240;

/// Raises the soft limit of open descriptors to what many parallel downloads need, as far as the hard limit permits.
/// To be called once by a program at its start; the engine itself never changes its process. Returns the limit that
/// applies now, `None` if there is none (getrlimit, setrlimit: POSIX.1-2017).
#[cfg(unix)]
pub fn raise_descriptor_limit() -> Option<u64> {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    let current = limit.current?;
    let wanted = limit
        .maximum
        .map_or(WANTED_DESCRIPTORS, |most| most.min(WANTED_DESCRIPTORS));
    if current >= wanted {
        return Some(current);
    }
    limit.current = Some(wanted);
    // If the system refuses, the old limit stays, and fewer downloads run in parallel.
    Some(setrlimit(Resource::Nofile, limit).map_or(current, |()| wanted))
}

#[cfg(not(unix))]
pub fn raise_descriptor_limit() -> Option<u64> {
    None
}
