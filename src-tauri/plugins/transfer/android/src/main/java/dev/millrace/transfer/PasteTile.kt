// Quick settings tile: opens the app to add what the clipboard holds. The app reads that once it has the focus.
package dev.millrace.transfer

import android.os.Build
import android.service.quicksettings.Tile
import android.service.quicksettings.TileService

class PasteTile : TileService() {
    override fun onStartListening() {
        // A button, not a switch: it is never on.
        qsTile?.apply { state = Tile.STATE_INACTIVE }?.updateTile()
    }

    override fun onClick() = unlockAndRun {
        @Suppress("DEPRECATION", "StartActivityAndCollapseDeprecated")
        if (Build.VERSION.SDK_INT >= 34) startActivityAndCollapse(TrampolineActivity.pending(this, PASTE.event))
        else startActivityAndCollapse(TrampolineActivity.intent(this, PASTE.event))
    }
}
