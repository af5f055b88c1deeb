//! Where a phone enters: it loads the app as a library and looks for this by name.

#[tauri::mobile_entry_point]
fn enter() {
    // the system ends the process; nobody reads how it went
    let _ = crate::start::run();
}
