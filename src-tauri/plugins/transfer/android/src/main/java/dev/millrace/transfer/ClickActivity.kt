// Where a click on a notice arrives: shows nothing, tells the other side, and brings the app up. Not exported, so that no other
// app clicks in the person's stead.
package dev.millrace.transfer

import android.app.Activity
import android.content.Intent
import android.os.Bundle

class ClickActivity : Activity() {
    override fun onCreate(state: Bundle?) {
        super.onCreate(state)
        val id = intent.getIntExtra(ID, 0)
        // A button leaves its notice standing.
        EndNotice.hide(this, id)
        // Made anew after its process died it would tell a second time.
        if (state == null) Inbox.put(clicked(id, intent.getStringExtra(BUTTON).orEmpty()))
        packageManager.getLaunchIntentForPackage(packageName)?.let { startActivity(it.addFlags(Intent.FLAG_ACTIVITY_NEW_TASK)) }
        finish()
    }

    companion object {
        const val ID = "id"
        const val BUTTON = "button"
    }
}
