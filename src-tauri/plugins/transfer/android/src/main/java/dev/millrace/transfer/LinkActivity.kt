// Receives links from other apps. Shows nothing: passes the links on with the way they came, and the app decides which
// of them it shows to the user first.
package dev.millrace.transfer

import android.app.Activity
import android.content.Intent
import android.net.Uri
import android.os.Bundle
import android.util.Log

class LinkActivity : Activity() {
    override fun onCreate(state: Bundle?) {
        super.onCreate(state)
        val found = try {
            handed(given(intent))
        } catch (broken: RuntimeException) {
            // The extras are another app's: reading them fails if one is of a class unknown here.
            Log.w("transfer", "unreadable links", broken)
            null
        }
        val main = packageManager.getLaunchIntentForPackage(packageName)
        if (found != null && main != null) {
            PendingLinks.put(links(found))
            startActivity(main.addFlags(Intent.FLAG_ACTIVITY_NEW_TASK))
        }
        finish()
    }
}

private fun given(intent: Intent) = Given(
    action = intent.action,
    browsable = intent.hasCategory(Intent.CATEGORY_BROWSABLE),
    texts = texts(intent).map { it.toString() },
    data = intent.dataString,
    extras = along(intent),
)

/** The extras that accompany the link, by lower-case name; those in a bundle of headers take precedence. */
private fun along(intent: Intent): Map<String, String> {
    val all = intent.extras ?: return emptyMap()
    val found = mutableMapOf<String, String>()
    for (bundle in listOf(all) + BUNDLES.asReversed().mapNotNull { all.getBundle(it) }) {
        for (key in bundle.keySet()) {
            @Suppress("DEPRECATION")
            val value = bundle.get(key)
            if (key.lowercase() in LINK_EXTRAS && (value is CharSequence || value is Uri)) found[key.lowercase()] = value.toString()
        }
    }
    return found
}

/** The shared texts: one or several, styled or plain; else those of the clip data, which some apps use. */
private fun texts(intent: Intent): List<CharSequence> {
    val one = listOfNotNull(intent.getCharSequenceExtra(Intent.EXTRA_TEXT))
    val several = one.ifEmpty { intent.getCharSequenceArrayListExtra(Intent.EXTRA_TEXT).orEmpty().filterNotNull() }
    if (several.isNotEmpty()) return several
    val clip = intent.clipData ?: return emptyList()
    return (0 until minOf(clip.itemCount, MOST_CLIPS)).mapNotNull { clip.getItemAt(it).run { text ?: uri?.toString() } }
}

private const val MOST_CLIPS = 100
