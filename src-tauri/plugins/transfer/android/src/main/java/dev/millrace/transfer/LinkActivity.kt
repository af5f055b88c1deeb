// Where other apps hand links in. It shows nothing: the links go to the app, which shows them to the person and starts
// nothing by itself.
package dev.millrace.transfer

import android.app.Activity
import android.content.Intent
import android.os.Bundle

class LinkActivity : Activity() {
    override fun onCreate(state: Bundle?) {
        super.onCreate(state)
        val found = when (intent.action) {
            // An extra that comes with another action was put there by a page (`intent:` links) or an app, not shared.
            Intent.ACTION_SEND -> sharedLinks(intent.getStringExtra(Intent.EXTRA_TEXT))
            Intent.ACTION_VIEW -> openedLinks(intent.dataString)
            else -> emptyList()
        }
        val main = packageManager.getLaunchIntentForPackage(packageName)
        if (found.isNotEmpty() && main != null) {
            Inbox.put(found)
            startActivity(main.addFlags(Intent.FLAG_ACTIVITY_NEW_TASK))
        }
        finish()
    }
}
