// The shared list of downloads with the rules of Android 11 and later: a new row has no file, a pending file has a
// longer name, a taken name is numbered, rows of other apps are invisible, and what stays pending is deleted.
package dev.millrace.transfer

import android.content.ContentProvider
import android.content.ContentUris
import android.content.ContentValues
import android.database.Cursor
import android.database.sqlite.SQLiteDatabase
import android.net.Uri
import android.os.Bundle
import android.os.CancellationSignal
import android.os.ParcelFileDescriptor
import android.provider.MediaStore
import android.provider.MediaStore.MediaColumns
import java.io.File
import java.io.FileNotFoundException
import java.nio.file.Files
import java.util.Locale

class FakeMedia : ContentProvider() {
    private val rows = SQLiteDatabase.create(null)
    private val disk: File = Files.createTempDirectory("media").toFile()

    /** Seconds since 1970. */
    var now = 1_800_000_000L

    /** The disk has no space for another file. */
    var full = false

    /** Files are unreadable because of the disk. */
    var locked = false

    /** Whose rows are visible; each call comes from this app. */
    var caller = "this app"

    override fun onCreate(): Boolean {
        rows.execSQL(
            "create table files (_id integer primary key autoincrement, _display_name text, relative_path text, mime_type text, " +
                "is_pending integer, owner text, expires integer, path text unique)",
        )
        return true
    }

    override fun insert(uri: Uri, values: ContentValues?): Uri {
        val given = values ?: ContentValues()
        val row = placed(
            name = given.getAsString(MediaColumns.DISPLAY_NAME),
            folder = given.getAsString(MediaColumns.RELATIVE_PATH),
            pending = given.getAsInteger(MediaColumns.IS_PENDING) == 1,
            before = null,
        )
        row.put(MediaColumns.MIME_TYPE, given.getAsString(MediaColumns.MIME_TYPE))
        row.put("owner", caller)
        // Creates the folder, but not the file.
        return ContentUris.withAppendedId(uri, rows.insertOrThrow("files", null, row))
    }

    override fun update(uri: Uri, values: ContentValues?, selection: String?, selectionArgs: Array<out String>?): Int {
        val given = values ?: return 0
        val (id, before) = own(uri) ?: return 0
        val pending = given.getAsInteger(MediaColumns.IS_PENDING) ?: before.getAsInteger(MediaColumns.IS_PENDING)
        val path = before.getAsString("path")
        val row = placed(
            name = given.getAsString(MediaColumns.DISPLAY_NAME) ?: before.getAsString(MediaColumns.DISPLAY_NAME),
            folder = before.getAsString(MediaColumns.RELATIVE_PATH),
            pending = pending == 1,
            before = path,
        )
        // A missing file is no reason to stop.
        val file = file(path)
        if (file.exists() && !file.renameTo(file(row.getAsString("path")))) throw IllegalStateException("not renamed")
        given.getAsString(MediaColumns.MIME_TYPE)?.let { row.put(MediaColumns.MIME_TYPE, it) }
        return rows.update("files", row, "_id = ?", arrayOf(id.toString()))
    }

    override fun delete(uri: Uri, selection: String?, selectionArgs: Array<out String>?): Int {
        val (id, row) = own(uri) ?: return 0
        file(row.getAsString("path")).delete()
        return rows.delete("files", "_id = ?", arrayOf(id.toString()))
    }

    override fun openFile(uri: Uri, mode: String): ParcelFileDescriptor {
        val (_, row) = own(uri) ?: throw FileNotFoundException("No item at $uri")
        val file = file(row.getAsString("path"))
        val create = if ('w' in mode) ParcelFileDescriptor.MODE_CREATE else 0
        if (create == 0 && !file.exists()) throw FileNotFoundException("open failed: ENOENT (No such file or directory)")
        if (locked) throw FileNotFoundException("open failed: EACCES (Permission denied)")
        if (full && !file.exists()) throw FileNotFoundException("open failed: ENOSPC (No space left on device)")
        val access = if ('w' in mode) ParcelFileDescriptor.MODE_READ_WRITE else ParcelFileDescriptor.MODE_READ_ONLY
        return ParcelFileDescriptor.open(file, access or create)
    }

