//! How many files and connections the system lets this process have open. Unix only: elsewhere there is no such limit.

/// What a thousand downloads at once need, with several connections each for some; macOS gives no process more.
#[cfg(unix)]
const WANTED_DESCRIPTORS: u64 = 10_240;

/// Raises the soft limit of open descriptors to what many downloads at once need, as far as the hard limit lets. For
/// programs to call once at their start; the engine itself leaves its process as it is. Returns the limit that holds
/// now, `None` where there is none (getrlimit, setrlimit: POSIX.1-2017).
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
    // A system that refuses leaves the old limit, with which fewer downloads run at once.
    Some(setrlimit(Resource::Nofile, limit).map_or(current, |()| wanted))
}

#[cfg(not(unix))]
pub fn raise_descriptor_limit() -> Option<u64> {
    None
}
