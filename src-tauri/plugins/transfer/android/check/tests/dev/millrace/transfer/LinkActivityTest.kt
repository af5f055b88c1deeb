package dev.millrace.transfer

import android.content.ClipData
import android.content.Intent
import android.graphics.Typeface
import android.net.Uri
import android.os.Bundle
import android.text.SpannableString
import android.text.style.StyleSpan
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

/** What other apps hand over, as Android passes it on. */
@RunWith(RobolectricTestRunner::class)
class LinkActivityTest {
    private val app = RuntimeEnvironment.getApplication()
    private val come = mutableListOf<Handed>()

    @Before
    fun listen() {
        PendingLinks.listen { come += it.data as Handed }
        come.clear()
    }

    /** Starts it as Android does; returns whether the app itself was started after it. */
    private fun handed(intent: Intent): Boolean {
        val activity = Robolectric.buildActivity(LinkActivity::class.java, intent).create().get()
        assertTrue("it shows nothing, so it has to end at once", activity.isFinishing)
        val started = shadowOf(app).nextStartedActivity ?: return false
        assertEquals("dev.millrace.downloader.MainActivity", started.component?.className)
        assertNull("nothing foreign goes on with it", started.data)
        return true
    }

    private fun shared(text: CharSequence) = Intent(Intent.ACTION_SEND).setType("text/plain").putExtra(Intent.EXTRA_TEXT, text)

    @Test
    fun `links of a shared text come to the app`() {
        assertTrue(handed(shared("See https://a.example/a.zip and https://b.example/b.zip.")))
        assertEquals(listOf(Handed(SHARED, listOf(Link("https://a.example/a.zip"), Link("https://b.example/b.zip")))), come)
    }

    @Test
    fun `a link that is opened comes to the app`() {
        assertTrue(handed(Intent(Intent.ACTION_VIEW, Uri.parse("https://a.example/a.zip"))))
        assertEquals(listOf(Handed(OPENED, listOf(Link("https://a.example/a.zip")))), come)
    }

    @Test
    fun `styled text, several texts and a clip are shared as plain text is`() {
        val styled = SpannableString("https://a.example/a.zip").apply { setSpan(StyleSpan(Typeface.BOLD), 0, 5, 0) }
        val clip = ClipData.newPlainText("", "https://b.example/b.zip")
        clip.addItem(ClipData.Item(Uri.parse("https://a.example/a.zip")))
        val several = arrayListOf<CharSequence>("https://b.example/b.zip", styled)
        assertTrue(handed(shared(styled)))
        assertTrue(handed(Intent(Intent.ACTION_SEND_MULTIPLE).putCharSequenceArrayListExtra(Intent.EXTRA_TEXT, several)))
        assertTrue(handed(Intent(Intent.ACTION_SEND).apply { clipData = clip }))
        val (a, b) = listOf("a", "b").map { Link("https://$it.example/$it.zip") }
        assertEquals(listOf(listOf(a), listOf(b, a), listOf(b, a)).map { Handed(SHARED, it) }, come)
    }

    @Test
    fun `a page that dresses a link up as shared has opened it`() {
        assertTrue(handed(shared("https://a.example/a.zip").addCategory(Intent.CATEGORY_BROWSABLE)))
        assertEquals(listOf(Handed(OPENED, listOf(Link("https://a.example/a.zip")))), come)
    }

    @Test
    fun `name and headers come along with an opened link, those of a bundle first`() {
        val opened = Intent(Intent.ACTION_VIEW, Uri.parse("https://a.example/get?id=7"))
            .putExtra("com.android.extra.filename", "a.zip")
            .putExtra(Intent.EXTRA_REFERRER, Uri.parse("https://a.example/"))
            .putExtra("Cookie", "id=1")
            .putExtra("com.android.browser.headers", Bundle().apply { putString("Cookie", "id=2") })
            .putExtra("User-Agent", 7)
        assertTrue(handed(opened))
        val headers = listOf(listOf("Referer", "https://a.example/"), listOf("Cookie", "id=2"))
        assertEquals(listOf(Handed(OPENED, listOf(Link("https://a.example/get?id=7", "a.zip", headers)))), come)
    }

    @Test
    fun `other actions bring nothing, whatever they carry`() {
        for (action in listOf(Intent.ACTION_MAIN, Intent.ACTION_EDIT, "a.b.C", null)) {
            val intent = shared("https://a.example/a.zip").setAction(action).setData(Uri.parse("https://a.example/a.zip"))
            assertEquals(action, false, handed(intent))
        }
        assertEquals(emptyList<Any>(), come)
    }

    @Test
    fun `opened links bring nothing of their extras, and shared texts nothing of their data`() {
        val opened = Intent(Intent.ACTION_VIEW, Uri.parse("file:///etc/hosts")).putExtra(Intent.EXTRA_TEXT, "https://a.example/a.zip")
        assertEquals(false, handed(opened))
        assertEquals(false, handed(Intent(Intent.ACTION_SEND, Uri.parse("https://a.example/a.zip"))))
        assertEquals(emptyList<Any>(), come)
    }

    @Test
    fun `extras of a wrong kind break nothing`() {
        for (intent in listOf(
            Intent(Intent.ACTION_SEND).putExtra(Intent.EXTRA_TEXT, 7),
            Intent(Intent.ACTION_SEND).putExtra(Intent.EXTRA_TEXT, arrayOf("https://a.example/a.zip")),
            Intent(Intent.ACTION_SEND).putExtra(Intent.EXTRA_TEXT, null as String?),
            Intent(Intent.ACTION_VIEW),
        )) assertEquals(intent.toString(), false, handed(intent))
    }
}
