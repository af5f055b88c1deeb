package dev.millrace.transfer

import android.app.AlarmManager
import android.app.Notification
import android.app.NotificationManager
import android.app.job.JobScheduler
import android.content.ComponentName
import android.content.ContextWrapper
import android.content.Intent
import android.os.Build
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowLooper
import org.robolectric.shadows.ShadowPowerManager

/**
 * On each Android version: a scheduled start with the app in the foreground, in the background, dead, and the phone
 * off.
 */
@RunWith(RobolectricTestRunner::class)
class AlarmTest {
    private val app = RuntimeEnvironment.getApplication()
    private val manager = app.getSystemService(AlarmManager::class.java)
    private val alarms = shadowOf(manager)
    private val notices = shadowOf(app.getSystemService(NotificationManager::class.java))
    private val now = System.currentTimeMillis()
    private val later = wake(now + HOUR)
    private val passed = wake(now - 1_000)
    private val told = mutableListOf<PluginEvent>()
    private val work = WorkArgs(title = "a.iso", text = "1 of 2 GB", needs = "any", channel = "Downloads")

    /** As in the background from Android 12 on. */
    private val refusing = object : ContextWrapper(app) {
        override fun startForegroundService(service: Intent): ComponentName = throw IllegalStateException("not from the background")
        override fun startService(service: Intent): ComponentName = throw IllegalStateException("not from the background")
    }

    private fun wake(at: Long) = WakeArgs(at, "2 downloads are to start now", "Tap to start.", "Downloads")

    private fun listen() {
        KeepAliveController.tell = { told += it }
    }

    /** Alarms are lost when the phone is turned off. */
    private fun lose() {
        for (one in alarms.scheduledAlarms) manager.cancel(one.operation!!)
        assertEquals(0, alarms.scheduledAlarms.size)
    }

    /** Fires the alarm as the system does, once. */
    private fun ring() {
        val set = alarms.scheduledAlarms.single().operation!!
        lose()
        set.send()
        ShadowLooper.idleMainLooper()
    }

    private fun boot() = BootReceiver().onReceive(app, Intent(Intent.ACTION_BOOT_COMPLETED))

    private val shown get() = notices.allNotifications.map { it.extras.getCharSequence(Notification.EXTRA_TITLE).toString() }

    @After
    fun letGo() {
        KeepAliveController.tell = null
        KeepAliveController.release(app)
        KeepAliveController.seen()
        Alarm.away()
    }

    @Test
    fun `the system is asked to wake the app at that moment, also while the phone idles`() {
        Alarm.set(app, later)
        val set = alarms.scheduledAlarms.single()
        assertEquals(AlarmManager.RTC_WAKEUP, set.type)
        assertEquals(later.at, set.triggerAtMs)
        assertTrue(set.isAllowWhileIdle)
        val sent = shadowOf(set.operation)
        assertTrue(sent.isBroadcastIntent)
        assertEquals(ComponentName(app, AlarmReceiver::class.java), sent.savedIntent.component)
        if (Build.VERSION.SDK_INT >= 31) assertTrue(set.operation!!.isImmutable)
        assertEquals(emptyList<String>(), shown)
    }

    @Test
    fun `another moment takes the place of the one before, and none leaves none`() {
        Alarm.set(app, later)
        Alarm.set(app, wake(now + 2 * HOUR))
        assertEquals(listOf(now + 2 * HOUR), alarms.scheduledAlarms.map { it.triggerAtMs })
        Alarm.set(app, null)
        assertEquals(0, alarms.scheduledAlarms.size)
        boot()
        assertEquals("nor after the phone was turned on", 0, alarms.scheduledAlarms.size)
    }

    @Test
    fun `with nothing running a notice says what is to start, once, and opens the app`() {
        Alarm.set(app, passed)
        ring()
        assertEquals(listOf("2 downloads are to start now"), shown)
        val notice = notices.allNotifications.single()
        assertEquals("Tap to start.", notice.extras.getCharSequence(Notification.EXTRA_TEXT).toString())
        assertTrue(notice.flags and Notification.FLAG_AUTO_CANCEL != 0)
        notice.contentIntent.send()
        assertEquals("dev.millrace.downloader.MainActivity", shadowOf(app).nextStartedActivity.component?.className)
        Alarm.seen(app)
        Alarm.away()
        AlarmReceiver().onReceive(app, Intent())
        assertEquals("what was said is over", emptyList<String>(), shown)
    }

    @Test
    fun `a process that is there is told, and given the time to hold its work`() {
        listen()
        Alarm.set(app, passed)
        ring()
        assertEquals(listOf(DUE), told)
        assertTrue(ShadowPowerManager.getLatestWakeLock().isHeld)
        assertEquals("nothing holds it yet", listOf("2 downloads are to start now"), shown)
        KeepAliveController.hold(app, work)
        assertEquals(emptyList<String>(), shown)
    }

