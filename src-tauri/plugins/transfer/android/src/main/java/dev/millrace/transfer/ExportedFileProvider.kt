// Content provider for finished files of the app's own folder and of the public one: read-only, each only for the app
// that the user chose. From Android 11 on files are in the shared list of downloads, and this provides nothing.
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

class ExportedFileProvider : ContentProvider() {
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

    /** By the extension alone: any app may call it, also for files that do not exist. */
    override fun getType(uri: Uri) = typeOf(uri.lastPathSegment.orEmpty())

    override fun insert(uri: Uri, values: ContentValues?): Uri = refuse()

    override fun update(uri: Uri, values: ContentValues?, selection: String?, selectionArgs: Array<out String>?): Int = refuse()

    override fun delete(uri: Uri, selection: String?, selectionArgs: Array<out String>?): Int = refuse()

    private fun refuse(): Nothing = throw UnsupportedOperationException("these files are for reading only")

    private fun find(uri: Uri): File? {
        val shelf = uri.pathSegments.firstOrNull()
        return context?.let(::shelves)?.get(shelf)?.find(uri.path?.removePrefix("/$shelf"))
    }

    companion object {
        private val COLUMNS = arrayOf(OpenableColumns.DISPLAY_NAME, OpenableColumns.SIZE)

        /** The content URI of a file; null if the file is not in an exported folder. */
        fun uri(context: Context, file: File): Uri? {
            val (shelf, path) = shelves(context).firstNotNullOfOrNull { (name, shelf) -> shelf.path(file)?.let { name to it } } ?: return null
            // Also in AndroidManifest.xml.
            val authority = "${context.packageName}.transfer.files"
            return Uri.Builder().scheme("content").authority(authority).appendPath(shelf).appendEncodedPath(Uri.encode(path, "/")).build()
        }

        fun typeOf(name: String): String {
            val ending = name.substringAfterLast('.', "").lowercase()
            return MimeTypeMap.getSingleton().getMimeTypeFromExtension(ending) ?: "application/octet-stream"
        }

        /** The download folders below Android 11 whose storage is mounted. */
        private fun shelves(context: Context): Map<String, ExportedFiles> {
            val folders = mapOf("own" to context.getExternalFilesDir(Environment.DIRECTORY_DOWNLOADS), "public" to PublicFolder.find(context))
            return folders.mapNotNull { (name, folder) -> folder?.let { name to ExportedFiles(it) } }.toMap()
        }
    }
}
