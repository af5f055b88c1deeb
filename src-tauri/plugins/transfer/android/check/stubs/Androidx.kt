// The few classes of androidx that Tauri's own Kotlin names, as far as it names them: Google's repository has the real
// ones, and the build of the app uses those. Only for checking types; nothing here runs.
@file:Suppress("PackageDirectoryMismatch", "unused", "UNUSED_PARAMETER")

package androidx.activity.result

class ActivityResult(val resultCode: Int, val data: android.content.Intent?)

class IntentSenderRequest

abstract class ActivityResultLauncher<I> {
    abstract fun launch(input: I)
}
