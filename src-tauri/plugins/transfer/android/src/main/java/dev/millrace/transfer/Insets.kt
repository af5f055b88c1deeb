// What the system's bars, a camera and the keyboard take of the page, told to it as `--inset-*` in CSS pixels. A WebView of
// today fills `env(safe-area-inset-*)` by itself; an older one does not, and the page takes the larger of both.
package dev.millrace.transfer

import android.app.Activity
import android.view.WindowManager
import android.webkit.WebView
import androidx.core.view.ViewCompat
import androidx.core.view.WindowInsetsCompat
import kotlin.math.ceil

/** How far the bars and a camera reach in from each side, in pixels of the screen. */
data class Sides(val top: Int, val right: Int, val bottom: Int, val left: Int)

/** How much of the page is covered, in CSS pixels. */
data class Covered(val top: Int, val right: Int, val bottom: Int, val left: Int, val keyboard: Int) {
    /** Says whether there was a page of the app to take it. */
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
        // Older systems tell of the keyboard only so.
        @Suppress("DEPRECATION")
        activity.window.setSoftInputMode(WindowManager.LayoutParams.SOFT_INPUT_ADJUST_RESIZE)
        ViewCompat.setOnApplyWindowInsetsListener(webView) { view, insets ->
            take(insets)
            // The WebView's own handling goes on: it is what fills `env()`.
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

    /** Again until a page has taken it: the first insets come before the page is loaded. */
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
