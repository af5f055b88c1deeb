//! Where a phone enters: it loads the app as a library and looks for this by name.
#![cfg_attr(
    target_os = "android",
    expect(unsafe_code, reason = "a symbol that is found by its name is one")
)]

#[tauri::mobile_entry_point]
fn enter() {
    // the system ends the process; nobody reads how it went
    let _ = crate::start::run();
}
