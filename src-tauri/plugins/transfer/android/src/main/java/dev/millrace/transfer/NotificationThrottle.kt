// How often the progress notification is updated, and the position of its bar. Pure: time is passed in.
package dev.millrace.transfer

/** Position of the bar; `null` means indeterminate. */
fun bar(fraction: Double?): Int? = fraction?.takeIf { it.isFinite() }?.let { (it.coerceIn(0.0, 1.0) * BAR).toInt() }

const val BAR = 1000

/** At most one update per second: Android drops faster ones, and each wakes the process that draws them. */
class NotificationThrottle(private val every: Long = 1000) {
    private var drawn: Long? = null
    private var last: WorkArgs? = null

    /** Whether to show `work` at `now`, in milliseconds of a monotonic clock. */
    fun shouldDraw(work: WorkArgs, now: Long): Boolean {
        val before = last
        val due = drawn?.let { now - it >= every } ?: true
        // Another title is other work: shown immediately.
        val other = before == null || before.title != work.title
        if (!other && (!due || before == work)) return false
        drawn = now
        last = work
        return true
    }

    fun forget() {
        drawn = null
        last = null
    }
}
