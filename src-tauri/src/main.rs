//! The desktop binary: nothing but the call.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    drop_automation();
    millrace_app::run()
}

/// A released app cannot be driven from outside by setting a variable.
#[cfg(not(any(debug_assertions, feature = "bench")))]
#[expect(unsafe_code, reason = "the process has only this thread yet")]
fn drop_automation() {
    for variable in ["TAURI_AUTOMATION", "TAURI_WEBVIEW_AUTOMATION"] {
        // SAFETY: nothing else runs yet that could read the environment.
        unsafe { std::env::remove_var(variable) };
    }
}

/// Tests drive debug builds, and the benchmark what it measures.
#[cfg(any(debug_assertions, feature = "bench"))]
fn drop_automation() {}
