//! Entry point on a phone, which loads the app as a library and calls this function by name.

#[tauri::mobile_entry_point]
fn enter() {
    // the system ends the process; nothing reads the exit code
    let _ = crate::start::run();
}
