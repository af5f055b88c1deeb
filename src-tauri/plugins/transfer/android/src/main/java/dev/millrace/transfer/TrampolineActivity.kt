// Receives the clicks on the app's own notifications, tile and shortcuts: opens the app and queues the event for it.
// Shows nothing, not exported. An activity, because a receiver may not start one, and there may be no process to
// receive a broadcast.
package dev.millrace.transfer

import android.app.Activity
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import android.os.Bundle

class TrampolineActivity : Activity() {
    override fun onCreate(state: Bundle?) {
        super.onCreate(state)
        // Recreated after its process died, it would send the event a second time.
        if (state == null) told(intent)?.let(::passOn)
        finish()
    }

    private fun passOn(told: PluginEvent) {
        // A button does not close its notification.
        (told.data as? Clicked)?.let { EndNotice.hide(this, it.id) }
        val main = packageManager.getLaunchIntentForPackage(packageName) ?: return
        PendingLinks.put(told)
        startActivity(main.addFlags(Intent.FLAG_ACTIVITY_NEW_TASK))
    }

    companion object {
        private const val CLICKED = "clicked"
        private const val ID = "id"
        private const val BUTTON = "button"

        fun intent(context: Context, asked: String): Intent =
            Intent(context, TrampolineActivity::class.java).setAction(asked).addFlags(Intent.FLAG_ACTIVITY_NEW_TASK)

        fun pending(context: Context, asked: String): PendingIntent =
            PendingIntent.getActivity(context, 0, intent(context, asked), PendingIntent.FLAG_IMMUTABLE)

        /** A click on a notification of what has ended. `request`: unique for each button of each notification. */
        fun click(context: Context, clicked: Clicked, request: Int): PendingIntent {
            val intent = intent(context, CLICKED).putExtra(ID, clicked.id).putExtra(BUTTON, clicked.button)
            return PendingIntent.getActivity(context, request, intent, PendingIntent.FLAG_IMMUTABLE or PendingIntent.FLAG_UPDATE_CURRENT)
        }

        private fun told(by: Intent): PluginEvent? =
            if (by.action == CLICKED) clicked(by.getIntExtra(ID, 0), by.getStringExtra(BUTTON).orEmpty()) else asked(by.action)
    }
}

/** The event of one of the app's own actions; null for any other action. */
fun asked(action: String?): PluginEvent? = when (action) {
    Button.RESUME.word -> intent(Button.RESUME)
    PASTE.event -> PASTE
    else -> null
}
