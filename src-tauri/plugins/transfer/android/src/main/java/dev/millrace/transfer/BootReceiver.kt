// After a boot: shows that downloads wait, if work was held when the phone was turned off, and sets the lost alarm
// again. Starts nothing by itself: no version of Android lets an app do so then.
package dev.millrace.transfer

import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent

class BootReceiver : BroadcastReceiver() {
    override fun onReceive(context: Context, told: Intent) {
        if (remembered(context).waits(told.action)) ProgressNotification.waits(context)
        if (told.action == Intent.ACTION_BOOT_COMPLETED) Alarm.look(context)
    }
}

@Volatile
private var one: BootReminder? = null

/** One per process. */
fun remembered(context: Context): BootReminder = one ?: synchronized(BootReceiver::class.java) {
    one ?: run {
        val kept = context.applicationContext.getSharedPreferences("transfer", Context.MODE_PRIVATE)
        BootReminder({ kept.getBoolean("held", false) }, { kept.edit().putBoolean("held", it).apply() }).also { one = it }
    }
}
