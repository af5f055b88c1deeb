// Headers and file name that an app passes along with a link, under the names that browsers and players use. Pure.
package dev.millrace.transfer

/** Bundles of headers: the one of Android's former browser, and the one that download managers accept. */
val BUNDLES = listOf("com.android.browser.headers", "extra_headers")

/** Accepted headers, each with the lower-case extras that may hold it. All other headers are the request's own. */
private val HEADERS = mapOf(
    "Referer" to listOf("referer", "extra_referer", "android.intent.extra.referrer", "android.intent.extra.referrer_name"),
    "Cookie" to listOf("cookie", "extra_cookies"),
    "User-Agent" to listOf("user-agent", "extra_useragent"),
    "Authorization" to listOf("authorization"),
)

private val NAMES = listOf("extra_filename", "com.android.extra.filename", "filename", "title")

/** The extras that are read, in lower case. */
val LINK_EXTRAS: Set<String> = (HEADERS.values.flatten() + NAMES).toSet()

private const val MAX_HEADER = 4_000
private const val MAX_NAME = 200

/** A title counts as a file name only if it has an extension. */
private val ENDING = Regex(""".*[^.]\.[A-Za-z0-9]{1,8}""")

/** The accepted headers among these extras, which are keyed by lower-case name. */
fun headersOf(extras: Map<String, String>): List<List<String>> = HEADERS.mapNotNull { (header, keys) ->
    val values = keys.mapNotNull { extras[it]?.trim() }.filter { it.isNotEmpty() && it.length <= MAX_HEADER }
    // Between apps a referrer may be an app.
    val value = values.firstOrNull { header != "Referer" || SITE.matchesAt(it, 0) }
    value?.let { listOf(header, it) }
}

private val SITE = Regex("https?://.+", RegexOption.IGNORE_CASE)

/** The suggested file name; null if there is none. Never a path. */
fun nameOf(extras: Map<String, String>): String? {
    val named = NAMES.firstNotNullOfOrNull { key -> extras[key]?.takeIf { key != "title" || ENDING.matches(it) } }
    val name = named?.substringAfterLast('/')?.substringAfterLast('\\')?.filterNot { it.isISOControl() }?.trim()
    return name?.takeIf { it.isNotEmpty() && it.length <= MAX_NAME && it != "." && it != ".." }
}
