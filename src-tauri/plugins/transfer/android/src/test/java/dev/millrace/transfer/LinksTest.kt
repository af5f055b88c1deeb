package dev.millrace.transfer

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
        val heard = mutableListOf<String>()
        Inbox.put(listOf("a"))
        Inbox.listen { heard += it }
        Inbox.put(listOf("b"))
        assertEquals(listOf("a", "b"), heard)
    }
}
