//! Tells the app's build where the Kotlin and Swift are. The window may call none of it: there are no commands.

fn main() {
    tauri_plugin::Builder::new(&[])
        .android_path("android")
        .ios_path("ios")
        .build();
}
