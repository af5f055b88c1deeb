@file:Suppress("PackageDirectoryMismatch", "unused")

package androidx.core.graphics

class Insets(val left: Int, val top: Int, val right: Int, val bottom: Int)
