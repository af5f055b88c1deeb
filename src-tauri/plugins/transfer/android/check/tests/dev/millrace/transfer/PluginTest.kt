package dev.millrace.transfer

import android.app.Activity
import android.content.Intent
import android.os.Environment
import androidx.appcompat.app.AppCompatActivity
import app.tauri.plugin.PluginManager
import java.io.File
import org.json.JSONObject
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
import org.robolectric.annotation.Config

/** Commands as Rust sends them: through Tauri's own bridge, in JSON both ways. */
@RunWith(RobolectricTestRunner::class)
@Config(shadows = [Replies::class])
class PluginTest {
    private val app = RuntimeEnvironment.getApplication()
    private val activity = Robolectric.buildActivity(Activity::class.java).create().get()
    private val plugin = TransferPlugin(activity)
    private var next = 0

    @Before
    fun load() {
        Replies.forget()
        PluginManager.load(null, "transfer", plugin, "null")
    }

    @After
    fun nobodyListens() {
        PluginManager.activity = null
        KeepAliveController.tell = null
        PendingLinks.listen { }
    }

    /** The success and the failure value; one of them is null. */
    private fun call(command: String, words: String = "null"): Pair<String?, String?> {
        next += 1
        PluginManager.runCommand(next, "transfer", command, words)
        return Replies.of.getValue(next)
    }

    private fun finished(name: String): File =
        File(app.getExternalFilesDir(Environment.DIRECTORY_DOWNLOADS), name).apply { writeText("lent") }

    @Test
    fun `whoever listens hears how network and battery are, and links as they come`() {
        assertEquals("null" to null, call("listen", """{"handler":"__CHANNEL__:7"}"""))
        PendingLinks.put(links(Handed(OPENED, listOf(Link("https://a.example/a.zip")))))
        val told = Replies.sent.map { (channel, data) -> channel to JSONObject(data) }
        assertTrue(told.all { (channel, _) -> channel == 7L })
        val events = told.map { (_, data) -> data.getString("event") }
        assertTrue("$events", "surroundings" in events)
        val links = told.single { (_, data) -> data.getString("event") == "links" }.second.getJSONObject("data")
        assertEquals("opened", links.getString("how"))
        assertEquals("https://a.example/a.zip", links.getJSONArray("links").getJSONObject(0).getString("url"))
    }

    @Test
    fun `buttons, and the person's coming back, are told to whoever listens`() {
        call("listen", """{"handler":"__CHANNEL__:8"}""")
        Replies.sent.clear()
        ButtonReceiver().onReceive(app, Intent("pause"))
        val window = Robolectric.buildActivity(AppCompatActivity::class.java).get()
        plugin.onStop(window)
        plugin.onResume(window)
        val told = listOf(
            """{"event":"intent","data":"pause"}""",
            """{"event":"away","data":null}""",
            """{"event":"back","data":{"workEnded":false}}""",
        )
        assertEquals(told.map { 8L to it }, Replies.sent)
    }

    @Test
    fun `leave for the local network is nothing to ask for before Android 17`() {
        assertEquals("""{"given":null}""" to null, call("localNetwork"))
        assertNull(shadowOf(activity).nextStartedActivity)
    }

    @Test
    fun `a finished file is opened and shared by a link that only the chosen app may read`() {
        val file = finished("a.txt")
        assertEquals("null" to null, call("open", """{"uri":"${file.path}"}"""))
        val opened = shadowOf(activity).nextStartedActivity
        assertEquals(Intent.ACTION_VIEW, opened.action)
        assertEquals(ExportedFileProvider.uri(app, file), opened.data)
        assertTrue(opened.flags and Intent.FLAG_GRANT_READ_URI_PERMISSION != 0)
        assertEquals(0, opened.flags and Intent.FLAG_GRANT_WRITE_URI_PERMISSION)
        assertEquals("null" to null, call("share", """{"uri":"${file.path}"}"""))
        val chooser = shadowOf(activity).nextStartedActivity
        assertEquals(Intent.ACTION_CHOOSER, chooser.action)
        @Suppress("DEPRECATION")
        val shared = chooser.getParcelableExtra<Intent>(Intent.EXTRA_INTENT)!!
        assertEquals(ExportedFileProvider.uri(app, file), shared.clipData!!.getItemAt(0).uri)
    }

    @Test
    fun `a file that is not the app's to lend is refused in words`() {
        val secret = File(app.filesDir, "list.db").apply { writeText("secret") }
        for (command in listOf("open", "share")) {
            val (success, failure) = call(command, """{"uri":"${secret.path}"}""")
            assertNull(success)
            assertEquals("the file is not in the app's folder any more", JSONObject(failure!!).getString("message"))
        }
        assertNull(shadowOf(activity).nextStartedActivity)
    }

    @Test
    @Config(sdk = [24, 29])
    fun `before Android 11 the person is asked for the public folder once, and may say no`() {
        PluginManager.activity = Robolectric.buildActivity(AppCompatActivity::class.java).get()
        val ask = { JSONObject(call("askForPublicFolder").let { (place, refused) -> place ?: throw AssertionError(refused) }) }
        assertTrue(ask().isNull("folder"))
        assertEquals(listOf(PublicFolder.LEAVE), Replies.asked)
        Replies.agrees = true
        val folder = ask().getString("folder")
        assertTrue(folder, folder.endsWith("/Download/Millrace") && File(folder).isDirectory)
        Replies.asked.clear()
        assertEquals(folder, ask().getString("folder"))
        assertEquals(emptyList<String>(), Replies.asked)
    }

    @Test
    @Config(sdk = [30, 33, 34, 36])
    fun `from Android 11 on nobody is asked for a folder`() {
        assertTrue(JSONObject(call("askForPublicFolder").first!!).isNull("folder"))
        assertEquals(emptyList<String>(), Replies.asked)
    }

    @Test
    fun `a command that does not exist is refused, not a crash`() {
        val (success, failure) = call("nothing")
        assertNull(success)
        assertTrue(failure!!, "No command nothing" in failure)
    }

    @Test
    fun `the person is led to where work in the background is allowed`() {
        assertEquals("null" to null, call("batterySettings"))
        val shown = shadowOf(activity).nextStartedActivity
        assertEquals(android.provider.Settings.ACTION_IGNORE_BATTERY_OPTIMIZATION_SETTINGS, shown.action)
    }
}
