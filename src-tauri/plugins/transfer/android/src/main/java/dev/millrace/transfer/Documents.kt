// Files in folders that the user picked: behind a document provider, accessed by the grant for the folder's tree.
package dev.millrace.transfer

import android.content.ContentResolver
import android.content.Context
import android.database.Cursor
import android.net.Uri
import android.provider.DocumentsContract
import java.io.FileNotFoundException
import java.io.IOException

data class Document(
    val uri: String,
    val name: String,
    /** In bytes; 0 if the provider does not report it. */
    val length: Long,
    /** In milliseconds since 1970; null if the provider does not report it. */
    val modified: Long?,
    val folder: Boolean,
)

class Documents(context: Context) {
    private val resolver: ContentResolver = context.contentResolver

    /** Whether the grant for reading and writing in that tree exists, also after a restart. */
    fun granted(tree: String): Boolean = resolver.persistedUriPermissions.any {
        it.uri == Uri.parse(tree) && it.isReadPermission && it.isWritePermission
    }

    /** Throws [SecurityException] if the grant is gone, to tell that from a missing file. */
    fun find(tree: String, folder: String, name: String): Document? {
        if (!granted(tree)) throw SecurityException("the folder may not be used any more")
        val parent = Uri.parse(folder)
        val id = DocumentsContract.getDocumentId(parent)
        // On a disk the id is the path: no need to list a folder of thousands of files.
        if (parent.authority == DISKS) return look(DocumentsContract.buildDocumentUriUsingTree(parent, child(id, name)))
        val children = DocumentsContract.buildChildDocumentsUriUsingTree(parent, id)
        resolver.query(children, COLUMNS, null, null, null)?.use { rows ->
            while (rows.moveToNext()) {
                if (rows.getString(1) == name) return document(DocumentsContract.buildDocumentUriUsingTree(parent, rows.getString(0)), rows)
            }
        }
        return null
    }

    fun create(folder: String, name: String): Document {
        // The only type with which the name keeps any extension.
        val made = DocumentsContract.createDocument(resolver, Uri.parse(folder), PLAIN, name)
        return there(made ?: throw IOException("the provider made no file of that name"))
    }

    /** The provider may change the URI together with the name. */
    fun rename(uri: String, name: String): Document {
        val before = Uri.parse(uri)
        return there(DocumentsContract.renameDocument(resolver, before, name) ?: before)
    }

    fun remove(uri: String) {
        if (!DocumentsContract.deleteDocument(resolver, Uri.parse(uri))) throw IOException("the provider did not remove the file")
    }

    private fun there(uri: Uri) = look(uri) ?: throw FileNotFoundException("the file is not there any more")

    private fun look(uri: Uri): Document? = try {
        resolver.query(uri, COLUMNS, null, null, null)?.use { rows -> if (rows.moveToFirst()) document(uri, rows) else null }
    } catch (_: FileNotFoundException) {
        null
    } catch (_: IllegalArgumentException) {
        // Thrown by a disk's provider for a path that does not exist.
        null
    }

    private fun document(uri: Uri, row: Cursor) = Document(
        uri = uri.toString(),
        name = row.getString(1),
        length = if (row.isNull(2)) 0 else row.getLong(2),
        modified = if (row.isNull(3)) null else row.getLong(3),
        folder = row.getString(4) == DocumentsContract.Document.MIME_TYPE_DIR,
    )

    private fun child(parent: String, name: String) = if (parent.endsWith(":")) parent + name else "$parent/$name"

    companion object {
        private const val DISKS = "com.android.externalstorage.documents"
        private const val PLAIN = "application/octet-stream"
        private val COLUMNS = arrayOf(
            DocumentsContract.Document.COLUMN_DOCUMENT_ID,
            DocumentsContract.Document.COLUMN_DISPLAY_NAME,
            DocumentsContract.Document.COLUMN_SIZE,
            DocumentsContract.Document.COLUMN_LAST_MODIFIED,
            DocumentsContract.Document.COLUMN_MIME_TYPE,
        )
    }
}
