// What is said across the border, as values; the shapes are those of `words.rs`. Knows nothing of Android.
package dev.millrace.transfer

/** Work that is going on, as the person sees it while the app is away. */
data class WorkArgs(
    var title: String = "",
    var text: String = "",
    /** From 0 to 1; null while nobody knows. */
    var fraction: Double? = null,
    /** Bytes that are expected to come. */
    var expected: Long? = null,
    var pause: String = "",
    var cancel: String = "",
    var channel: String = "",
    /** The least that a network has to be for it: any, notRoaming, notMetered. */
    var needs: String = "",
    /** All of it waits for such a network. */
    var waits: Boolean = false,
)

/** Work that the person has paused from its notice. */
data class RestArgs(
    var title: String = "",
    var text: String = "",
    var resume: String = "",
    var channel: String = "",
)

/** A moment, in milliseconds since 1970, at which something is to start, and what the person reads then. */
data class WakeArgs(
    var at: Long = 0,
    var title: String = "",
    var text: String = "",
    var channel: String = "",
)

/** How the network and the battery are; null is what the system does not say. */
data class Surroundings(
    val connected: Boolean?,
    val metered: Boolean?,
    val roaming: Boolean?,
    val vpn: Boolean?,
    val charging: Boolean?,
    /** Per cent. */
    val battery: Int?,
)

/** A message for the other side. */
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

/** The buttons of the notices. */
enum class Button(val word: String) {
    PAUSE("pause"),
    RESUME("resume"),
    CANCEL("cancel");

    companion object {
        fun of(word: String?): Button? = values().find { it.word == word }
    }
}
