// Links that came before anybody listened. Pure.
package dev.millrace.transfer

object Inbox {
    private val waiting = mutableListOf<String>()
    private var listener: ((List<String>) -> Unit)? = null

    @Synchronized
    fun put(links: List<String>) {
        val listening = listener
        if (listening == null) waiting += links else listening(links)
    }

    /** Hands over what has come, and from now on what comes. */
    @Synchronized
    fun listen(listening: (List<String>) -> Unit) {
        listener = listening
        if (waiting.isEmpty()) return
        val come = waiting.toList()
        waiting.clear()
        listening(come)
    }
}
