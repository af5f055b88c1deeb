// What the Rust side calls, one command each, and what the activity's life tells it.
package dev.millrace.transfer

import android.app.Activity
import android.os.Build
import androidx.appcompat.app.AppCompatActivity
import app.tauri.annotation.Command
import app.tauri.annotation.InvokeArg
import app.tauri.annotation.TauriPlugin
import app.tauri.plugin.Channel
import app.tauri.plugin.Invoke
import app.tauri.plugin.Plugin

@InvokeArg
class ListenArgs {
    lateinit var handler: Channel
}

@InvokeArg
class MediaArgs {
    var name: String = ""
    var uri: String = ""
}

@InvokeArg
class PlaceArgs {
    var uri: String = ""
}

/** A row of the shared list of downloads; null when there is none. */
data class Found(val row: MediaRow?)

@TauriPlugin
class TransferPlugin(private val activity: Activity) : Plugin(activity) {
    private val watcher = Watcher(activity)
    private val screens = Screens(activity)

    @Command
    fun listen(invoke: Invoke) {
        val channel = invoke.parseArgs(ListenArgs::class.java).handler
        val tell = { told: Told -> channel.sendObject(told) }
        Holder.tell = tell
        watcher.listen { tell(Told("surroundings", it)) }
        Inbox.listen { tell(links(it)) }
        invoke.resolve()
    }

    @Command
    fun surroundings(invoke: Invoke) = invoke.resolveObject(watcher.now())

    @Command
    fun hold(invoke: Invoke) {
        Holder.hold(activity.applicationContext, invoke.parseArgs(WorkArgs::class.java))
        invoke.resolve()
    }

    @Command
    fun release(invoke: Invoke) {
        Holder.release(activity.applicationContext)
        invoke.resolve()
    }

    /** Nothing is found where the system has no such list, or has no such file in it. */
    @Command
    fun mediaFind(invoke: Invoke) = media(invoke) { args, media -> Found(media.find(args.name)) }

    @Command
    fun mediaCreate(invoke: Invoke) = media(invoke) { args, media -> Found(media.create(args.name)) }

    @Command
    fun mediaRename(invoke: Invoke) = media(invoke) { args, media -> Found(media.rename(args.uri, args.name)) }

    @Command
    fun mediaRemove(invoke: Invoke) = media(invoke) { args, media ->
        media.remove(args.uri)
        Found(null)
    }

    /** A file of the app's own folder; those of the shared list are shown by the plugin for its files. */
    @Command
    fun open(invoke: Invoke) = answered(invoke) { screens.open(invoke.parseArgs(PlaceArgs::class.java).uri) }

    @Command
    fun share(invoke: Invoke) = answered(invoke) { screens.share(invoke.parseArgs(PlaceArgs::class.java).uri) }

    @Command
    fun batterySettings(invoke: Invoke) = answered(invoke) { screens.battery() }

    private fun media(invoke: Invoke, of: (MediaArgs, Media) -> Found) = answered(invoke) {
        if (Build.VERSION.SDK_INT < Media.SINCE) throw UnsupportedOperationException("this Android has no shared list of downloads")
        of(invoke.parseArgs(MediaArgs::class.java), Media(activity.applicationContext))
    }

    /** What came of it; nothing is null on the other side. */
    private fun answered(invoke: Invoke, act: () -> Any) {
        try {
            val answer = act()
            if (answer == Unit) invoke.resolve() else invoke.resolveObject(answer)
        } catch (failed: Exception) {
            invoke.reject(failed.message ?: failed.toString(), failed)
        }
    }

    override fun onResume(activity: AppCompatActivity) {
        Holder.tell?.invoke(back(Holder.seen()))
    }

    override fun onStop(activity: AppCompatActivity) {
        Holder.tell?.invoke(AWAY)
    }
}
