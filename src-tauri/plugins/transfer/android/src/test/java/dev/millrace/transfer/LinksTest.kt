package dev.millrace.transfer

import android.content.Intent
import org.junit.Assert.assertEquals
import org.junit.Test

class LinksTest {
    @Test
    fun `a shared text gives its links without the sentence around them`() {
        val text = "Look: https://example.org/a_(b).zip, and (http://example.org/c?d=1&e=2). HTTPS://EXAMPLE.ORG/f!"
        assertEquals(
            listOf("https://example.org/a_(b).zip", "http://example.org/c?d=1&e=2", "HTTPS://EXAMPLE.ORG/f"),
            sharedLinks(text),
        )
    }

    @Test
    fun `nothing but links to fetch is taken`() {
        assertEquals(emptyList<String>(), openedLinks("file:///etc/hosts"))
        assertEquals(emptyList<String>(), sharedLinks("javascript:alert(1) ftp://a/b intent://x"))
        assertEquals(emptyList<String>(), openedLinks(null) + sharedLinks(null))
    }

    @Test
    fun `an opened link comes as it is`() {
        val opened = "https://example.org/a.zip?x=%20"
        assertEquals(listOf(opened), openedLinks(opened))
        val ours = "millrace:add?url=https%3A%2F%2Fexample.org%2Fa"
        assertEquals(listOf(ours), openedLinks(ours))
    }

    @Test
    fun `what the person shares is told from what is opened, and a page can share nothing`() {
        val link = "https://example.org/a"
        val shared = Given(Intent.ACTION_SEND, browsable = false, texts = listOf("see $link"), data = null)
        assertEquals(Handed(SHARED, listOf(Link(link))), handed(shared))
        assertEquals(Handed(SHARED, listOf(Link(link))), handed(shared.copy(action = Intent.ACTION_SEND_MULTIPLE)))
        assertEquals(Handed(OPENED, listOf(Link(link))), handed(shared.copy(browsable = true)))
        val opened = Given(Intent.ACTION_VIEW, browsable = true, texts = listOf("http://else/"), data = link)
        assertEquals(Handed(OPENED, listOf(Link(link))), handed(opened))
        assertEquals(Handed(OPENED, listOf(Link(link))), handed(opened.copy(browsable = false)))
        assertEquals(null, handed(opened.copy(action = Intent.ACTION_MAIN)))
        assertEquals(null, handed(opened.copy(data = "file:///etc/hosts")))
        assertEquals(null, handed(shared.copy(texts = emptyList())))
    }

    @Test
    fun `a link of our own in a shared text stays whole, so that it can be asked about`() {
        val ours = "millrace://add?url=https://example.org/a"
        assertEquals(listOf(ours, "https://example.org/b"), sharedLinks("$ours https://example.org/b"))
    }

    @Test
    fun `several texts give all their links`() {
        val both = Given(Intent.ACTION_SEND_MULTIPLE, false, listOf("https://a/", "at https://b/."), null)
        assertEquals(listOf("https://a/", "https://b/"), handed(both)?.links?.map { it.url })
    }

    @Test
    fun `what a stranger sends is bounded in number and length`() {
        val many = (1..10_000).joinToString(" ") { "http://a/$it" }
        assertEquals(100, sharedLinks(many).size)
        val long = "https://a/" + "x".repeat(3_000)
        assertEquals(1, sharedLinks("$long ${long}y").size)
        assertEquals(emptyList<String>(), openedLinks("https://a/" + "x".repeat(5_000)))
    }

    @Test
    fun `a text of closing brackets is read in no time`() {
        assertEquals(listOf("http://a/"), sharedLinks("http://a/" + ")".repeat(60_000)))
    }

    @Test
    fun `links that come before anybody listens are not lost, and come once`() {
        val heard = mutableListOf<PluginEvent>()
        val (first, second, third) = listOf("a", "b", "c").map { links(Handed(OPENED, listOf(Link(it)))) }
        PendingLinks.put(first)
        PendingLinks.put(second)
        PendingLinks.listen { heard += it }
        PendingLinks.put(third)
        assertEquals(listOf(first, second, third), heard)
    }
}
