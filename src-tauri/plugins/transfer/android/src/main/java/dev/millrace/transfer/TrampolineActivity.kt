// Where the app's own notices, tile and shortcuts come in. It shows nothing: it opens the app and tells it what was asked for.
// Not open to other apps. An activity, since none may be started from a receiver, and no process may be there to hear one.
package dev.millrace.transfer

import android.app.Activity
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import android.os.Bundle

class TrampolineActivity : Activity() {
    override fun onCreate(state: Bundle?) {
        super.onCreate(state)
        // Made anew after its process died it would ask a second time.
        if (state == null) told(intent)?.let(::passOn)
        finish()
    }

    private fun passOn(told: PluginEvent) {
        // A button leaves its notice standing.
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

        /** A click on a notice of what has ended. `request`: one of its own for each place of each notice. */
        fun click(context: Context, clicked: Clicked, request: Int): PendingIntent {
            val intent = intent(context, CLICKED).putExtra(ID, clicked.id).putExtra(BUTTON, clicked.button)
            return PendingIntent.getActivity(context, request, intent, PendingIntent.FLAG_IMMUTABLE or PendingIntent.FLAG_UPDATE_CURRENT)
        }

        private fun told(by: Intent): PluginEvent? =
            if (by.action == CLICKED) clicked(by.getIntExtra(ID, 0), by.getStringExtra(BUTTON).orEmpty()) else asked(by.action)
    }
}

/** What an action of the app's own asks for; null for any other. */
fun asked(action: String?): PluginEvent? = when (action) {
    Button.RESUME.word -> intent(Button.RESUME)
    PASTE.event -> PASTE
    else -> null
}
