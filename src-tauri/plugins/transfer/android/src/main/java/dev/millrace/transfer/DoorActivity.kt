// Where the app's own notices, tile and shortcuts come in. It shows nothing: it opens the app and tells it what was asked for.
// Not open to other apps. An activity, since none may be started from a receiver, and no process may be there to hear one.
package dev.millrace.transfer

import android.app.Activity
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import android.os.Bundle

class DoorActivity : Activity() {
    override fun onCreate(state: Bundle?) {
        super.onCreate(state)
        val asked = asked(intent.action)
        val main = packageManager.getLaunchIntentForPackage(packageName)
        // Made anew after its process died it would ask a second time.
        if (asked != null && main != null && state == null) {
            Inbox.put(asked)
            startActivity(main.addFlags(Intent.FLAG_ACTIVITY_NEW_TASK))
        }
        finish()
    }

    companion object {
        fun intent(context: Context, asked: String): Intent =
            Intent(context, DoorActivity::class.java).setAction(asked).addFlags(Intent.FLAG_ACTIVITY_NEW_TASK)

        fun pending(context: Context, asked: String): PendingIntent =
            PendingIntent.getActivity(context, 0, intent(context, asked), PendingIntent.FLAG_IMMUTABLE)
    }
}

/** What an action of the app's own asks for; null for any other. */
fun asked(action: String?): Told? = when (action) {
    Button.RESUME.word -> intent(Button.RESUME)
    PASTE.event -> PASTE
    else -> null
}
