package dev.millrace.transfer

import android.content.Intent
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test

class LinkExtrasTest {
    @Test
    fun `each way to name a header is known, and only these headers are taken`() {
        val browser = mapOf("referer" to "https://a/", "cookie" to "c=1", "user-agent" to "B/1", "range" to "bytes=1-")
        val all = listOf(listOf("Referer", "https://a/"), listOf("Cookie", "c=1"), listOf("User-Agent", "B/1"))
        assertEquals(all, headersOf(browser))
        val manager = mapOf("extra_referer" to "https://a/", "extra_cookies" to "c=1", "extra_useragent" to "B/1")
        assertEquals(all, headersOf(manager))
        assertEquals(listOf(listOf("Authorization", "Basic eA==")), headersOf(mapOf("authorization" to "Basic eA==")))
        for (key in browser.keys + manager.keys - "range") assertEquals(key, true, key in LINK_EXTRAS)
        assertEquals(false, "range" in LINK_EXTRAS)
    }

    @Test
    fun `a referrer is a site, never an app`() {
        val app = "android-app://org.mozilla.firefox"
        assertEquals(emptyList<Any>(), headersOf(mapOf("android.intent.extra.referrer" to app)))
        val both = mapOf("android.intent.extra.referrer" to app, "android.intent.extra.referrer_name" to "https://a/")
        assertEquals(listOf(listOf("Referer", "https://a/")), headersOf(both))
    }

    @Test
    fun `a name is never a path, and a title is one only where it looks like a file's`() {
        assertEquals("a.zip", nameOf(mapOf("extra_filename" to "../../a.zip")))
        assertEquals("a.zip", nameOf(mapOf("com.android.extra.filename" to "C:\\x\\a.zip\n")))
        assertEquals("b.mp4", nameOf(mapOf("title" to "b.mp4")))
        assertEquals("c", nameOf(mapOf("filename" to "c", "title" to "b.mp4")))
        for (none in listOf("..", ".", "a/", " ", "x".repeat(500))) assertNull(none, nameOf(mapOf("filename" to none)))
        assertNull(nameOf(mapOf("title" to "Our page. Welcome")))
        assertNull(nameOf(emptyMap()))
    }

    @Test
    fun `what comes along is for the link that is opened, and no shared text has any`() {
        val extras = mapOf("cookie" to "c=1", "filename" to "a.zip")
        val opened = Given(Intent.ACTION_VIEW, true, emptyList(), "https://a/x", extras)
        assertEquals(listOf(Link("https://a/x", "a.zip", listOf(listOf("Cookie", "c=1")))), handed(opened)?.links)
        val shared = Given(Intent.ACTION_SEND, false, listOf("https://a/x"), null, extras)
        assertEquals(listOf(Link("https://a/x")), handed(shared)?.links)
    }
}
