// Receives the alarm for which the system was asked to wake the app.
package dev.millrace.transfer

import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent

class AlarmReceiver : BroadcastReceiver() {
    override fun onReceive(context: Context, rings: Intent) = Alarm.look(context)
}
