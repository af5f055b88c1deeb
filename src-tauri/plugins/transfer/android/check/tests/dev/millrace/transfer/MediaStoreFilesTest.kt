package dev.millrace.transfer

import android.content.ContentResolver
import android.net.Uri
import android.provider.MediaStore
import android.webkit.MimeTypeMap
import java.io.FileNotFoundException
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

/** Against a MediaStore with Android's rules. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [30, 33, 34, 36])
class MediaStoreFilesTest {
    private val list = Robolectric.setupContentProvider(FakeMedia::class.java, "media")
    private val app = RuntimeEnvironment.getApplication()
    private val media = MediaStoreFiles(app)
    private val resolver: ContentResolver = app.contentResolver

    @After
    fun end() = list.shutdown()

    private fun write(row: MediaRow, text: String) {
        resolver.openFileDescriptor(Uri.parse(row.uri), "rw")!!.use { open ->
            android.os.ParcelFileDescriptor.AutoCloseOutputStream(open.dup()).use { it.write(text.toByteArray()) }
        }
    }

    @Test
    fun `a file that was made is there, empty, and is found again`() {
        val made = media.create("a.zip.part")
        assertEquals("a.zip.part", made.name)
        assertEquals(0, made.length)
        assertEquals(1, list.onDisk().size)
        assertEquals(made, media.find("a.zip.part"))
        write(made, "four")
        assertEquals(4L, media.find("a.zip.part")?.length)
    }

    @Test
    fun `a row whose file was never made is an empty one`() {
        val made = media.create("a.zip.part")
        // As after a kill between the row and its file, or as an earlier version left it.
        list.forget(made.uri)
        assertEquals(made, media.find("a.zip.part"))
    }

    @Test
    fun `a file that cannot be read is not taken for an empty one`() {
        val made = media.create("a.zip.part")
        list.locked = true
        assertThrows(FileNotFoundException::class.java) { media.find("a.zip.part") }
        list.locked = false
        assertEquals(made, media.find("a.zip.part"))
        // A finished file without a file is a loss, not an empty download.
        val done = media.rename(made.uri, "a.zip")
        list.forget(done.uri)
        assertThrows(FileNotFoundException::class.java) { media.find("a.zip") }
    }

    @Test
    fun `no row stays when its file cannot be made`() {
        list.full = true
        assertThrows(FileNotFoundException::class.java) { media.create("a.zip.part") }
        assertEquals(0, list.count())
    }

    @Test
    fun `the final name is the one that the file has got`() {
        list.caller = "another app"
        val foreign = media.create("A.zip.part")
        media.rename(foreign.uri, "A.zip")
        list.caller = "this app"
        assertNull("foreign files are not seen", media.find("A.zip"))
        val made = media.create("a.zip.part")
        write(made, "four")
        val renamed = media.rename(made.uri, "a.zip")
        assertEquals(MediaRow(made.uri, "a (1).zip", 4), renamed)
        assertEquals(renamed, media.find("a (1).zip"))
        assertEquals(listOf("A.zip", "a (1).zip").sorted(), list.onDisk())
    }

    @Test
    fun `an unfinished file that is looked for now and then is kept, another one is thrown away`() {
        val used = media.create("used.part")
        media.create("forgotten.part")
        list.now += 6 * DAY
        assertEquals(used, media.find("used.part"))
        list.now += 6 * DAY
        list.idle()
        assertEquals(used, media.find("used.part"))
        assertNull(media.find("forgotten.part"))
        list.now += 8 * DAY
        list.idle()
        assertNull(media.find("used.part"))
    }

    @Test
    fun `a finished file is of the type of its ending, an unfinished one of none`() {
        shadowOf(MimeTypeMap.getSingleton()).addExtensionMimeTypeMapping("zip", "application/zip")
        fun type(row: MediaRow) = resolver.query(Uri.parse(row.uri), arrayOf(MediaStore.MediaColumns.MIME_TYPE), null, null, null)!!.use {
            it.moveToFirst()
            it.getString(0)
        }
        val made = media.create("a.zip.part")
        assertEquals("application/octet-stream", type(made))
        assertEquals("application/octet-stream", type(media.rename(made.uri, "b.zip.part")))
        assertEquals("application/zip", type(media.rename(made.uri, "B.ZIP")))
        assertEquals("application/octet-stream", type(media.rename(made.uri, "b")))
    }

    @Test
    fun `a finished file is found and not touched`() {
        val made = media.create("a.zip.part")
        media.rename(made.uri, "a.zip")
        val before = list.onDisk()
        list.now += DAY
        media.find("a.zip")
        assertEquals(before, list.onDisk())
        list.now += 30 * DAY
        list.idle()
        assertEquals("a.zip", media.find("a.zip")?.name)
    }

    @Test
    fun `a name of 235 bytes fits with what marks it as unfinished, a longer one says that it was cut`() {
        val fits = "a".repeat(230) + ".part"
        assertEquals(fits, media.create(fits).name)
        val long = "b".repeat(231) + ".part"
        assertNotEquals(long, media.create(long).name)
    }

    @Test
    fun `what is gone is said to be gone`() {
        val made = media.create("a.zip.part")
        media.remove(made.uri)
        assertEquals(emptyList<String>(), list.onDisk())
        assertThrows(FileNotFoundException::class.java) { media.remove(made.uri) }
        assertThrows(FileNotFoundException::class.java) { media.rename(made.uri, "a.zip") }
        assertNull(media.find("a.zip.part"))
    }

    private companion object {
        const val DAY = 24L * 60 * 60
    }
}
