// Which links there are in what another app hands over. Pure.
package dev.millrace.transfer

private val LINK = Regex("""\bhttps?://[^\s<>"']+""", RegexOption.IGNORE_CASE)

/** What ends a sentence around a link, rather than the link. */
private const val AFTER = ".,;:!?)]}»”"

/** Schemes that are opened with the app. */
private val OPENED = listOf("http://", "https://", "millrace:")

/** Of an intent: `data` is what is opened, `text` what is shared. A `millrace:` link is taken apart on the other side. */
fun linksIn(data: String?, text: String?): List<String> {
    val opened = listOfNotNull(data).filter { one -> OPENED.any { one.startsWith(it, ignoreCase = true) } }
    val shared = LINK.findAll(text.orEmpty()).map { trimmed(it.value) }
    return (opened + shared).distinct()
}

private fun trimmed(link: String): String {
    var end = link.length
    while (end > 0 && link[end - 1] in AFTER) {
        // A bracket that was opened inside the link belongs to it.
        if (link[end - 1] == ')' && link.substring(0, end).count { it == '(' } >= link.substring(0, end).count { it == ')' }) break
        end -= 1
    }
    return link.substring(0, end)
}
