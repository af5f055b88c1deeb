// Finds the links in what another app hands over. Pure.
package dev.millrace.transfer

import android.content.Intent

/** Web links, and whole links of our own scheme: a link inside one of those is not the text's. */
private val LINK = Regex("""\b(?:https?://|millrace:)[^\s<>"']+""", RegexOption.IGNORE_CASE)

/** Punctuation that ends a sentence around a link rather than the link. */
private const val AFTER = ".,;:!?)]}»”"

/** Schemes that the app opens. */
private val SCHEMES = listOf("http://", "https://", "millrace:")

/** Limits on untrusted input: characters read of a shared text, links taken from it, and their total characters. */
private const val MAX_TEXT = 65_536
private const val MAX_LINKS = 100
private const val MAX_LENGTH = 4_000

/** Links that another app hands over, and how; the shape is in `models.rs`. */
data class Handed(val how: String, val links: List<Link>)

data class Link(val url: String, val name: String? = null, val headers: List<List<String>> = emptyList())

/** The user shared a text with this app. */
const val SHARED = "shared"

/** A link was opened with this app; the sender is unknown. */
const val OPENED = "opened"

/** The parts of an intent that may hold links. */
data class Given(
    val action: String?,
    val browsable: Boolean,
    val texts: List<String>,
    val data: String?,
    /** Those of `LINK_EXTRAS`. */
    val extras: Map<String, String> = emptyMap(),
)

/** The links that an intent hands over; null if there are none. */
fun handed(given: Given): Handed? {
    val handed = when (given.action) {
        // The share sheet sends no BROWSABLE: with it, the intent comes from a page.
        Intent.ACTION_SEND, Intent.ACTION_SEND_MULTIPLE ->
            Handed(if (given.browsable) OPENED else SHARED, sharedLinks(given.texts.joinToString("\n")).map { Link(it) })
        // Texts of another action were not shared, but set by a page (`intent:` links) or an app.
        Intent.ACTION_VIEW -> Handed(
            OPENED,
            openedLinks(given.data).map { Link(it, nameOf(given.extras), headersOf(given.extras)) },
        )
        else -> return null
    }
    return handed.takeIf { it.links.isNotEmpty() }
}

/** The link of an `ACTION_VIEW`; none if the app does not open its scheme, or if it is too long. */
fun openedLinks(data: String?): List<String> =
    listOfNotNull(data).filter { one -> one.length <= MAX_LENGTH && SCHEMES.any { one.startsWith(it, ignoreCase = true) } }

/** The links in the texts of an `ACTION_SEND`, in order, without duplicates, within the limits. */
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
