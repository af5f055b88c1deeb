package dev.millrace.transfer

import android.app.Notification
import android.app.NotificationManager
import android.os.Build
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.ShadowLooper
import org.robolectric.annotation.Config
import org.robolectric.util.ReflectionHelpers

/** On each Android version: the progress notification, its channel, and the effect of its buttons. */
@RunWith(RobolectricTestRunner::class)
class ProgressNotificationTest {
    private val app = RuntimeEnvironment.getApplication()
    private val manager = app.getSystemService(NotificationManager::class.java)
    private val work = WorkArgs(
        title = "a.iso",
        text = "1 of 2 GB",
        fraction = 0.5,
        pause = "Pause",
        cancel = "Cancel",
        channel = "Downloads",
    )

    @After
    fun nobodyListens() {
        KeepAliveController.tell = null
    }

    @Test
    fun `it shows the work, stays while it is held, and opens the app`() {
        val notice = ProgressNotification.build(app, work)
        assertEquals("a.iso", notice.extras.getCharSequence(Notification.EXTRA_TITLE).toString())
        assertEquals("1 of 2 GB", notice.extras.getCharSequence(Notification.EXTRA_TEXT).toString())
        assertTrue(notice.flags and Notification.FLAG_ONGOING_EVENT != 0)
        assertTrue(notice.flags and Notification.FLAG_ONLY_ALERT_ONCE != 0)
        assertEquals(R.drawable.transfer_notice, notice.smallIcon.resId)
        notice.contentIntent.send()
        val opened = shadowOf(app).nextStartedActivity
        assertEquals("dev.millrace.downloader.MainActivity", opened.component?.className)
    }

    @Test
    fun `its bar stands where the work does, and runs to and fro while nobody knows`() {
        val ends = listOf(Notification.EXTRA_PROGRESS, Notification.EXTRA_PROGRESS_MAX)
        fun bar(notice: Notification) = ends.map { notice.extras.getInt(it) }
        val half = ProgressNotification.build(app, work)
        assertEquals(listOf(BAR / 2, BAR), bar(half))
        assertFalse(half.extras.getBoolean(Notification.EXTRA_PROGRESS_INDETERMINATE))
        val unknown = ProgressNotification.build(app, work.copy(fraction = null))
        assertTrue(unknown.extras.getBoolean(Notification.EXTRA_PROGRESS_INDETERMINATE))
        if (Build.VERSION.SDK_INT < 36) return
        for (notice in listOf(half, unknown)) {
            assertTrue(notice.extras.getBoolean("android.requestPromotedOngoing"))
            assertEquals(Notification.ProgressStyle::class.java.name, notice.extras.getString(Notification.EXTRA_TEMPLATE))
        }
        assertEquals(listOf("50%", null), listOf(half, unknown).map { it.shortCriticalText })
    }

    @Test
    @Config(sdk = [33, 34, 36])
    fun `it is there at once, not after the ten seconds that a service's notice waits`() {
        // Only the system reads it.
        val behavior: Int = ReflectionHelpers.getField(ProgressNotification.build(app, work), "mFgsDeferBehavior")
        assertEquals(Notification.FOREGROUND_SERVICE_IMMEDIATE, behavior)
    }

    @Test
    fun `what rests is shown with its way on, and goes when nothing rests`() {
        ProgressNotification.rest(app, RestArgs("a.iso", "1 of 2 GB", "Resume", "Downloads"))
        val shown = shadowOf(manager).allNotifications.single()
        assertEquals("a.iso", shown.extras.getCharSequence(Notification.EXTRA_TITLE).toString())
        assertEquals(0, shown.flags and Notification.FLAG_ONGOING_EVENT)
        val resume = shown.actions.single()
        assertEquals("Resume", resume.title.toString())
        assertEquals(TrampolineActivity::class.java.name, shadowOf(resume.actionIntent).savedIntent.component?.className)
        assertEquals(intent(Button.RESUME), asked(shadowOf(resume.actionIntent).savedIntent.action))
        assertNull("the work's own notice is another one", shadowOf(manager).getNotification(ProgressNotification.ID))
        ProgressNotification.rest(app, null)
        assertEquals(0, shadowOf(manager).size())
    }

    @Test
    fun `its icon is in the app`() {
        assertNotNull(app.getDrawable(R.drawable.transfer_notice))
    }

    @Test
    @Config(sdk = [29, 30, 33, 34, 36])
    fun `its channel is quiet, has no badge, and takes a new name in another language`() {
        ProgressNotification.build(app, work)
        val channel = manager.notificationChannels.single()
        assertEquals("Downloads", channel.name.toString())
        assertEquals(NotificationManager.IMPORTANCE_LOW, channel.importance)
        assertFalse(channel.canShowBadge())
        val notice = ProgressNotification.build(app, work.copy(channel = "Téléchargements"))
        assertEquals("Téléchargements", manager.notificationChannels.single().name.toString())
        assertEquals(channel.id, notice.channelId)
    }

    @Test
    fun `shown again it takes the place of the one before`() {
        ProgressNotification.show(app, ProgressNotification.build(app, work))
        ProgressNotification.show(app, ProgressNotification.build(app, work.copy(title = "b.iso")))
        val shown = shadowOf(manager).allNotifications.single()
        assertEquals("b.iso", shown.extras.getCharSequence(Notification.EXTRA_TITLE).toString())
        assertEquals(shown, shadowOf(manager).getNotification(ProgressNotification.ID))
    }

    @Test
    fun `each button tells its word, and cannot be changed by whoever holds it`() {
        val told = mutableListOf<PluginEvent>()
        KeepAliveController.tell = { told += it }
        val notice = ProgressNotification.build(app, work)
        for (button in notice.actions) {
            val pressed = shadowOf(button.actionIntent)
            assertTrue(pressed.isBroadcastIntent)
            if (Build.VERSION.SDK_INT >= 31) assertTrue(button.actionIntent.isImmutable)
            assertEquals(app.packageName, pressed.savedIntent.component?.packageName)
            button.actionIntent.send()
            ShadowLooper.idleMainLooper()
        }
        assertEquals(listOf("Pause", "Cancel"), notice.actions.map { it.title.toString() })
        assertEquals(listOf(PluginEvent("intent", "pause"), PluginEvent("intent", "cancel")), told)
    }

    @Test
    fun `a broadcast that is no button of ours tells nothing`() {
        KeepAliveController.tell = { throw AssertionError("$it was told") }
        ButtonReceiver().onReceive(app, android.content.Intent("android.intent.action.VIEW"))
        ButtonReceiver().onReceive(app, android.content.Intent())
        assertNull(shadowOf(app).nextStartedActivity)
    }
}
