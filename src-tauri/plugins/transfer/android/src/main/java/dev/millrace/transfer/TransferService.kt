// Below Android 14, and where a job is refused: a foreground service with the progress notification.
package dev.millrace.transfer

import android.app.Service
import android.content.Intent
import android.content.pm.ServiceInfo
import android.os.Build
import android.os.IBinder
import android.util.Log

class TransferService : Service() {
    override fun onBind(intent: Intent?): IBinder? = null

    override fun onStartCommand(intent: Intent?, flags: Int, startId: Int): Int {
        try {
            // Always, and first: the system kills an app that starts such a service and does not show it.
            val notice = KeepAliveController.notice(this)
            if (Build.VERSION.SDK_INT >= 29) startForeground(ProgressNotification.ID, notice, ServiceInfo.FOREGROUND_SERVICE_TYPE_DATA_SYNC)
            else startForeground(ProgressNotification.ID, notice)
        } catch (refused: RuntimeException) {
            Log.w("transfer", "the system lets no service into the foreground now", refused)
            KeepAliveController.serviceRefused(this)
            stopSelf()
            return START_NOT_STICKY
        }
        if (!KeepAliveController.serviceStarted(this)) end()
        // A killed process is not restarted for this: the list is restored when the app is opened.
        return START_NOT_STICKY
    }

    /** Android 15: six of 24 hours are used up. Seconds are left. */
    override fun onTimeout(startId: Int, fgsType: Int) = KeepAliveController.serviceTimedOut(this)

    /** Android 14. */
    override fun onTimeout(startId: Int) = KeepAliveController.serviceTimedOut(this)

    fun end() {
        if (Build.VERSION.SDK_INT >= 24) stopForeground(STOP_FOREGROUND_REMOVE)
        stopSelf()
    }
}
