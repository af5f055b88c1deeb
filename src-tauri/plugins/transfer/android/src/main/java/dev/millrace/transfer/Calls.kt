// Commands that the Rust side calls without an activity: over JNI, on its own threads (`src/android.rs`). One entry
// point for all of them; arguments and responses are JSON.
package dev.millrace.transfer

import android.content.Context
import android.net.Uri
import android.os.Build
import org.json.JSONObject
import java.io.FileNotFoundException

object Calls {
    /** Returns `{"ok": VALUE}`, or `{"error": TEXT, "kind": "missing" | "denied" | "other"}`; never throws. */
    @JvmStatic
    fun call(context: Context, command: String, words: String): String {
        val answer = JSONObject()
        try {
            answer.put("ok", act(context, command, JSONObject(words)) ?: JSONObject.NULL)
        } catch (failed: Exception) {
            answer.put("error", failed.message ?: failed.toString()).put("kind", kind(failed))
        }
        return answer.toString()
    }

    private fun kind(failed: Exception) = when (failed) {
        is FileNotFoundException -> "missing"
        is SecurityException -> "denied"
        else -> "other"
    }

    private fun act(context: Context, command: String, words: JSONObject): JSONObject? {
        val text = { name: String -> words.getString(name) }
        return when (command) {
            "hold" -> nothing { KeepAliveController.hold(context, work(words)) }
            "release" -> nothing { KeepAliveController.release(context) }
            "rest" -> nothing { ProgressNotification.rest(context, words.optJSONObject("rest")?.let(::rest)) }
            "wake" -> nothing { Alarm.set(context, words.optJSONObject("wake")?.let(::wake)) }
            "show" -> nothing { EndNotice.show(context, message(words)) }
            "surroundings" -> surroundings(DeviceMonitor(context).now())
            "mediaFind" -> row(media(context).find(text("name"))?.let(::json))
            "mediaCreate" -> row(json(media(context).create(text("name"))))
            "mediaRename" -> row(json(media(context).rename(text("uri"), text("name"))))
            "mediaRemove" -> nothing(row(null)) { media(context).remove(text("uri")) }
            "documentGranted" -> JSONObject().put("granted", Documents(context).granted(text("tree")))
            "documentFind" -> row(Documents(context).find(text("tree"), text("folder"), text("name"))?.let(::json))
            "documentCreate" -> row(json(Documents(context).create(text("folder"), text("name"))))
            "documentRename" -> row(json(Documents(context).rename(text("uri"), text("name"))))
            "documentRemove" -> nothing(row(null)) { Documents(context).remove(text("uri")) }
            "publicFolder" -> JSONObject().put("folder", PublicFolder.find(context)?.path ?: JSONObject.NULL)
            "scan" -> nothing { PublicFolder.scan(context, text("path")) }
            "openContent" -> JSONObject().put("fd", open(context, text("uri")))
            else -> throw IllegalArgumentException("there is no command $command")
        }
    }

    private fun nothing(answer: JSONObject? = null, act: () -> Unit): JSONObject? {
        act()
        return answer
    }

    private fun media(context: Context): MediaStoreFiles {
        if (Build.VERSION.SDK_INT < MediaStoreFiles.SINCE) throw UnsupportedOperationException("this Android has no shared list of downloads")
        return MediaStoreFiles(context)
    }

    /** The caller owns the returned descriptor. */
    private fun open(context: Context, uri: String): Int {
        val opened = context.contentResolver.openFileDescriptor(Uri.parse(uri), "rw")
        return opened?.detachFd() ?: throw FileNotFoundException("the file is not there any more")
    }

    private fun row(found: JSONObject?) = JSONObject().put("row", found ?: JSONObject.NULL)

    private fun json(row: MediaRow) = JSONObject().put("uri", row.uri).put("name", row.name).put("length", row.length)

    private fun json(document: Document) = JSONObject()
        .put("uri", document.uri)
        .put("name", document.name)
        .put("length", document.length)
        .put("modified", document.modified ?: JSONObject.NULL)
        .put("folder", document.folder)

    private fun message(words: JSONObject): Message {
        val buttons = words.getJSONArray("buttons")
        return Message(
            id = words.getInt("id"),
            title = words.getString("title"),
            text = words.getString("text"),
            channel = words.getString("channel"),
            buttons = (0 until buttons.length()).map { buttons.getJSONObject(it) }.map { it.getString("id") to it.getString("label") },
        )
    }

    /** The shape is that of `OngoingWork` in `models.rs`. */
    internal fun work(words: JSONObject) = WorkArgs(
        title = words.getString("title"),
        text = words.getString("text"),
        fraction = if (words.isNull("fraction")) null else words.getDouble("fraction"),
        expected = if (words.isNull("expected")) null else words.getLong("expected"),
        pause = words.getString("pause"),
        cancel = words.getString("cancel"),
        channel = words.getString("channel"),
        needs = words.getString("needs"),
        waits = words.getBoolean("waits"),
    )

    private fun rest(words: JSONObject) = RestArgs(
        title = words.getString("title"),
        text = words.getString("text"),
        resume = words.getString("resume"),
        channel = words.getString("channel"),
    )

    private fun wake(words: JSONObject) = WakeArgs(
        at = words.getLong("at"),
        title = words.getString("title"),
        text = words.getString("text"),
        channel = words.getString("channel"),
    )

    private fun surroundings(now: Surroundings) = JSONObject()
        .put("connected", now.connected ?: JSONObject.NULL)
        .put("metered", now.metered ?: JSONObject.NULL)
        .put("roaming", now.roaming ?: JSONObject.NULL)
        .put("vpn", now.vpn ?: JSONObject.NULL)
        .put("charging", now.charging ?: JSONObject.NULL)
        .put("battery", now.battery ?: JSONObject.NULL)
}
