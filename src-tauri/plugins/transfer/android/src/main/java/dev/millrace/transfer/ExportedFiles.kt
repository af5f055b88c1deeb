// Which files of one folder may be lent to other apps. Pure: knows paths, nothing of Android.
package dev.millrace.transfer

import java.io.File
import java.io.IOException

class ExportedFiles(folder: File) {
    private val root = folder.canonicalFile

    /** The file of that path below the folder; null when there is none, or when the path leads out of it. */
    fun find(path: String?): File? = path?.let { real(File(root, it)) }

    /** The path of a file below the folder; null when it is not there, or lies elsewhere. */
    fun path(file: File): String? = real(file)?.relativeTo(root)?.path

    /** Where links and dots lead in the end, if that is a file on the shelf. */
    private fun real(file: File): File? {
        val led = try {
            file.canonicalFile
        } catch (noPath: IOException) {
            return null
        }
        return led.takeIf { it.startsWith(root) && it.isFile }
    }
}
