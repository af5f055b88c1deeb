package dev.millrace.transfer

import app.tauri.plugin.PluginManager
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements

/**
 * The other side of Tauri's bridge, which is Rust in the app: what came back of each command, and on each channel. And the person who is
 * asked for leave.
 */
@Implements(PluginManager::class)
class Replies {
    @Implementation
    fun handlePluginResponse(id: Int, success: String?, error: String?) {
        of[id] = success to error
    }

    @Implementation
    fun sendChannelData(id: Long, data: String) {
        sent += id to data
    }

    /** The system's question, answered at once. */
    @Implementation
    fun requestPermissions(permissions: Array<String>, callback: PluginManager.RequestPermissionsCallback) {
        asked += permissions
        if (agrees) shadowOf(RuntimeEnvironment.getApplication()).grantPermissions(*permissions)
        callback.onResult(permissions.associateWith { agrees })
    }

    companion object {
        /** Whether the person agrees to what they are asked. */
        var agrees = false
        val asked = mutableListOf<String>()
        val of = mutableMapOf<Int, Pair<String?, String?>>()
        val sent = mutableListOf<Pair<Long, String>>()

        fun forget() {
            agrees = false
            asked.clear()
            of.clear()
            sent.clear()
        }
    }
}
