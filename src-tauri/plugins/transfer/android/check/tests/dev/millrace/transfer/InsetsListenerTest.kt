package dev.millrace.transfer

import android.app.Activity
import android.webkit.WebView
import androidx.core.graphics.Insets as Edges
import androidx.core.view.ViewCompat
import androidx.core.view.WindowInsetsCompat
import java.util.concurrent.TimeUnit
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowLooper

/**
 * The page receives the sizes of bars and keyboard, also one that is loaded later. Insets of both kinds cannot be
 * created here before Android 11.
 */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [30, 33, 34, 36])
class InsetsListenerTest {
    private val activity = Robolectric.buildActivity(Activity::class.java).setup().get()
    private val web = WebView(activity).also { activity.setContentView(it) }
    private val heard get() = shadowOf(web).lastEvaluatedJavascript

    private fun load() {
        TransferPlugin(activity).load(web)
        // The first ones are the framework's own, without bars.
        ShadowLooper.idleMainLooper()
    }

    private fun covered(top: Int, bottom: Int, keyboard: Int = 0) {
        val bars = WindowInsetsCompat.Type.systemBars()
        val builder = WindowInsetsCompat.Builder().setInsets(bars, Edges.of(0, top, 0, bottom))
        if (keyboard > 0) builder.setInsets(WindowInsetsCompat.Type.ime(), Edges.of(0, 0, 0, keyboard))
        ViewCompat.dispatchApplyWindowInsets(web, builder.build())
    }

    private fun script(top: Int, bottom: Int, keyboard: Int = 0): String = Covered(top, 0, bottom, 0, keyboard).script()

    private fun answer(taken: Boolean) = shadowOf(web).lastEvaluatedJavascriptCallback.onReceiveValue("$taken")

    @Test
    fun `bars and keyboard are told as they come and go`() {
        load()
        covered(24, 48)
        assertEquals(script(24, 48), heard)
        answer(true)
        covered(24, 48, keyboard = 300)
        assertEquals(script(24, 48, 300), heard)
        answer(true)
        covered(24, 48)
        assertEquals(script(24, 48), heard)
    }

    @Test
    fun `a page that was not there yet is told again, and one that has heard is not`() {
        load()
        covered(24, 48)
        val first = shadowOf(web).lastEvaluatedJavascriptCallback
        answer(false)
        ShadowLooper.idleMainLooper(1, TimeUnit.SECONDS)
        val second = shadowOf(web).lastEvaluatedJavascriptCallback
        assertNotNull(second)
        assertTrue("told again", first !== second)
        assertEquals(script(24, 48), heard)
        answer(true)
        ShadowLooper.idleMainLooper(1, TimeUnit.SECONDS)
        assertTrue("and then no more", second === shadowOf(web).lastEvaluatedJavascriptCallback)
    }
}
