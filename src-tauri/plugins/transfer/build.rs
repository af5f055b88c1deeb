//! Registers the plugin's Android and iOS folders with the app's build. No commands: the page cannot call the plugin.

fn main() {
    tauri_plugin::Builder::new(&[])
        .android_path("android")
        .ios_path("ios")
        .build();
}
