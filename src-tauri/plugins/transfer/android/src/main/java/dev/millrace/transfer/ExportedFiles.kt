// Which files of one folder may be read by other apps. Pure: works on paths, does not depend on Android.
package dev.millrace.transfer

import java.io.File
import java.io.IOException

class ExportedFiles(folder: File) {
    private val root = folder.canonicalFile

    /** The file at that path below the folder; null if there is none, or if the path leads out of the folder. */
    fun find(path: String?): File? = path?.let { real(File(root, it)) }

    /** The path of a file below the folder; null if it does not exist there. */
    fun path(file: File): String? = real(file)?.relativeTo(root)?.path

    /** The file with links and dots resolved, if it is a file below the root. */
    private fun real(file: File): File? {
        val led = try {
            file.canonicalFile
        } catch (noPath: IOException) {
            return null
        }
        return led.takeIf { it.startsWith(root) && it.isFile }
    }
}
