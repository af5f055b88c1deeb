package dev.millrace.transfer

import android.app.Notification
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Intent
import android.content.pm.ShortcutManager
import android.os.Build
import android.service.quicksettings.TileService
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import org.robolectric.shadow.api.Shadow
import org.robolectric.shadows.ShadowTileService

/** What the system shows of the app while it is closed: its tile, its shortcut, and a notification after a boot. */
@RunWith(RobolectricTestRunner::class)
@Config(shadows = [PressedTile::class])
class EntriesTest {
    private val app = RuntimeEnvironment.getApplication()
    private val notices = shadowOf(app.getSystemService(NotificationManager::class.java))

    private fun pastes(intent: Intent?) {
        assertEquals(TrampolineActivity::class.java.name, intent?.component?.className)
        assertEquals(PASTE, asked(intent?.action))
    }

    @Test
    fun `the tile opens the app with what the clipboard holds`() {
        val tile = Robolectric.buildService(PasteTile::class.java).create().get()
        tile.onClick()
        pastes(Shadow.extract<PressedTile>(tile).started.single())
    }

    @Test
    @Config(sdk = [29, 30, 33, 34, 36])
    fun `the shortcut opens the app with what the clipboard holds`() {
        repeat(2) { Shortcuts.offer(app) }
        val shortcut = app.getSystemService(ShortcutManager::class.java).dynamicShortcuts.single()
        assertEquals(app.getString(R.string.transfer_paste), shortcut.shortLabel)
        pastes(shortcut.intent)
    }

    @Test
    fun `work that was held when the phone was turned off is told once it is on, and the app opens by that notice`() {
        remembered(app).held(true)
        BootReceiver().onReceive(app, Intent(Intent.ACTION_BOOT_COMPLETED))
        val shown = notices.allNotifications.single()
        assertEquals(app.getString(R.string.transfer_waits), shown.extras.getCharSequence(Notification.EXTRA_TEXT).toString())
        assertTrue(shown.flags and Notification.FLAG_AUTO_CANCEL != 0)
        shown.contentIntent.send()
        assertEquals("dev.millrace.downloader.MainActivity", shadowOf(app).nextStartedActivity.component?.className)
        ProgressNotification.waitsNoMore(app)
        assertEquals(0, notices.size())
    }

    @Test
    fun `after other work, and at other news, nothing is told`() {
        remembered(app).held(false)
        BootReceiver().onReceive(app, Intent(Intent.ACTION_BOOT_COMPLETED))
        remembered(app).held(true)
        BootReceiver().onReceive(app, Intent(Intent.ACTION_MAIN))
        assertEquals(0, notices.size())
    }
}

/** Records what a tile starts, and refuses what Android refuses; Robolectric drops both. */
@Implements(TileService::class)
class PressedTile : ShadowTileService() {
    val started = mutableListOf<Intent>()

    @Implementation
    override fun startActivityAndCollapse(intent: Intent) {
        if (Build.VERSION.SDK_INT >= 34) throw UnsupportedOperationException("only pending ones are taken")
        started += intent
    }

    @Implementation(minSdk = 34)
    fun startActivityAndCollapse(pending: PendingIntent) {
        started += shadowOf(pending).savedIntent
    }
}
