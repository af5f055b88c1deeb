package dev.millrace.transfer

import android.app.Notification
import android.app.NotificationManager
import android.app.job.JobScheduler
import android.net.NetworkCapabilities
import android.net.Uri
import android.os.Build
import android.os.ParcelFileDescriptor
import java.io.File
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import org.json.JSONObject
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowMediaScannerConnection

/** Commands as Rust calls them over JNI: on a thread of its own, without an activity. */
@RunWith(RobolectricTestRunner::class)
class CallsTest {
    private val app = RuntimeEnvironment.getApplication()
    private val rust = Executors.newSingleThreadExecutor()

    @After
    fun letGo() {
        KeepAliveController.release(app)
        KeepAliveController.seen()
        rust.shutdownNow()
    }

    private fun call(command: String, words: String = "{}"): JSONObject {
        val answer = rust.submit(Callable { Calls.call(app, command, words) })
        return JSONObject(answer.get(20, TimeUnit.SECONDS))
    }

    private fun row(command: String, words: String): JSONObject = call(command, words).getJSONObject("ok").getJSONObject("row")

    @Test
    @Config(sdk = [30, 33, 34, 36])
    fun `a download goes through the shared list, from its first byte to its name`() {
        val list = Robolectric.setupContentProvider(FakeMedia::class.java, "media")
        assertTrue(call("mediaFind", """{"name":"a.zip.part"}""").getJSONObject("ok").isNull("row"))
        val made = row("mediaCreate", """{"name":"a.zip.part"}""")
        assertEquals(0, made.getLong("length"))
        val uri = made.getString("uri")
        // Robolectric does not support a detached descriptor.
        app.contentResolver.openFileDescriptor(Uri.parse(uri), "rw")!!.use { open ->
            ParcelFileDescriptor.AutoCloseOutputStream(open.dup()).use { it.write("four".toByteArray()) }
        }
        assertEquals(4, row("mediaFind", """{"name":"a.zip.part"}""").getLong("length"))
        assertEquals("a.zip", row("mediaRename", """{"uri":"$uri","name":"a.zip"}""").getString("name"))
        assertEquals(listOf("a.zip"), list.onDisk())
        assertTrue(call("mediaRemove", """{"uri":"$uri"}""").getJSONObject("ok").isNull("row"))
        assertEquals("missing", call("mediaRemove", """{"uri":"$uri"}""").getString("kind"))
        list.shutdown()
    }

    @Test
    @Config(sdk = [24, 29])
    fun `before Android 11 there is no shared list, and it says so`() {
        val failed = call("mediaCreate", """{"name":"a.zip.part"}""")
        assertEquals("this Android has no shared list of downloads", failed.getString("error"))
    }

    @Test
    @Config(sdk = [24, 29])
    fun `before Android 11 the public folder is there as soon as the person lets the app write in it`() {
        val find = { call("publicFolder").getJSONObject("ok") }
        assertTrue(find().isNull("folder"))
        shadowOf(app).grantPermissions(PublicFolder.LEAVE)
        val folder = File(find().getString("folder"))
        assertTrue("$folder", folder.path.endsWith("/Download/Millrace") && folder.isDirectory)
        val file = File(folder, "a.jpg").apply { writeText("whole") }
        assertTrue(call("scan", """{"path":"${file.path}"}""").isNull("ok"))
        assertEquals(setOf(file.path), ShadowMediaScannerConnection.getSavedPaths())
    }

    @Test
    @Config(sdk = [30, 33, 34, 36])
    fun `from Android 11 on there is no such folder, whatever the person allowed`() {
        shadowOf(app).grantPermissions(PublicFolder.LEAVE)
        assertTrue(call("publicFolder").getJSONObject("ok").isNull("folder"))
    }

    @Test
    fun `work is held and let go`() {
        val work = """{"title":"a.iso","text":"1 of 2 GB","fraction":0.25,"expected":7000,"pause":"Pause","cancel":"Cancel",""" +
            """"channel":"Downloads","needs":"notMetered","waits":false}"""
        assertEquals(true, call("hold", work).isNull("ok"))
        val notice = KeepAliveController.notice(app)
        val words = listOf(Notification.EXTRA_TITLE, Notification.EXTRA_TEXT).map { notice.extras.getCharSequence(it).toString() }
        assertEquals(listOf("a.iso", "1 of 2 GB"), words)
        assertEquals(BAR / 4, notice.extras.getInt(Notification.EXTRA_PROGRESS))
        assertEquals(listOf("Pause", "Cancel"), notice.actions.map { it.title.toString() })
        val jobs = app.getSystemService(JobScheduler::class.java)
        if (Build.VERSION.SDK_INT >= 34) {
            val job = jobs.allPendingJobs.single()
            assertEquals(7000, job.estimatedNetworkDownloadBytes)
            assertTrue(job.requiredNetwork!!.hasCapability(NetworkCapabilities.NET_CAPABILITY_NOT_METERED))
        } else assertEquals(TransferService::class.java.name, shadowOf(app).nextStartedService.component?.className)
        assertEquals(true, call("release").isNull("ok"))
        assertEquals(0, jobs.allPendingJobs.size)
    }

    @Test
    fun `what rests is shown until nothing does`() {
        val manager = shadowOf(app.getSystemService(NotificationManager::class.java))
        call("rest", """{"rest":{"title":"a.iso","text":"1 of 2 GB","resume":"Resume","channel":"Downloads"}}""")
        assertEquals("Resume", manager.allNotifications.single().actions.single().title.toString())
        assertEquals(true, call("rest", """{"rest":null}""").isNull("ok"))
        assertEquals(0, manager.size())
    }

    @Test
    fun `what has ended is shown, and goes when it is pressed`() {
        val message = """{"id":7,"title":"Done","text":"a.iso","channel":"Finished","buttons":[{"id":"open","label":"Open"}]}"""
        assertEquals(true, call("show", message).isNull("ok"))
        val manager = app.getSystemService(NotificationManager::class.java)
        val shown = shadowOf(manager).allNotifications.single()
        assertEquals("Open", shown.actions.single().title.toString())
        assertTrue(shown.flags and android.app.Notification.FLAG_AUTO_CANCEL != 0)
    }

    @Test
    fun `network and battery are told in words`() {
        val now = call("surroundings").getJSONObject("ok")
        val said = DeviceMonitor(app).now()
        val all = mapOf(
            "connected" to said.connected,
            "metered" to said.metered,
            "roaming" to said.roaming,
            "vpn" to said.vpn,
            "charging" to said.charging,
            "battery" to said.battery,
        )
        assertEquals(all, now.keys().asSequence().associateWith { if (now.isNull(it)) null else now.get(it) })
    }

    @Test
    fun `what cannot be understood is an answer, not a crash`() {
        assertEquals("there is no command nothing", call("nothing").getString("error"))
        assertEquals("other", call("mediaFind", "no JSON").getString("kind"))
        assertEquals("other", call("hold", "{}").getString("kind"))
    }
}
