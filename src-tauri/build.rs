//! Names the commands that the window may call: Tauri refuses every other one, and each needs a permission in
//! `capabilities/`. The same commands, with types, are in `src/bindings.rs`; a test there compares them.

#[expect(unreachable_pub, reason = "it is a module of the backend")]
#[path = "crates/backend/src/commands/table.rs"]
mod table;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // checks and tests need no page, but Tauri wants its folder
    std::fs::create_dir_all("../dist")?;
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("android") {
        // newer phones have pages of 16 KiB, and kits before r28 lay libraries out for smaller ones
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,max-page-size=16384");
    }
    let names: Vec<&str> = table::COMMANDS.iter().map(|one| one.name).collect();
    let manifest = tauri_build::AppManifest::new().commands(names.leak());
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))?;
    Ok(())
}
