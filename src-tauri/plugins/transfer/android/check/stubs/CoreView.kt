@file:Suppress("PackageDirectoryMismatch", "unused", "UNUSED_PARAMETER")

package androidx.core.view

import android.view.View
import androidx.core.graphics.Insets

fun interface OnApplyWindowInsetsListener {
    fun onApplyWindowInsets(view: View, insets: WindowInsetsCompat): WindowInsetsCompat
}

class WindowInsetsCompat {
    fun getInsets(types: Int): Insets = Insets(0, 0, 0, 0)

    object Type {
        fun systemBars(): Int = 7

        fun displayCutout(): Int = 128

        fun ime(): Int = 8
    }
}

object ViewCompat {
    fun setOnApplyWindowInsetsListener(view: View, listener: OnApplyWindowInsetsListener?) = Unit

    fun onApplyWindowInsets(view: View, insets: WindowInsetsCompat): WindowInsetsCompat = insets

    fun requestApplyInsets(view: View) = Unit
}
