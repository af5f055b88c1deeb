// Where other apps hand links in. It shows nothing: the links go to the app, which comes to the front.
package dev.millrace.transfer

import android.app.Activity
import android.content.Intent
import android.os.Bundle

class LinkActivity : Activity() {
    override fun onCreate(state: Bundle?) {
        super.onCreate(state)
        val found = linksIn(intent.dataString, intent.getStringExtra(Intent.EXTRA_TEXT))
        val main = packageManager.getLaunchIntentForPackage(packageName)
        if (found.isNotEmpty() && main != null) {
            Inbox.put(found)
            startActivity(main.addFlags(Intent.FLAG_ACTIVITY_NEW_TASK))
        }
        finish()
    }
}