    @Test
    fun `nothing is shown to somebody who looks at the app, nor while work is held`() {
        listen()
        Alarm.seen(app)
        Alarm.set(app, passed)
        ring()
        Alarm.away()
        KeepAliveController.hold(app, work)
        Alarm.set(app, passed)
        ring()
        assertEquals(emptyList<String>(), shown)
        assertEquals(listOf(DUE, DUE), told)
    }

    @Test
    @Config(sdk = [29, 30, 33, 34, 36])
    fun `where the system lets nothing be held, the notice stays until the app is seen`() {
        listen()
        if (Build.VERSION.SDK_INT >= 34) shadowOf(app.getSystemService(JobScheduler::class.java)).failOnJob(4711)
        Alarm.set(app, passed)
        ring()
        KeepAliveController.hold(refusing, work)
        assertEquals(listOf(DUE, TIME_UP), told)
        assertFalse(KeepAliveController.held)
        Alarm.set(app, null)
        assertEquals(listOf("2 downloads are to start now"), shown)
        Alarm.seen(app)
        assertEquals(emptyList<String>(), shown)
    }

    @Test
    @Config(sdk = [29, 30, 33, 34, 36])
    fun `what began in time before the alarm is told too where nothing may be held`() {
        if (Build.VERSION.SDK_INT >= 34) shadowOf(app.getSystemService(JobScheduler::class.java)).failOnJob(4711)
        Alarm.set(app, passed)
        KeepAliveController.hold(refusing, work)
        Alarm.set(app, null)
        assertEquals(listOf("2 downloads are to start now"), shown)
        assertEquals(0, alarms.scheduledAlarms.size)
    }

    @Test
    fun `what began in time and is held, or was put off, is told to nobody`() {
        Alarm.set(app, passed)
        KeepAliveController.hold(app, work)
        Alarm.set(app, null)
        KeepAliveController.release(app)
        Alarm.set(app, later)
        Alarm.set(app, wake(now + 2 * HOUR))
        assertEquals(emptyList<String>(), shown)
    }

    @Test
    fun `the alarm that a phone loses when it is turned off is set again`() {
        Alarm.set(app, later)
        lose()
        BootReceiver().onReceive(app, Intent(Intent.ACTION_MAIN))
        assertEquals("at no other news", 0, alarms.scheduledAlarms.size)
        boot()
        assertEquals(listOf(later.at), alarms.scheduledAlarms.map { it.triggerAtMs })
        assertEquals(emptyList<String>(), shown)
    }

    @Test
    fun `a moment that passed while the phone was off is told once it is on`() {
        Alarm.set(app, passed)
        lose()
        boot()
        assertEquals(listOf("2 downloads are to start now"), shown)
        assertEquals(0, alarms.scheduledAlarms.size)
    }

    @Test
    fun `an alarm that rings before its moment, for the clock was set back, is set again`() {
        Alarm.set(app, later)
        ring()
        assertEquals(listOf(later.at), alarms.scheduledAlarms.map { it.triggerAtMs })
        assertEquals(emptyList<String>(), shown)
    }

    @Test
    fun `the other side says it without an activity, in its own words`() {
        // `notifications.rs` has the same text
        val wake = """{"at":1796000000000,"title":"2 downloads are to start now","text":"Tap to start.","channel":"Downloads"}"""
        assertEquals("""{"ok":null}""", Calls.call(app, "wake", """{"wake":$wake}"""))
        assertEquals(1_796_000_000_000, alarms.scheduledAlarms.single().triggerAtMs)
        assertEquals("""{"ok":null}""", Calls.call(app, "wake", """{"wake":null}"""))
        assertEquals(0, alarms.scheduledAlarms.size)
    }

    @Test
    fun `the app before the eyes is known by its activity`() {
        listen()
        val activity = Robolectric.buildActivity(androidx.appcompat.app.AppCompatActivity::class.java).get()
        val plugin = TransferPlugin(activity)
        plugin.onResume(activity)
        Alarm.set(app, passed)
        ring()
        assertEquals(emptyList<String>(), shown)
        plugin.onStop(activity)
        Alarm.set(app, passed)
        ring()
        assertEquals(listOf("2 downloads are to start now"), shown)
        plugin.onResume(activity)
        assertEquals(emptyList<String>(), shown)
    }

    @Test
    fun `no other app can make it ring`() {
        val receiver = app.packageManager.getReceiverInfo(ComponentName(app, AlarmReceiver::class.java), 0)
        assertFalse(receiver.exported)
    }

    private companion object {
        const val HOUR = 3_600_000L
    }
}
