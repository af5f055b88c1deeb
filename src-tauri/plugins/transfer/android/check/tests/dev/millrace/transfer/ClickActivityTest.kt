package dev.millrace.transfer

import android.app.NotificationManager
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf

/** What a press on the notice of something that has ended does. */
@RunWith(RobolectricTestRunner::class)
class ClickActivityTest {
    private val app = RuntimeEnvironment.getApplication()
    private val told = mutableListOf<Told>()

    @After
    fun hearNoMore() = Inbox.listen {}

    @Test
    fun `a press is told with its button, and takes the notice away`() {
        Inbox.listen { told += it }
        EndNotice.show(app, Message(7, "Done", "a.iso", "Finished", listOf("open" to "Open", "reveal" to "Show")))
        val manager = shadowOf(app.getSystemService(NotificationManager::class.java))
        val notice = manager.allNotifications.single()
        val pressed = notice.actions.map { shadowOf(it.actionIntent).savedIntent } + shadowOf(notice.contentIntent).savedIntent
        for (intent in pressed) {
            val activity = Robolectric.buildActivity(ClickActivity::class.java, intent).create().get()
            assertTrue(activity.isFinishing)
        }
        assertEquals(listOf("open", "reveal", "").map { clicked(7, it) }, told)
        assertEquals(0, manager.size())
    }
}
