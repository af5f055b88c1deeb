// That work was held when the phone was turned off, so that a notice can say so once it is on again. Pure: where it is kept is
// handed in.
package dev.millrace.transfer

import android.content.Intent

class BootReminder(private val read: () -> Boolean, private val write: (Boolean) -> Unit) {
    private var last: Boolean? = null

    /** A process begins: what an earlier one held is taken up by now, or was given up. */
    @Synchronized
    fun begin() {
        if (last == null) held(false)
    }

    /** PluginEvent again and again while work goes on: only news is written. */
    @Synchronized
    fun held(now: Boolean) {
        if (now == last) return
        last = now
        write(now)
    }

    /** Whether a notice is to say that work waits; once for each time that the phone was turned on. */
    @Synchronized
    fun waits(action: String?): Boolean {
        if (action != Intent.ACTION_BOOT_COMPLETED || !read()) return false
        held(false)
        return true
    }
}
