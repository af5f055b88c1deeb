package dev.millrace.transfer

import org.junit.Assert.assertEquals
import org.junit.Test

class LinksTest {
    @Test
    fun `a shared text gives its links without the sentence around them`() {
        val text = "Look: https://example.org/a_(b).zip, and (http://example.org/c?d=1&e=2). HTTPS://EXAMPLE.ORG/f!"
        assertEquals(
            listOf("https://example.org/a_(b).zip", "http://example.org/c?d=1&e=2", "HTTPS://EXAMPLE.ORG/f"),
            linksIn(null, text),
        )
    }

    @Test
    fun `nothing but links to fetch is taken`() {
        assertEquals(emptyList<String>(), linksIn("file:///etc/hosts", "javascript:alert(1) ftp://a/b intent://x"))
        assertEquals(emptyList<String>(), linksIn(null, null))
    }

    @Test
    fun `an opened link comes as it is, and once`() {
        val opened = "https://example.org/a.zip?x=%20"
        assertEquals(listOf(opened), linksIn(opened, opened))
        val ours = "millrace:add?url=https%3A%2F%2Fexample.org%2Fa"
        assertEquals(listOf(ours), linksIn(ours, null))
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
