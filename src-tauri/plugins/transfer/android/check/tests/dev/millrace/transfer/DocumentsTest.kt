package dev.millrace.transfer

import android.content.ContentProvider
import android.content.Intent
import android.content.pm.ProviderInfo
import android.net.Uri
import android.provider.DocumentsContract
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import org.json.JSONObject
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config

/**
 * Files in a folder that the user picked, as Rust requests them: on a thread of its own, without an activity.
 * Robolectric's resolver uses a form of queries that document providers refuse from Android 8 on, and that Android's
 * own translates.
 */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24])
class DocumentsTest {
    private val app = RuntimeEnvironment.getApplication()
    private val rust = Executors.newSingleThreadExecutor()
    private val tree = DocumentsContract.buildTreeDocumentUri(FakeDocuments.AUTHORITY, FakeDocuments.FOLDER)
    private val folder = DocumentsContract.buildDocumentUriUsingTree(tree, FakeDocuments.FOLDER)
    private lateinit var provider: FakeDocuments

    @Before
    fun pick() {
        provider = provide(FakeDocuments::class.java, FakeDocuments.AUTHORITY)
        app.contentResolver.takePersistableUriPermission(tree, GRANT)
    }

    private fun <T : ContentProvider> provide(kind: Class<T>, of: String): T {
        val info = ProviderInfo().apply {
            authority = of
            exported = true
            grantUriPermissions = true
            readPermission = "android.permission.MANAGE_DOCUMENTS"
            writePermission = readPermission
        }
        return Robolectric.buildContentProvider(kind).create(info).get()
    }

    @After
    fun letGo() {
        rust.shutdownNow()
    }

    private fun call(command: String, vararg words: Pair<String, Any>): JSONObject {
        val all = JSONObject(mapOf("tree" to "$tree", "folder" to "$folder", *words)).toString()
        return JSONObject(rust.submit(Callable { Calls.call(app, command, all) }).get(20, TimeUnit.SECONDS))
    }

    private fun row(command: String, vararg words: Pair<String, Any>) = call(command, *words).getJSONObject("ok").getJSONObject("row")

    @Test
    fun `a document is made, found, renamed and removed`() {
        assertTrue(call("documentFind", "name" to "a.part").getJSONObject("ok").isNull("row"))
        val made = row("documentCreate", "name" to "a.part")
        assertEquals("a.part", made.getString("name"))
        assertEquals(made.toString(), row("documentFind", "name" to "a.part").toString())
        assertEquals(7, made.getLong("length"))
        assertTrue("it tells no time", made.isNull("modified"))
        assertFalse(made.getBoolean("folder"))
        val renamed = row("documentRename", "uri" to made.getString("uri"), "name" to "a")
        assertEquals("a", renamed.getString("name"))
        assertTrue("its id is another one now", renamed.getString("uri") != made.getString("uri"))
        assertEquals(listOf("a"), provider.all)
        call("documentRemove", "uri" to renamed.getString("uri"))
        assertEquals(emptyList<String>(), provider.all)
    }

    @Test
    fun `a name that is taken is told as the one that the provider gave`() {
        row("documentCreate", "name" to "a")
        assertEquals("a (1)", row("documentCreate", "name" to "a").getString("name"))
    }

    @Test
    fun `a grant that was taken back is told as such, not as a file that is missing`() {
        row("documentCreate", "name" to "a")
        assertTrue(call("documentGranted").getJSONObject("ok").getBoolean("granted"))
        app.contentResolver.releasePersistableUriPermission(tree, GRANT)
        assertFalse(call("documentGranted").getJSONObject("ok").getBoolean("granted"))
        assertEquals("denied", call("documentFind", "name" to "a").getString("kind"))
        assertEquals(listOf("a"), provider.all)
    }

    @Test
    fun `on a disk a document is found by its path alone`() {
        provide(FakeDisk::class.java, FakeDisk.AUTHORITY)
        val disk = DocumentsContract.buildTreeDocumentUri(FakeDisk.AUTHORITY, FakeDisk.FOLDER)
        val films = DocumentsContract.buildDocumentUriUsingTree(disk, FakeDisk.FOLDER)
        app.contentResolver.takePersistableUriPermission(disk, GRANT)
        val there = arrayOf<Pair<String, Any>>("tree" to "$disk", "folder" to "$films", "name" to "a.mkv")
        assertTrue(call("documentFind", *there).getJSONObject("ok").isNull("row"))
        val made = row("documentCreate", *there)
        assertEquals(made.toString(), row("documentFind", *there).toString())
        assertEquals("primary:Films/a.mkv", DocumentsContract.getDocumentId(Uri.parse(made.getString("uri"))))
    }

    private companion object {
        const val GRANT = Intent.FLAG_GRANT_READ_URI_PERMISSION or Intent.FLAG_GRANT_WRITE_URI_PERMISSION
    }
}
