package dev.millrace.transfer

import app.tauri.plugin.PluginManager
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements

/** The other side of Tauri's bridge, which is Rust in the app: what came back of each command, and on each channel. */
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

    companion object {
        val of = mutableMapOf<Int, Pair<String?, String?>>()
        val sent = mutableListOf<Pair<Long, String>>()

        fun forget() {
            of.clear()
            sent.clear()
        }
    }
}
