// What other apps, buttons and shortcuts asked for before anybody listened. Pure.
package dev.millrace.transfer

object PendingLinks {
    private val waiting = mutableListOf<PluginEvent>()
    private var listener: ((PluginEvent) -> Unit)? = null

    @Synchronized
    fun put(told: PluginEvent) {
        val listening = listener
        if (listening == null) waiting += told else listening(told)
    }

    /** Hands over what has come, and from now on what comes. */
    @Synchronized
    fun listen(listening: (PluginEvent) -> Unit) {
        listener = listening
        val come = waiting.toList()
        waiting.clear()
        come.forEach(listening)
    }
}
