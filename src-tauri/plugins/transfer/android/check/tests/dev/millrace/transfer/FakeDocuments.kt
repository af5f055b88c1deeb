package dev.millrace.transfer

import android.database.Cursor
import android.database.MatrixCursor
import android.os.CancellationSignal
import android.os.ParcelFileDescriptor
import android.provider.DocumentsContract.Document
import android.provider.DocumentsProvider
import java.io.File
import java.io.FileNotFoundException

/**
 * Keeps documents by numbers, numbers a name that is taken, and gives a renamed document another id, as some providers
 * do.
 */
open class FakeDocuments : DocumentsProvider() {
    private val names = linkedMapOf<String, String>()
    private var last = 0

    val all get() = names.values.toList()

    override fun onCreate() = true

    override fun queryRoots(projection: Array<String>?): Cursor = MatrixCursor(arrayOf())

    override fun isChildDocument(parent: String, id: String) = parent == FOLDER

    override fun queryDocument(id: String, projection: Array<String>?): Cursor = rows { it == id }.also {
        if (it.count == 0) throw FileNotFoundException(id)
    }

    override fun queryChildDocuments(parent: String, projection: Array<String>?, order: String?): Cursor = rows { true }

    override fun createDocument(parent: String, type: String, name: String): String = enter(name)

    override fun renameDocument(id: String, name: String): String {
        names.remove(id) ?: throw FileNotFoundException(id)
        return enter(name)
    }

    override fun deleteDocument(id: String) {
        names.remove(id) ?: throw FileNotFoundException(id)
    }

    override fun openDocument(id: String, mode: String, signal: CancellationSignal?): ParcelFileDescriptor =
        ParcelFileDescriptor.open(File("/dev/null"), ParcelFileDescriptor.MODE_READ_WRITE)

    private fun enter(name: String): String {
        last += 1
        val free = generateSequence(0) { it + 1 }.map { if (it == 0) name else "$name ($it)" }.first { it !in names.values }
        return id(last, free).also { names[it] = free }
    }

    protected open fun id(number: Int, name: String) = "$number"

    private fun rows(wanted: (String) -> Boolean) = MatrixCursor(COLUMNS).apply {
        for ((id, name) in names.filterKeys(wanted)) addRow(arrayOf<Any?>(id, name, 7L, null, "application/octet-stream"))
    }

    companion object {
        const val AUTHORITY = "dev.millrace.documents"
        const val FOLDER = "folder"
        private val COLUMNS = arrayOf(
            Document.COLUMN_DOCUMENT_ID,
            Document.COLUMN_DISPLAY_NAME,
            Document.COLUMN_SIZE,
            Document.COLUMN_LAST_MODIFIED,
            Document.COLUMN_MIME_TYPE,
        )
    }
}

/**
 * As the system's provider for disks: ids are paths, an invalid one is an illegal argument, and folders are too large
 * to list.
 */
class FakeDisk : FakeDocuments() {
    override fun isChildDocument(parent: String, id: String) = id.startsWith(parent)

    override fun queryDocument(id: String, projection: Array<String>?): Cursor = try {
        super.queryDocument(id, projection)
    } catch (missing: FileNotFoundException) {
        throw IllegalArgumentException(missing)
    }

    override fun queryChildDocuments(parent: String, projection: Array<String>?, order: String?): Cursor =
        throw UnsupportedOperationException("thousands of files")

    override fun id(number: Int, name: String) = "$FOLDER/$name"

    companion object {
        const val AUTHORITY = "com.android.externalstorage.documents"
        const val FOLDER = "primary:Films"
    }
}
