//! The desktop binary; only calls the library.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    drop_automation();
    millrace_app::run()
}

/// A release build cannot be remote-controlled through an environment variable.
#[cfg(not(any(debug_assertions, feature = "bench")))]
#[expect(unsafe_code, reason = "the process has only this thread yet")]
fn drop_automation() {
    for variable in ["TAURI_AUTOMATION", "TAURI_WEBVIEW_AUTOMATION"] {
        // SAFETY: no other thread is running yet that could read the environment.
        unsafe { std::env::remove_var(variable) };
    }
}

/// Debug builds are driven by tests, and the measured build by the benchmark.
#[cfg(any(debug_assertions, feature = "bench"))]
fn drop_automation() {}
