package dev.millrace.transfer

import app.tauri.plugin.PluginManager
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements

/**
 * The Rust side of Tauri's bridge: the response to each command and the messages on each channel. Also the user who is
 * asked for permissions.
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

    /** The system's permission dialog, answered immediately. */
    @Implementation
    fun requestPermissions(permissions: Array<String>, callback: PluginManager.RequestPermissionsCallback) {
        asked += permissions
        if (agrees) shadowOf(RuntimeEnvironment.getApplication()).grantPermissions(*permissions)
        callback.onResult(permissions.associateWith { agrees })
    }

    companion object {
        /** Whether the user grants what is asked. */
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
