// How often the notice is drawn, and how its bar stands. Pure: time is handed in.
package dev.millrace.transfer

/** The bar of a notice: `null` runs to and fro. */
fun bar(fraction: Double?): Int? = fraction?.takeIf { it.isFinite() }?.let { (it.coerceIn(0.0, 1.0) * BAR).toInt() }

const val BAR = 1000

/** At most one drawing a second: Android drops what comes faster, and each wakes the screen's process. */
class NotificationThrottle(private val every: Long = 1000) {
    private var drawn: Long? = null
    private var last: WorkArgs? = null

    /** Whether `work` is to be drawn at `now`, in milliseconds of a clock that only goes forward. */
    fun shouldDraw(work: WorkArgs, now: Long): Boolean {
        val before = last
        val due = drawn?.let { now - it >= every } ?: true
        // Another title is other work: at once.
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
