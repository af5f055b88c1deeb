// Which links there are in what another app hands over. Pure.
package dev.millrace.transfer

private val LINK = Regex("""\bhttps?://[^\s<>"']+""", RegexOption.IGNORE_CASE)

/** What ends a sentence around a link, rather than the link. */
private const val AFTER = ".,;:!?)]}»”"

/** Schemes that are opened with the app. */
private val OPENED = listOf("http://", "https://", "millrace:")

/** Signs of a shared text that are looked at, and links and signs in them that are taken: the sender is not known. */
private const val MAX_TEXT = 65_536
private const val MAX_LINKS = 100
private const val MAX_LENGTH = 4_000

/** The link of an `ACTION_VIEW`; none for a scheme that is not opened with the app, or one that is too long. */
fun openedLinks(data: String?): List<String> =
    listOfNotNull(data).filter { one -> one.length <= MAX_LENGTH && OPENED.any { one.startsWith(it, ignoreCase = true) } }

/** The links in the text of an `ACTION_SEND`, in order and once, as many as fit. */
fun sharedLinks(text: String?): List<String> {
    var room = MAX_LENGTH
    return LINK.findAll(text.orEmpty().take(MAX_TEXT))
        .map { trimmed(it.value) }
        .distinct()
        .take(MAX_LINKS)
        .takeWhile { link ->
            room -= link.length
            room >= 0
        }
        .toList()
}

private fun trimmed(link: String): String {
    var end = link.length
    // A bracket that was opened inside the link belongs to it.
    var unopened = link.count { it == ')' } - link.count { it == '(' }
    while (end > 0 && link[end - 1] in AFTER) {
        if (link[end - 1] == ')') {
            if (unopened <= 0) break
            unopened -= 1
        }
        end -= 1
    }
    return link.substring(0, end)
}
