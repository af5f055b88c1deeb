//! Identifies the current boot of this machine: data written since then survives a killed process, in the page cache,
//! but neither a power cut nor a restart.

/// An id unique to this boot; `None` where the system provides none.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) fn boot_id() -> Option<String> {
    let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let id = id.trim();
    (!id.is_empty()).then(|| id.to_owned())
}

/// From the system's own tool: the system call would need unsafe code.
#[cfg(target_os = "macos")]
pub(crate) fn boot_id() -> Option<String> {
    let mut sysctl = std::process::Command::new("/usr/sbin/sysctl");
    let output = sysctl.args(["-n", "kern.bootsessionuuid"]).output().ok()?;
    let id = String::from_utf8(output.stdout).ok()?;
    let id = id.trim();
    (output.status.success() && !id.is_empty()).then(|| id.to_owned())
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "macos")))]
pub(crate) fn boot_id() -> Option<String> {
    None
}
