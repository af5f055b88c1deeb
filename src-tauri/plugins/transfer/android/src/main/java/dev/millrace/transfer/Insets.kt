// Sets the parts of the page that system bars, a camera and the keyboard cover as `--inset-*` in CSS pixels. Current
// WebViews fill `env(safe-area-inset-*)` by themselves, older ones do not; the page takes the larger of both.
package dev.millrace.transfer

import android.app.Activity
import android.view.WindowManager
import android.webkit.WebView
import androidx.core.view.ViewCompat
import androidx.core.view.WindowInsetsCompat
import kotlin.math.ceil

/** How far the bars and a camera reach in from each side, in physical pixels. */
data class Sides(val top: Int, val right: Int, val bottom: Int, val left: Int)

/** How much of the page is covered, in CSS pixels. */
data class Covered(val top: Int, val right: Int, val bottom: Int, val left: Int, val keyboard: Int) {
    /** Evaluates to whether a page of the app was loaded to apply it. */
    fun script(): String {
        val sides = mapOf("top" to top, "right" to right, "bottom" to bottom, "left" to left, "keyboard" to keyboard)
        val set = sides.map { (side, size) -> "s.setProperty('--inset-$side','${size}px');" }.joinToString("")
        return "(function(){var e=document.documentElement;if(!e||location.href==='about:blank')return false;" +
            "var s=e.style;${set}dispatchEvent(new Event('resize'));return true})()"
    }

    companion object {
        fun of(sides: Sides, keyboard: Int, density: Float): Covered {
            fun css(pixels: Int) = ceil(pixels / density.toDouble()).toInt()
            return Covered(css(sides.top), css(sides.right), css(sides.bottom), css(sides.left), css(keyboard))
        }
    }
}

class Insets(private val activity: Activity, private val webView: WebView) {
    private var covered: Covered? = null

    fun listen() {
        // Older systems report the keyboard only with this mode.
        @Suppress("DEPRECATION")
        activity.window.setSoftInputMode(WindowManager.LayoutParams.SOFT_INPUT_ADJUST_RESIZE)
        ViewCompat.setOnApplyWindowInsetsListener(webView) { view, insets ->
            take(insets)
            // Continues the WebView's own handling, which fills `env()`.
            ViewCompat.onApplyWindowInsets(view, insets)
        }
        ViewCompat.requestApplyInsets(webView)
    }

    private fun take(insets: WindowInsetsCompat) {
        val bars = insets.getInsets(WindowInsetsCompat.Type.systemBars() or WindowInsetsCompat.Type.displayCutout())
        val keyboard = insets.getInsets(WindowInsetsCompat.Type.ime())
        val sides = Sides(bars.top, bars.right, bars.bottom, bars.left)
        val now = Covered.of(sides, keyboard.bottom, webView.resources.displayMetrics.density)
        if (now == covered) return
        covered = now
        tell(now)
    }

    /** Repeated until a page has applied it: the first insets come before the page is loaded. */
    private fun tell(told: Covered) {
        if (told != covered) return
        webView.evaluateJavascript(told.script()) { taken ->
            if (taken != "true") webView.postDelayed({ tell(told) }, AGAIN_AFTER)
        }
    }

    private companion object {
        const val AGAIN_AFTER = 50L
    }
}
