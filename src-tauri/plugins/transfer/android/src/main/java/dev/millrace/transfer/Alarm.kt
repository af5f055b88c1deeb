// When something is to start, also after the process has died: the system wakes the app then, and a notice says so unless the work
// goes on without the person. An alarm that needs no permission, and so no exact one: from Android 12 on it lets neither a service
// nor a job begin.
package dev.millrace.transfer

import android.app.AlarmManager
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import android.os.PowerManager

object Alarm {
    /** Long enough for the other side to begin, and to hold its work, before the phone sleeps again. */
    private const val AWAKE = 10_000L

    /** The app is before the person's eyes. */
    @Volatile
    private var seen = false

    /** In the place of the one before; null: nothing is to start any more. */
    @Synchronized
    fun set(context: Context, wake: WakeArgs?) {
        val before = read(context)
        val edit = kept(context).edit().clear()
        if (wake != null) {
            edit.putLong(AT, wake.at).putString("title", wake.title).putString("text", wake.text).putString("channel", wake.channel)
        }
        // Written before anything is promised: the process may be killed next.
        edit.commit()
        if (wake == null) alarms(context).cancel(pending(context)) else set(context, wake.at)
        // The other side began in time, before the alarm: late alarms are the rule.
        if (before != null && before != wake && before.at <= System.currentTimeMillis()) show(context, before)
    }

    /** The alarm rings, or the phone was turned on, which has lost it: a moment that is still to come is awaited again. */
    @Synchronized
    fun look(context: Context) {
        val wake = read(context) ?: return
        if (wake.at > System.currentTimeMillis()) return set(context, wake.at)
        kept(context).edit().clear().apply()
        val tell = KeepAliveController.tell
        if (tell != null) {
            acquireWakeLock(context)
            tell(DUE)
        }
        show(context, wake)
    }

    private fun show(context: Context, wake: WakeArgs) {
        if (!seen && !KeepAliveController.held) ProgressNotification.due(context, wake)
    }

    /** The app is opened, and starts by itself what is due. */
    fun seen(context: Context) {
        seen = true
        ProgressNotification.waitsNoMore(context)
    }

    fun away() {
        seen = false
    }

    private fun set(context: Context, at: Long) =
        alarms(context).setAndAllowWhileIdle(AlarmManager.RTC_WAKEUP, at, pending(context))

    private fun read(context: Context): WakeArgs? {
        val kept = kept(context)
        if (!kept.contains(AT)) return null
        val text = { name: String -> kept.getString(name, null).orEmpty() }
        return WakeArgs(kept.getLong(AT, 0), text("title"), text("text"), text("channel"))
    }

    private fun kept(context: Context) = context.applicationContext.getSharedPreferences("alarm", Context.MODE_PRIVATE)

    private fun alarms(context: Context) = context.getSystemService(AlarmManager::class.java)

    private fun pending(context: Context): PendingIntent =
        PendingIntent.getBroadcast(context, 0, Intent(context, AlarmReceiver::class.java), PendingIntent.FLAG_IMMUTABLE)

    private fun acquireWakeLock(context: Context) {
        val power = context.getSystemService(PowerManager::class.java)
        power.newWakeLock(PowerManager.PARTIAL_WAKE_LOCK, "millrace:alarm").acquire(AWAKE)
    }

    private const val AT = "at"
}
