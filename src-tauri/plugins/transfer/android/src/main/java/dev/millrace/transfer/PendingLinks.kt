// What other apps, buttons and shortcuts asked for before anybody listened. Pure.
package dev.millrace.transfer

object Inbox {
    private val waiting = mutableListOf<Told>()
    private var listener: ((Told) -> Unit)? = null

    @Synchronized
    fun put(told: Told) {
        val listening = listener
        if (listening == null) waiting += told else listening(told)
    }

    /** Hands over what has come, and from now on what comes. */
    @Synchronized
    fun listen(listening: (Told) -> Unit) {
        listener = listening
        val come = waiting.toList()
        waiting.clear()
        come.forEach(listening)
    }
}
