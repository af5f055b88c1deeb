// The one notice of the work that goes on. It is there only while work is held.
package dev.millrace.transfer

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import android.os.Build

object Notice {
    const val ID = 4711
    private const val CHANNEL = "transfer"

    fun build(context: Context, work: WorkArgs): Notification {
        if (Build.VERSION.SDK_INT >= 26) {
            // Quiet: it shows, it does not ring. Made again it only takes a new name.
            val channel = NotificationChannel(CHANNEL, work.channel, NotificationManager.IMPORTANCE_LOW)
            channel.setShowBadge(false)
            context.getSystemService(NotificationManager::class.java).createNotificationChannel(channel)
        }
        val builder = builder(context)
            .setSmallIcon(R.drawable.transfer_notice)
            .setContentTitle(work.title)
            .setContentText(work.text)
            .setContentIntent(open(context))
            .setOngoing(true)
            .setOnlyAlertOnce(true)
            .setCategory(Notification.CATEGORY_PROGRESS)
            .addAction(button(context, Button.PAUSE, work.pause))
            .addAction(button(context, Button.CANCEL, work.cancel))
        val bar = bar(work.fraction)
        builder.setProgress(BAR, bar ?: 0, bar == null)
        // From Android 12 on a notice of a service waits ten seconds unless told not to.
        if (Build.VERSION.SDK_INT >= 31) builder.setForegroundServiceBehavior(Notification.FOREGROUND_SERVICE_IMMEDIATE)
        return builder.build()
    }

    fun show(context: Context, notification: Notification) {
        // Without the person's leave nothing is shown; the work goes on all the same.
        context.getSystemService(NotificationManager::class.java).notify(ID, notification)
    }

    private fun builder(context: Context): Notification.Builder =
        if (Build.VERSION.SDK_INT >= 26) Notification.Builder(context, CHANNEL)
        else @Suppress("DEPRECATION") Notification.Builder(context)

    private fun open(context: Context): PendingIntent? {
        val intent = context.packageManager.getLaunchIntentForPackage(context.packageName) ?: return null
        return PendingIntent.getActivity(context, 0, intent, PendingIntent.FLAG_IMMUTABLE)
    }

    private fun button(context: Context, button: Button, label: String): Notification.Action {
        val intent = Intent(context, ButtonReceiver::class.java).setAction(button.word)
        val pressed = PendingIntent.getBroadcast(context, button.ordinal, intent, PendingIntent.FLAG_IMMUTABLE)
        return Notification.Action.Builder(null, label, pressed).build()
    }
}
