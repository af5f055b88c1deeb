// Queues events of other apps, buttons and shortcuts until the Rust side listens. Pure.
package dev.millrace.transfer

object PendingLinks {
    private val waiting = mutableListOf<PluginEvent>()
    private var listener: ((PluginEvent) -> Unit)? = null

    @Synchronized
    fun put(told: PluginEvent) {
        val listening = listener
        if (listening == null) waiting += told else listening(told)
    }

    /** Delivers the queued events, and later ones as they come. */
    @Synchronized
    fun listen(listening: (PluginEvent) -> Unit) {
        listener = listening
        val come = waiting.toList()
        waiting.clear()
        come.forEach(listening)
    }
}
