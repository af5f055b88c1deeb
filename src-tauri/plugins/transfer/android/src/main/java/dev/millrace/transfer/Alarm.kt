// Wakes the app when something is to start, also after the process has died, and shows a notification unless the work
// continues without the user. An inexact alarm, which needs no permission: from Android 12 on an alarm of this kind may
// start neither a service nor a job.
package dev.millrace.transfer

import android.app.AlarmManager
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import android.os.PowerManager

object Alarm {
    /** Milliseconds: enough for the Rust side to start and hold its work before the phone sleeps again. */
    private const val AWAKE = 10_000L

    /** The app is in the foreground. */
    @Volatile
    private var seen = false

    /** Replaces the previous alarm; null cancels it. */
    @Synchronized
    fun set(context: Context, wake: WakeArgs?) {
        val before = read(context)
        val edit = kept(context).edit().clear()
        if (wake != null) {
            edit.putLong(AT, wake.at).putString("title", wake.title).putString("text", wake.text).putString("channel", wake.channel)
        }
        // Committed before anything else: the process may be killed next.
        edit.commit()
        if (wake == null) alarms(context).cancel(pending(context)) else set(context, wake.at)
        // The Rust side started in time, before the alarm: alarms are usually late.
        if (before != null && before != wake && before.at <= System.currentTimeMillis()) show(context, before)
    }

    /** The alarm fired, or the phone was turned on, which clears alarms: a time still to come is scheduled again. */
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

    /** The app is opened, and starts what is due by itself. */
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
