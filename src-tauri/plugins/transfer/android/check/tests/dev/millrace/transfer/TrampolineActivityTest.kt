package dev.millrace.transfer

import android.app.Notification
import android.app.NotificationManager
import android.content.Intent
import android.os.Bundle
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf

/** The effect of a press on a notification, the tile or a shortcut. */
@RunWith(RobolectricTestRunner::class)
class TrampolineActivityTest {
    private val app = RuntimeEnvironment.getApplication()
    private val manager = shadowOf(app.getSystemService(NotificationManager::class.java))
    private val told = mutableListOf<PluginEvent>()

    @Before
    fun hear() = PendingLinks.listen { told += it }

    @After
    fun hearNoMore() = PendingLinks.listen {}

    /** Starts it as Android does; returns whether the app itself was started after it. */
    private fun opened(intent: Intent, state: Bundle? = null): Boolean {
        val activity = Robolectric.buildActivity(TrampolineActivity::class.java, intent).create(state).get()
        assertTrue("it shows nothing, so it has to end at once", activity.isFinishing)
        val started = shadowOf(app).nextStartedActivity ?: return false
        assertEquals("dev.millrace.downloader.MainActivity", started.component?.className)
        assertTrue("it stands in a task of its own", started.flags and Intent.FLAG_ACTIVITY_NEW_TASK != 0)
        return true
    }

    private fun ended(id: Int): Notification {
        EndNotice.show(app, Message(id, "Done", "$id.iso", "Finished", listOf("open" to "Open", "reveal" to "Show")))
        return manager.getNotification("ended", id)
    }

    private fun presses(notice: Notification): List<Intent> =
        notice.actions.map { shadowOf(it.actionIntent).savedIntent } + shadowOf(notice.contentIntent).savedIntent

    @Test
    fun `a press is told with its notice and its button, opens the app, and takes the notice away`() {
        val (first, second) = listOf(ended(7), ended(8))
        for (intent in presses(first)) assertTrue(opened(intent))
        assertEquals(listOf("open", "reveal", "").map { clicked(7, it) }, told)
        assertEquals(listOf(second), manager.allNotifications)
        told.clear()
        for (intent in presses(second)) assertTrue(opened(intent))
        assertEquals(listOf("open", "reveal", "").map { clicked(8, it) }, told)
        assertEquals(0, manager.size())
    }

    @Test
    fun `what was asked for once is told once, also when the activity is made anew`() {
        val asked = presses(ended(7)) + TrampolineActivity.intent(app, PASTE.event) + TrampolineActivity.intent(app, Button.RESUME.word)
        for (intent in asked) assertEquals(intent.toString(), false, opened(intent, Bundle()))
        assertEquals(emptyList<PluginEvent>(), told)
    }

    @Test
    fun `the tile, the shortcut and the notice of what rests open the app with what they are for`() {
        assertTrue(opened(TrampolineActivity.intent(app, PASTE.event)))
        assertTrue(opened(shadowOf(TrampolineActivity.pending(app, Button.RESUME.word)).savedIntent))
        assertEquals(listOf(PASTE, intent(Button.RESUME)), told)
    }

    @Test
    fun `nothing else opens anything`() {
        for (action in listOf(Intent.ACTION_MAIN, Button.CANCEL.word, null))
            assertEquals(action, false, opened(Intent(app, TrampolineActivity::class.java).setAction(action)))
        assertEquals(emptyList<PluginEvent>(), told)
        assertNull(shadowOf(app).nextStartedActivity)
    }
}
