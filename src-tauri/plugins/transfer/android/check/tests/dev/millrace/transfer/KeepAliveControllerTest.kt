package dev.millrace.transfer

import android.app.Notification
import android.app.NotificationManager
import android.app.job.JobInfo
import android.app.job.JobParameters
import android.app.job.JobScheduler
import android.content.ComponentName
import android.content.ContextWrapper
import android.content.Intent
import android.content.pm.ServiceInfo
import android.net.NetworkCapabilities
import android.net.wifi.WifiManager
import android.os.Build
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Before
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
import org.robolectric.shadows.ShadowPowerManager
import org.robolectric.shadows.ShadowWifiManager

/** How the process is kept alive, on each Android version and without an activity. */
@RunWith(RobolectricTestRunner::class)
@Config(shadows = [ShownJob::class, LockModes::class])
class KeepAliveControllerTest {
    private val app = RuntimeEnvironment.getApplication()
    private val told = mutableListOf<PluginEvent>()
    private val work = WorkArgs(title = "a.iso", text = "1 of 2 GB", expected = 10_000_000_000, needs = "any")

    /** As in the background from Android 12 on. */
    private val away = object : ContextWrapper(app) {
        override fun startForegroundService(service: Intent): ComponentName = throw IllegalStateException("not from the background")
        override fun startService(service: Intent): ComponentName = throw IllegalStateException("not from the background")
    }

    @Before
    fun listen() {
        KeepAliveController.tell = { told += it }
    }

    @After
    fun letGo() {
        KeepAliveController.release(app)
        KeepAliveController.seen()
        KeepAliveController.tell = null
    }

    private fun service() = Robolectric.buildService(TransferService::class.java).create()

    private val awake get() = ShadowPowerManager.getLatestWakeLock()?.isHeld == true

    // Below Android 14, and where jobs are refused: a service.

    @Test
    @Config(sdk = [24, 29, 30, 33])
    fun `held work starts the service, which shows its notice first of all and goes when the work is let go`() {
        KeepAliveController.hold(app, work)
        assertEquals(ComponentName(app, TransferService::class.java), shadowOf(app).nextStartedService.component)
        val service = service().startCommand(0, 1).get()
        val shown = shadowOf(service).lastForegroundNotification
        assertEquals("a.iso", shown.extras.getCharSequence(Notification.EXTRA_TITLE).toString())
        if (Build.VERSION.SDK_INT >= 29) assertEquals(ServiceInfo.FOREGROUND_SERVICE_TYPE_DATA_SYNC, service.foregroundServiceType)
        assertTrue(awake)
        KeepAliveController.release(app)
        assertTrue(shadowOf(service).isForegroundStopped)
        assertTrue(shadowOf(service).isStoppedBySelf)
        assertFalse(awake)
    }

    @Test
    @Config(sdk = [24, 29, 30, 33])
    fun `a service that starts after the work is over ends again`() {
        KeepAliveController.hold(app, work)
        KeepAliveController.release(app)
        val service = service().startCommand(0, 1).get()
        assertTrue(shadowOf(service).isStoppedBySelf)
    }

    @Test
    @Config(sdk = [29, 30, 33])
    fun `a service that is refused is told as the end of the time, and not tried again before the app is seen`() {
        KeepAliveController.hold(away, work)
        assertEquals(listOf(TIME_UP), told)
        assertFalse(awake)
        KeepAliveController.hold(app, work.copy(text = "more"))
        assertNull(shadowOf(app).nextStartedService)
        assertTrue(KeepAliveController.seen())
        KeepAliveController.hold(app, work)
        assertEquals(ComponentName(app, TransferService::class.java), shadowOf(app).nextStartedService.component)
    }

    @Test
    @Config(sdk = [34, 36])
    fun `where no job is taken the service is started, and its end is told when its hours are up`() {
        shadowOf(app.getSystemService(JobScheduler::class.java)).failOnJob(JOB)
        KeepAliveController.hold(app, work)
        assertEquals(ComponentName(app, TransferService::class.java), shadowOf(app).nextStartedService.component)
        val service = service().startCommand(0, 1).get()
        assertTrue(awake)
        if (Build.VERSION.SDK_INT >= 35) service.onTimeout(1, ServiceInfo.FOREGROUND_SERVICE_TYPE_DATA_SYNC) else service.onTimeout(1)
        assertEquals(listOf(TIME_UP), told)
        assertTrue(shadowOf(service).isStoppedBySelf)
        assertFalse(awake)
    }

    // From Android 14 on: a job.

    private val scheduler get() = app.getSystemService(JobScheduler::class.java)
    private val pending: JobInfo get() = scheduler.allPendingJobs.single()

