// Clicks that came before anybody listened. Pure.
package dev.millrace.transfer

object Clicks {
    private val waiting = mutableListOf<Told>()
    private var listener: ((Told) -> Unit)? = null

    @Synchronized
    fun put(click: Told) {
        listener?.invoke(click) ?: waiting.add(click)
    }

    /** Hands over what has come, and from now on what comes. */
    @Synchronized
    fun listen(listening: (Told) -> Unit) {
        listener = listening
        waiting.forEach(listening)
        waiting.clear()
    }
}
