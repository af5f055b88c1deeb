package dev.millrace.transfer

import android.content.ContentValues
import android.net.Uri
import android.os.Environment
import android.provider.OpenableColumns
import java.io.File
import java.io.FileNotFoundException
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

/** Called through the system, as another app does; its declaration is read from the merged manifest. */
@RunWith(RobolectricTestRunner::class)
class ExportedFileProviderTest {
    private val app = RuntimeEnvironment.getApplication()
    private val folder = app.getExternalFilesDir(Environment.DIRECTORY_DOWNLOADS)!!
    private val file = File(folder, "straße & co.txt")

    @Before
    fun write() = file.writeText("lent")

    @Test
    fun `a finished file is read through its link`() {
        val uri = ExportedFileProvider.uri(app, file)!!
        assertEquals("content", uri.scheme)
        assertEquals("lent", app.contentResolver.openInputStream(uri)!!.use { it.reader().readText() })
    }

    @Test
    @Config(sdk = [24, 29])
    fun `a file of the public folder is lent too, and not taken for one of the same name`() {
        shadowOf(app).grantPermissions(PublicFolder.LEAVE)
        val other = File(PublicFolder.find(app)!!, file.name).apply { writeText("public") }
        for ((one, holds) in listOf(file to "lent", other to "public")) {
            val uri = ExportedFileProvider.uri(app, one)!!
            assertEquals(holds, app.contentResolver.openInputStream(uri)!!.use { it.reader().readText() })
        }
        assertNull("beside the folder", ExportedFileProvider.uri(app, File(other.parentFile!!.parentFile, "a.zip").apply { writeText("foreign") }))
    }

    @Test
    fun `it says name and length, and of other columns nothing`() {
        val uri = ExportedFileProvider.uri(app, file)!!
        app.contentResolver.query(uri, null, null, null, null)!!.use { rows ->
            assertTrue(rows.moveToFirst())
            assertEquals(file.name, rows.getString(rows.getColumnIndexOrThrow(OpenableColumns.DISPLAY_NAME)))
            assertEquals(4, rows.getLong(rows.getColumnIndexOrThrow(OpenableColumns.SIZE)))
            assertFalse(rows.moveToNext())
        }
        app.contentResolver.query(uri, arrayOf("_data"), null, null, null)!!.use { assertEquals(0, it.columnCount) }
    }

    @Test
    fun `nothing can be written, added or removed`() {
        val uri = ExportedFileProvider.uri(app, file)!!
        for (mode in listOf("w", "rw", "wt", "rwt", "wa"))
            assertThrows(SecurityException::class.java) { app.contentResolver.openFileDescriptor(uri, mode) }
        assertThrows(UnsupportedOperationException::class.java) { app.contentResolver.insert(uri, ContentValues()) }
        assertThrows(UnsupportedOperationException::class.java) { app.contentResolver.update(uri, ContentValues(), null, null) }
        assertThrows(UnsupportedOperationException::class.java) { app.contentResolver.delete(uri, null, null) }
        assertEquals("lent", file.readText())
    }

    @Test
    fun `what lies elsewhere has no link, and a link that leads there finds nothing`() {
        val secret = File(app.filesDir, "list.db").apply { writeText("secret") }
        assertNull(ExportedFileProvider.uri(app, secret))
        val whole = ExportedFileProvider.uri(app, file)!!
        for (path in listOf("../../list.db", "..%2F..%2Flist.db", secret.path, "%2F" + secret.path)) {
            val uri = Uri.parse("content://${whole.authority}/$path")
            assertThrows(FileNotFoundException::class.java) { app.contentResolver.openInputStream(uri) }
        }
    }
}