    @Test
    @Config(sdk = [34, 36])
    fun `held work is a job of the person's, small enough to begin on any network`() {
        KeepAliveController.hold(app, work)
        assertEquals(ComponentName(app, TransferJob::class.java), pending.service)
        assertTrue(pending.isUserInitiated)
        assertFalse(pending.isPersisted)
        assertTrue(pending.requiredNetwork!!.hasCapability(NetworkCapabilities.NET_CAPABILITY_INTERNET))
        assertFalse(pending.requiredNetwork!!.hasCapability(NetworkCapabilities.NET_CAPABILITY_NOT_VPN))
        assertFalse(pending.requiredNetwork!!.hasCapability(NetworkCapabilities.NET_CAPABILITY_NOT_METERED))
        assertEquals(10_000_000_000, pending.estimatedNetworkDownloadBytes)
        assertTrue("${pending.minimumNetworkChunkBytes}", pending.minimumNetworkChunkBytes in 1..(8L shl 20))
        assertTrue(awake)
    }

    @Test
    @Config(sdk = [34, 36])
    fun `a rule about networks is the system's to wait for`() {
        KeepAliveController.hold(app, work.copy(needs = "notMetered", waits = true))
        assertTrue(pending.requiredNetwork!!.hasCapability(NetworkCapabilities.NET_CAPABILITY_NOT_METERED))
        assertFalse("nothing is kept awake for what waits", awake)
        KeepAliveController.hold(app, work.copy(needs = "notRoaming", waits = true))
        assertTrue(pending.requiredNetwork!!.hasCapability(NetworkCapabilities.NET_CAPABILITY_NOT_ROAMING))
        assertFalse(pending.requiredNetwork!!.hasCapability(NetworkCapabilities.NET_CAPABILITY_NOT_METERED))
    }

    @Test
    @Config(sdk = [34, 36])
    fun `the job shows its notice as it starts, and ends when the work is let go`() {
        KeepAliveController.hold(app, work)
        val job = JobStage(JOB)
        assertTrue(job.start())
        assertEquals("a.iso", job.shown.single().extras.getCharSequence(Notification.EXTRA_TITLE).toString())
        KeepAliveController.hold(app, work.copy(title = "b.iso"))
        assertEquals("b.iso", job.shown.last().extras.getCharSequence(Notification.EXTRA_TITLE).toString())
        KeepAliveController.release(app)
        assertTrue(job.done)
        assertFalse(awake)
    }

    @Test
    @Config(sdk = [34, 36])
    fun `a job that lost its network, or ran for twelve hours, is started again, and nobody is told of an end`() {
        for (reason in listOf(JobParameters.STOP_REASON_CONSTRAINT_CONNECTIVITY, JobParameters.STOP_REASON_TIMEOUT)) {
            KeepAliveController.hold(app, work)
            assertTrue(JobStage(JOB).start())
            assertTrue("$reason", JobStage(JOB).stop(reason))
            assertFalse(awake)
            assertTrue(JobStage(JOB).start())
            assertTrue(awake)
            KeepAliveController.release(app)
        }
        assertEquals(emptyList<PluginEvent>(), told)
        assertFalse(KeepAliveController.seen())
    }

    @Test
    @Config(sdk = [34, 36])
    fun `a job that the person stopped stays stopped`() {
        KeepAliveController.hold(app, work)
        JobStage(JOB).start()
        assertFalse(JobStage(JOB).stop(JobParameters.STOP_REASON_USER))
        assertEquals(listOf(STOPPED), told)
        assertFalse(awake)
        KeepAliveController.hold(app, work.copy(text = "more"))
        assertEquals(0, app.getSystemService(NotificationManager::class.java).activeNotifications.size)
    }

    @Test
    @Config(sdk = [34, 36])
    fun `a job that starts after the work is over ends at once`() {
        KeepAliveController.hold(app, work)
        KeepAliveController.release(app)
        assertEquals(emptyList<JobInfo>(), scheduler.allPendingJobs)
        assertFalse(JobStage(JOB).start())
    }

    @Test
    fun `the Wi-Fi lock is one that works with the screen off, and goes with the work`() {
        KeepAliveController.hold(app, work)
        val manager = app.getSystemService(WifiManager::class.java)
        val wifi = shadowOf(manager)
        assertEquals(1, wifi.activeLockCount)
        assertEquals(listOf(wifiMode(Build.VERSION.SDK_INT)), Shadow.extract<LockModes>(manager).modes)
        KeepAliveController.release(app)
        assertEquals(0, wifi.activeLockCount)
    }

    private companion object {
        const val JOB = 4711
    }
}

/** Records the modes of the locks that were created; Robolectric drops them. */
@Implements(WifiManager::class)
class LockModes : ShadowWifiManager() {
    val modes = mutableListOf<Int>()

    @Implementation
    override fun createWifiLock(mode: Int, tag: String): WifiManager.WifiLock {
        modes += mode
        return super.createWifiLock(mode, tag)
    }
}
