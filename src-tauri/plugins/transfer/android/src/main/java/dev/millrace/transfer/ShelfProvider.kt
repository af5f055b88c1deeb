// Lends finished files of the app's own folder to other apps, each only to the app that the person chose, and for reading
// only. From Android 11 on files are in the shared list of downloads, and this lends nothing.
package dev.millrace.transfer

import android.content.ContentProvider
import android.content.ContentValues
import android.content.Context
import android.database.Cursor
import android.database.MatrixCursor
import android.net.Uri
import android.os.Environment
import android.os.ParcelFileDescriptor
import android.provider.OpenableColumns
import android.webkit.MimeTypeMap
import java.io.File
import java.io.FileNotFoundException

class ShelfProvider : ContentProvider() {
    override fun onCreate() = true

    override fun openFile(uri: Uri, mode: String): ParcelFileDescriptor {
        if (mode != "r") throw SecurityException("this file is lent for reading only")
        val file = find(uri) ?: throw FileNotFoundException("the file is not there any more")
        return ParcelFileDescriptor.open(file, ParcelFileDescriptor.MODE_READ_ONLY)
    }

    override fun query(
        uri: Uri,
        projection: Array<out String>?,
        selection: String?,
        selectionArgs: Array<out String>?,
        sortOrder: String?,
    ): Cursor {
        val columns = (projection ?: COLUMNS).filter { it in COLUMNS }
        val rows = MatrixCursor(columns.toTypedArray(), 1)
        find(uri)?.let { file ->
            rows.addRow(columns.map { if (it == OpenableColumns.SIZE) file.length() else file.name })
        }
        return rows
    }

    /** By the ending alone: anybody may ask, also about files that are not there. */
    override fun getType(uri: Uri) = typeOf(uri.lastPathSegment.orEmpty())

    override fun insert(uri: Uri, values: ContentValues?): Uri = refuse()

    override fun update(uri: Uri, values: ContentValues?, selection: String?, selectionArgs: Array<out String>?): Int = refuse()

    override fun delete(uri: Uri, selection: String?, selectionArgs: Array<out String>?): Int = refuse()

    private fun refuse(): Nothing = throw UnsupportedOperationException("these files are for reading only")

    private fun find(uri: Uri): File? = context?.let(::shelf)?.find(uri.path)

    companion object {
        private val COLUMNS = arrayOf(OpenableColumns.DISPLAY_NAME, OpenableColumns.SIZE)

        /** What other apps know a file of the app's own folder by; null when it is none. */
        fun uri(context: Context, file: File): Uri? {
            val path = shelf(context)?.path(file) ?: return null
            // Also in AndroidManifest.xml.
            return Uri.Builder().scheme("content").authority("${context.packageName}.transfer.files").path(path).build()
        }

        fun typeOf(name: String): String {
            val ending = name.substringAfterLast('.', "").lowercase()
            return MimeTypeMap.getSingleton().getMimeTypeFromExtension(ending) ?: "application/octet-stream"
        }

        /** The folder of downloads below Android 11; null while the storage is away. */
        private fun shelf(context: Context) = context.getExternalFilesDir(Environment.DIRECTORY_DOWNLOADS)?.let(::Shelf)
    }
}
