// Buttons of the progress notification: passed on, decided by the Rust side.
package dev.millrace.transfer

import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent

class ButtonReceiver : BroadcastReceiver() {
    override fun onReceive(context: Context, pressed: Intent) {
        val button = Button.of(pressed.action) ?: return
        KeepAliveController.tell?.invoke(intent(button))
    }
}