    override fun query(uri: Uri, projection: Array<out String>?, queryArgs: Bundle?, signal: CancellationSignal?): Cursor {
        val where = mutableListOf("owner = ?")
        val args = mutableListOf(caller)
        val id = uri.lastPathSegment?.toLongOrNull()
        if (id != null) where += "_id = $id"
        // A query for one row returns it, pending or not.
        else if (queryArgs?.getInt(MediaStore.QUERY_ARG_MATCH_PENDING) != MediaStore.MATCH_INCLUDE) where += "is_pending = 0"
        queryArgs?.getString("android:query-arg-sql-selection")?.let { where += "($it)" }
        queryArgs?.getStringArray("android:query-arg-sql-selection-args")?.let { args += it }
        return rows.query("files", projection?.map { it }?.toTypedArray(), where.joinToString(" and "), args.toTypedArray(), null, null, null)
    }

    override fun query(
        uri: Uri,
        projection: Array<out String>?,
        selection: String?,
        selectionArgs: Array<out String>?,
        sortOrder: String?,
    ): Cursor = query(uri, projection, null, null)

    override fun getType(uri: Uri) = null

    override fun shutdown() {
        rows.close()
        disk.deleteRecursively()
    }

    /** What the system does when the phone is idle. */
    fun idle() {
        val late = "is_pending = 1 and expires < $now"
        rows.query("files", arrayOf("path"), late, null, null, null, null).use { found ->
            while (found.moveToNext()) file(found.getString(0)).delete()
        }
        rows.delete("files", late, null)
    }

    /** Keeps the row, deletes its file. */
    fun forget(uri: String) {
        own(Uri.parse(uri))?.let { (_, row) -> file(row.getAsString("path")).delete() }
    }

    /** The names on the disk, sorted. */
    fun onDisk(): List<String> = disk.walk().filter { it.isFile }.map { it.name }.sorted().toList()

    fun count(): Int = rows.query("files", arrayOf("_id"), null, null, null, null, null).use { it.count }

    private fun own(uri: Uri): Pair<Long, ContentValues>? {
        val id = ContentUris.parseId(uri)
        val columns = arrayOf(MediaColumns.DISPLAY_NAME, MediaColumns.RELATIVE_PATH, "path", MediaColumns.IS_PENDING)
        rows.query("files", columns, "_id = ? and owner = ?", arrayOf(id.toString(), caller), null, null, null).use { found ->
            if (!found.moveToFirst()) return null
            val row = ContentValues()
            for (at in 0..2) row.put(columns[at], found.getString(at))
            row.put(MediaColumns.IS_PENDING, found.getInt(3))
            return id to row
        }
    }

    /** The actual place and name of a file requested under this name. */
    private fun placed(name: String, folder: String, pending: Boolean, before: String?): ContentValues {
        val expires = now + WEEK
        val full = if (pending) String.format(Locale.US, ".pending-%d-%s", expires, name) else name
        val free = unique(folder, cut(full), before)
        return ContentValues().apply {
            put(MediaColumns.DISPLAY_NAME, PENDING.matchEntire(free)?.let { it.groupValues[1] } ?: free)
            put(MediaColumns.RELATIVE_PATH, folder)
            put(MediaColumns.IS_PENDING, if (pending) 1 else 0)
            put("expires", if (pending) expires else null)
            put("path", folder + free)
        }
    }

    /** A name that is too long loses its middle. */
    private fun cut(name: String): String {
        if (name.toByteArray().size <= LONGEST) return name
        var (left, right) = name.take(name.length / 2) to name.drop(name.length / 2)
        while ((left + right).toByteArray().size > LONGEST - 3) if (left.length > right.length) left = left.dropLast(1) else right = right.drop(1)
        return "$left...$right"
    }

    /** The disk is case-insensitive. */
    private fun unique(folder: String, name: String, before: String?): String {
        fun taken(one: String): Boolean {
            val path = folder + one
            if (path == before) return false
            return rows.query("files", arrayOf("_id"), "path = ? collate nocase", arrayOf(path), null, null, null).use { it.count > 0 }
        }
        val (stem, ending) = name.substringBeforeLast('.') to name.substringAfterLast('.', "")
        val numbered = generateSequence(1) { it + 1 }.map { if (ending.isEmpty()) "$stem ($it)" else "$stem ($it).$ending" }
        return (sequenceOf(name) + numbered).first { !taken(it) }
    }

    private fun file(path: String) = File(disk, path).apply { parentFile!!.mkdirs() }

    private companion object {
        const val WEEK = 7L * 24 * 60 * 60
        const val LONGEST = 255
        val PENDING = Regex("""\.pending-\d+-(.+)""")
    }
}
