// The shortcuts of the app's icon, shown on a long press.
package dev.millrace.transfer

import android.content.Context
import android.content.pm.ShortcutInfo
import android.content.pm.ShortcutManager
import android.graphics.drawable.Icon
import android.os.Build
import android.util.Log

object Shortcuts {
    fun offer(context: Context) {
        if (Build.VERSION.SDK_INT < 25) return
        val paste = ShortcutInfo.Builder(context, PASTE.event)
            .setShortLabel(context.getString(R.string.transfer_paste))
            .setIcon(Icon.createWithResource(context, R.drawable.transfer_shortcut))
            .setIntent(TrampolineActivity.intent(context, PASTE.event))
            .build()
        try {
            context.getSystemService(ShortcutManager::class.java)?.setDynamicShortcuts(listOf(paste))
        } catch (locked: IllegalStateException) {
            Log.w("transfer", "no shortcuts before the person has unlocked the phone", locked)
        }
    }
}
