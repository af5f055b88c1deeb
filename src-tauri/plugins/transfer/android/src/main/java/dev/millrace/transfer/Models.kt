// Arguments and events of the plugin; the shapes are those of `models.rs`. Does not depend on Android.
package dev.millrace.transfer

/** Work in progress, as shown to the user while the app is in the background. */
data class WorkArgs(
    var title: String = "",
    var text: String = "",
    /** From 0 to 1; null if unknown. */
    var fraction: Double? = null,
    /** Bytes still expected. */
    var expected: Long? = null,
    var pause: String = "",
    var cancel: String = "",
    var channel: String = "",
    /** Minimum requirement on the network: any, notRoaming, notMetered. */
    var needs: String = "",
    /** All of it waits for such a network. */
    var waits: Boolean = false,
)

/** Work that the user paused from its notification. */
data class RestArgs(
    var title: String = "",
    var text: String = "",
    var resume: String = "",
    var channel: String = "",
)

/** When something is to start, in milliseconds since 1970, and the text to show then. */
data class WakeArgs(
    var at: Long = 0,
    var title: String = "",
    var text: String = "",
    var channel: String = "",
)

/** State of network and battery; null if the system does not report it. */
data class Surroundings(
    val connected: Boolean?,
    val metered: Boolean?,
    val roaming: Boolean?,
    val vpn: Boolean?,
    val charging: Boolean?,
    /** Per cent. */
    val battery: Int?,
)

/** An event for the Rust side. */
data class PluginEvent(val event: String, val data: Any? = null)

data class Back(val workEnded: Boolean)

data class Clicked(val id: Int, val button: String)

val PASTE = PluginEvent("paste")
val AWAY = PluginEvent("away")
val TIME_UP = PluginEvent("timeUp")
val STOPPED = PluginEvent("stopped")
val DUE = PluginEvent("due")

fun back(workEnded: Boolean) = PluginEvent("back", Back(workEnded))

fun clicked(id: Int, button: String) = PluginEvent("clicked", Clicked(id, button))

fun links(handed: Handed) = PluginEvent("links", handed)

fun intent(button: Button) = PluginEvent("intent", button.word)

/** The buttons of the notifications. */
enum class Button(val word: String) {
    PAUSE("pause"),
    RESUME("resume"),
    CANCEL("cancel");

    companion object {
        fun of(word: String?): Button? = values().find { it.word == word }
    }
}
