// Remembers that work was held when the phone was turned off, so that a notification can say so after the next boot.
// Pure: storage is passed in.
package dev.millrace.transfer

import android.content.Intent

class BootReminder(private val read: () -> Boolean, private val write: (Boolean) -> Unit) {
    private var last: Boolean? = null

    /** A process starts: work that an earlier one held has been restored by now, or was given up. */
    @Synchronized
    fun begin() {
        if (last == null) held(false)
    }

    /** Called again and again while work is in progress: only changes are written. */
    @Synchronized
    fun held(now: Boolean) {
        if (now == last) return
        last = now
        write(now)
    }

    /** Whether to show that work waits; once per boot. */
    @Synchronized
    fun waits(action: String?): Boolean {
        if (action != Intent.ACTION_BOOT_COMPLETED || !read()) return false
        held(false)
        return true
    }
}
