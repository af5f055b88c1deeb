// This app's files in the shared list of downloads (MediaStore). An unfinished file is a pending row: a real file at
// its final place, invisible to other apps. An app needs no permission for its own rows.
package dev.millrace.transfer

import android.annotation.TargetApi
import android.content.ContentResolver
import android.content.ContentUris
import android.content.ContentValues
import android.content.Context
import android.net.Uri
import android.os.Bundle
import android.provider.MediaStore
import android.webkit.MimeTypeMap
import java.io.FileNotFoundException
import java.io.IOException

data class MediaRow(val uri: String, val name: String, val length: Long)

@TargetApi(MediaStoreFiles.SINCE)
class MediaStoreFiles(context: Context) {
    private val resolver: ContentResolver = context.contentResolver
    private val list: Uri = MediaStore.Downloads.getContentUri(MediaStore.VOLUME_EXTERNAL_PRIMARY)

    fun find(name: String): MediaRow? {
        val columns = arrayOf(MediaStore.MediaColumns._ID)
        val query = Bundle().apply {
            putString(
                ContentResolver.QUERY_ARG_SQL_SELECTION,
                "${MediaStore.MediaColumns.DISPLAY_NAME} = ? and ${MediaStore.MediaColumns.RELATIVE_PATH} = ?",
            )
            putStringArray(ContentResolver.QUERY_ARG_SQL_SELECTION_ARGS, arrayOf(name, FOLDER))
            putInt(MediaStore.QUERY_ARG_MATCH_PENDING, MediaStore.MATCH_INCLUDE)
        }
        resolver.query(list, columns, query, null)?.use { rows ->
            if (!rows.moveToFirst()) return null
            val uri = ContentUris.withAppendedId(list, rows.getLong(0))
            if (name.endsWith(PART)) renew(uri)
            return row(uri)
        }
        return null
    }

    /** The system deletes rows that are pending for a week: each access to an unfinished file restarts the week. */
    private fun renew(uri: Uri) {
        resolver.update(uri, ContentValues().apply { put(MediaStore.MediaColumns.IS_PENDING, 1) }, null, null)
    }

    fun create(name: String): MediaRow {
        val values = ContentValues().apply {
            put(MediaStore.MediaColumns.DISPLAY_NAME, name)
            // The only type with which the name keeps any extension.
            put(MediaStore.MediaColumns.MIME_TYPE, PLAIN)
            put(MediaStore.MediaColumns.RELATIVE_PATH, FOLDER)
            put(MediaStore.MediaColumns.IS_PENDING, 1)
        }
        val uri = resolver.insert(list, values) ?: throw IOException("the system made no file of that name")
        try {
            // A new row has no file; opening it for writing creates it.
            resolver.openFileDescriptor(uri, "rw")?.close()
        } catch (failed: Exception) {
            resolver.delete(uri, null, null)
            throw failed
        }
        return row(uri)
    }

    /**
     * A name without `.part` is the final one: the file is visible to all apps from then on. A name that is taken, if
     * only by a file that is not visible here, gets a number: the returned row has the actual name.
     */
    fun rename(uri: String, name: String): MediaRow {
        val pending = name.endsWith(PART)
        val type = MimeTypeMap.getSingleton().getMimeTypeFromExtension(name.substringAfterLast('.', "").lowercase())
        val values = ContentValues().apply {
            put(MediaStore.MediaColumns.DISPLAY_NAME, name)
            put(MediaStore.MediaColumns.MIME_TYPE, if (pending) PLAIN else type ?: PLAIN)
            put(MediaStore.MediaColumns.IS_PENDING, if (pending) 1 else 0)
        }
        if (resolver.update(Uri.parse(uri), values, null, null) != 1) throw FileNotFoundException("the file is not there any more")
        return row(Uri.parse(uri))
    }

    fun remove(uri: String) {
        if (resolver.delete(Uri.parse(uri), null, null) != 1) throw FileNotFoundException("the file is not there any more")
    }

    private fun row(uri: Uri): MediaRow {
        val name = name(uri)
        return MediaRow(uri.toString(), name, length(uri, name))
    }

    /** The row's length is written when a file is published; the file itself has the present one. */
    private fun length(uri: Uri, name: String): Long = try {
        resolver.openFileDescriptor(uri, "r")?.use { it.statSize } ?: 0
    } catch (failed: FileNotFoundException) {
        // The process died between a row and its file, or an earlier version created no file: the next write creates
        // it.
        if (name.endsWith(PART) && failed.message.orEmpty().contains("ENOENT")) 0 else throw failed
    }

    private fun name(uri: Uri): String {
        val pendingToo = Bundle().apply { putInt(MediaStore.QUERY_ARG_MATCH_PENDING, MediaStore.MATCH_INCLUDE) }
        resolver.query(uri, arrayOf(MediaStore.MediaColumns.DISPLAY_NAME), pendingToo, null)?.use { rows ->
            if (rows.moveToFirst()) return rows.getString(0)
        }
        throw FileNotFoundException("the file is not there any more")
    }

    companion object {
        /** Android 11: the first version in which such a row is backed by a plain file. */
        const val SINCE = 30
        private const val FOLDER = "Download/Millrace/"
        private const val PLAIN = "application/octet-stream"
        private const val PART = ".part"
    }
}
