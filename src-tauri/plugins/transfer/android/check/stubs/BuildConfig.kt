@file:Suppress("PackageDirectoryMismatch", "unused")

package app.tauri

/** Made by the build of the app. */
internal object BuildConfig {
    const val DEBUG = true
}
