// Notifications of what has ended. They need no activity: most downloads end while there is none.
package dev.millrace.transfer

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Context
import android.os.Build

/** `id`: a later one with the same id replaces it. `buttons`: the id returned when one is pressed, and its label. */
data class Message(
    val id: Int,
    val title: String,
    val text: String,
    val channel: String,
    val buttons: List<Pair<String, String>>,
)

object EndNotice {
    private const val CHANNEL = "ended"

    /** Separate from the progress notification, which has an id of its own. */
    private const val TAG = "ended"

    /** Pending intents per notification: one for each button and one for itself. */
    private const val CLICKS = 4

    fun show(context: Context, message: Message) {
        val manager = context.getSystemService(NotificationManager::class.java)
        if (Build.VERSION.SDK_INT >= 26) {
            manager.createNotificationChannel(NotificationChannel(CHANNEL, message.channel, NotificationManager.IMPORTANCE_DEFAULT))
        }
        val builder = notice(context, CHANNEL, message.title, message.text)
            .setStyle(Notification.BigTextStyle().bigText(message.text))
            .setContentIntent(click(context, message.id, 0, ""))
            .setAutoCancel(true)
        message.buttons.forEachIndexed { at, (id, label) ->
            builder.addAction(Notification.Action.Builder(null, label, click(context, message.id, at + 1, id)).build())
        }
        manager.notify(TAG, message.id, builder.build())
    }

    fun hide(context: Context, id: Int) = context.getSystemService(NotificationManager::class.java).cancel(TAG, id)

    private fun click(context: Context, id: Int, at: Int, button: String): PendingIntent =
        TrampolineActivity.click(context, Clicked(id, button), request = id * CLICKS + at)
}
