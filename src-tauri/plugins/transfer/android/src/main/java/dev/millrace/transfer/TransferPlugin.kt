// Commands that the Rust side calls while there is an activity, and events of the activity's lifecycle. All other
// commands are in `Calls.kt`.
package dev.millrace.transfer

import android.app.Activity
import android.content.pm.PackageManager
import android.os.Build
import android.webkit.WebView
import androidx.appcompat.app.AppCompatActivity
import app.tauri.annotation.Command
import app.tauri.annotation.InvokeArg
import app.tauri.annotation.Permission
import app.tauri.annotation.PermissionCallback
import app.tauri.annotation.TauriPlugin
import app.tauri.plugin.Channel
import app.tauri.plugin.Invoke
import app.tauri.plugin.Plugin

@InvokeArg
class ListenArgs {
    lateinit var handler: Channel
}

@InvokeArg
class PlaceArgs {
    var uri: String = ""
}

/** Whether the user permits something; null where no permission is needed. */
data class Leave(val given: Boolean?)

/** A folder of plain files; null if there is none, or no permission to write to it. */
data class Place(val folder: String?)

@TauriPlugin(
    permissions = [
        Permission(strings = [LOCAL_NETWORK], alias = "localNetwork"),
        Permission(strings = [PublicFolder.LEAVE], alias = "publicFolder"),
    ],
)
class TransferPlugin(private val activity: Activity) : Plugin(activity) {
    private val watcher = DeviceMonitor(activity)
    private val screens = IntentLauncher(activity)

    override fun load(webView: WebView) = Insets(activity, webView).listen()

    @Command
    fun listen(invoke: Invoke) {
        val channel = invoke.parseArgs(ListenArgs::class.java).handler
        val tell = { told: PluginEvent -> channel.sendObject(told) }
        KeepAliveController.tell = tell
        Shortcuts.offer(activity.applicationContext)
        remembered(activity).begin()
        Alarm.seen(activity)
        watcher.listen { tell(PluginEvent("surroundings", it)) }
        PendingLinks.listen(tell)
        invoke.resolve()
    }

    /** Asks the user unless they were asked before; resolves once they have decided. */
    @Command
    fun localNetwork(invoke: Invoke) {
        if (wantsLeave(Build.VERSION.SDK_INT) && !given()) requestPermissionForAlias("localNetwork", invoke, "decided")
        else decided(invoke)
    }

    @PermissionCallback
    fun decided(invoke: Invoke) =
        invoke.resolveObject(Leave(if (wantsLeave(Build.VERSION.SDK_INT)) given() else null))

    private fun given() = activity.checkSelfPermission(LOCAL_NETWORK) == PackageManager.PERMISSION_GRANTED

    /** Asks the user if a permission is needed and they were not asked before; resolves once they have decided. */
    @Command
    fun askForPublicFolder(invoke: Invoke) {
        if (PublicFolder.wanted(Build.VERSION.SDK_INT) && !PublicFolder.given(activity)) {
            requestPermissionForAlias("publicFolder", invoke, "decidedOnFolder")
        } else {
            decidedOnFolder(invoke)
        }
    }

    @PermissionCallback
    fun decidedOnFolder(invoke: Invoke) = invoke.resolveObject(Place(PublicFolder.find(activity)?.path))

    /** A file of the app's own folder; those of the shared list are shown by the file plugin. */
    @Command
    fun open(invoke: Invoke) = answered(invoke) { screens.open(invoke.parseArgs(PlaceArgs::class.java).uri) }

    @Command
    fun share(invoke: Invoke) = answered(invoke) { screens.share(invoke.parseArgs(PlaceArgs::class.java).uri) }

    @Command
    fun batterySettings(invoke: Invoke) = answered(invoke) { screens.battery() }

    private fun answered(invoke: Invoke, act: () -> Unit) {
        try {
            act()
            invoke.resolve()
        } catch (failed: Exception) {
            invoke.reject(failed.message ?: failed.toString(), failed)
        }
    }

    override fun onResume(activity: AppCompatActivity) {
        Alarm.seen(activity)
        KeepAliveController.tell?.invoke(back(KeepAliveController.seen()))
    }

    override fun onStop(activity: AppCompatActivity) {
        Alarm.away()
        KeepAliveController.tell?.invoke(AWAY)
    }
}
