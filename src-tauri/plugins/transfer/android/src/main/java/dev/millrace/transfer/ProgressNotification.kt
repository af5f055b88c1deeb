// The notification of work in progress, shown only while work is held, and that of work that was paused from it.
package dev.millrace.transfer

import android.annotation.TargetApi
import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import android.os.Build
import android.os.Bundle
import java.text.NumberFormat

object ProgressNotification {
    const val ID = 4711

    /** Separate ids: the system removes the progress notification when the job or the service ends. */
    private const val RESTING = 4712
    private const val WAITING = 4713
    private const val CHANNEL = "transfer"

    /**
     * `Notification.EXTRA_REQUEST_PROMOTED_ONGOING`, which the framework that this is checked against does not define.
     */
    private const val REQUEST_PROMOTED = "android.requestPromotedOngoing"

    fun build(context: Context, work: WorkArgs): Notification {
        channel(context, work.channel)
        val builder = notice(context, CHANNEL, work.title, work.text)
            .setContentIntent(open(context))
            .setOngoing(true)
            .setOnlyAlertOnce(true)
            .setCategory(Notification.CATEGORY_PROGRESS)
            .addAction(button(context, Button.PAUSE, work.pause))
            .addAction(button(context, Button.CANCEL, work.cancel))
        val bar = bar(work.fraction)
        if (Build.VERSION.SDK_INT >= 36) live(builder, bar) else builder.setProgress(BAR, bar ?: 0, bar == null)
        // From Android 12 on a service's notification is delayed by ten seconds by default.
        if (Build.VERSION.SDK_INT >= 31) builder.setForegroundServiceBehavior(Notification.FOREGROUND_SERVICE_IMMEDIATE)
        return builder.build()
    }

    fun show(context: Context, notification: Notification) {
        // Without the user's permission nothing is shown; the work continues all the same.
        context.getSystemService(NotificationManager::class.java).notify(ID, notification)
    }

    /** Progress that the system may also show on the lock screen and in the status bar, if the user allows it. */
    @TargetApi(36)
    private fun live(builder: Notification.Builder, bar: Int?) {
        val style = Notification.ProgressStyle()
            .addProgressSegment(Notification.ProgressStyle.Segment(BAR))
            .setProgressIndeterminate(bar == null)
        if (bar != null) {
            style.setProgress(bar)
            builder.setShortCriticalText(NumberFormat.getPercentInstance().format(bar.toDouble() / BAR))
        }
        val promoted = Bundle()
        promoted.putBoolean(REQUEST_PROMOTED, true)
        builder.setStyle(style).addExtras(promoted)
    }

    /** Shows paused work until the user resumes it, swipes it away, or `rest` is null. */
    fun rest(context: Context, rest: RestArgs?) {
        val manager = context.getSystemService(NotificationManager::class.java)
        if (rest == null) return manager.cancel(RESTING)
        channel(context, rest.channel)
        val resume = TrampolineActivity.pending(context, Button.RESUME.word)
        val notification = notice(context, CHANNEL, rest.title, rest.text)
            .setContentIntent(open(context))
            .setOnlyAlertOnce(true)
            .addAction(Notification.Action.Builder(null, rest.resume, resume).build())
            .build()
        manager.notify(RESTING, notification)
    }

    /** Shows that downloads wait for the app to be opened. */
    fun waits(context: Context) {
        val name = context.applicationInfo.loadLabel(context.packageManager).toString()
        val manager = context.getSystemService(NotificationManager::class.java)
        // A channel created before has its name in the user's language.
        if (Build.VERSION.SDK_INT >= 26 && manager.getNotificationChannel(CHANNEL) == null) channel(context, name)
        waits(context, name, context.getString(R.string.transfer_waits))
    }

    /** Shows what is to start; it starts by itself once the app is opened. */
    fun due(context: Context, wake: WakeArgs) {
        channel(context, wake.channel)
        waits(context, wake.title, wake.text)
    }

    private fun waits(context: Context, title: String, text: String) {
        val notification = notice(context, CHANNEL, title, text).setContentIntent(open(context)).setAutoCancel(true).build()
        context.getSystemService(NotificationManager::class.java).notify(WAITING, notification)
    }

    fun waitsNoMore(context: Context) = context.getSystemService(NotificationManager::class.java).cancel(WAITING)

    private fun channel(context: Context, name: String) {
        if (Build.VERSION.SDK_INT < 26) return
        // Shows without a sound. Creating it again only changes the name.
        val channel = NotificationChannel(CHANNEL, name, NotificationManager.IMPORTANCE_LOW)
        channel.setShowBadge(false)
        context.getSystemService(NotificationManager::class.java).createNotificationChannel(channel)
    }

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

/** The common base of all notifications of the app. The channel must exist. */
internal fun notice(context: Context, channel: String, title: String, text: String): Notification.Builder {
    val builder =
        if (Build.VERSION.SDK_INT >= 26) Notification.Builder(context, channel)
        else @Suppress("DEPRECATION") Notification.Builder(context)
    return builder.setSmallIcon(R.drawable.transfer_notice).setContentTitle(title).setContentText(text)
}
