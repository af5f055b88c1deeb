//! A Tauri window with nothing in it: what `npm run bench:desktop` measures the start of Millrace against.

fn main() -> tauri::Result<()> {
    tauri::Builder::default().run(tauri::generate_context!("examples/empty/tauri.conf.json"))
}
