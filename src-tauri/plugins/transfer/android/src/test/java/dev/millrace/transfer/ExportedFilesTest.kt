package dev.millrace.transfer

import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Before
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import java.io.File
import java.nio.file.Files

class ExportedFilesTest {
    @get:Rule
    val temporary = TemporaryFolder()

    private lateinit var folder: File
    private lateinit var secret: File
    private lateinit var shelf: ExportedFiles

    @Before
    fun fill() {
        folder = temporary.newFolder("downloads")
        secret = temporary.newFile("secret.db")
        File(folder, "a b.zip").writeText("whole")
        File(folder, "inner").mkdir()
        File(folder, "inner/c.zip").writeText("whole too")
        // A sibling folder whose name starts the same.
        temporary.newFolder("downloads-of-others").resolve("d.zip").writeText("not ours")
        shelf = ExportedFiles(folder)
    }

    @Test
    fun `a file is found by the path that it is known by`() {
        for (name in listOf("a b.zip", "inner/c.zip")) {
            val file = File(folder, name)
            assertEquals(name, shelf.path(file))
            assertEquals(file.canonicalFile, shelf.find(name))
            assertEquals(file.canonicalFile, shelf.find("/$name"))
        }
    }

    @Test
    fun `no path leads out of the folder`() {
        for (path in listOf("../secret.db", "inner/../../secret.db", "/../secret.db", secret.path, "../downloads-of-others/d.zip")) {
            assertNull(path, shelf.find(path))
        }
        assertNull(shelf.path(secret))
        assertNull(shelf.path(File(folder, "../secret.db")))
        assertNull(shelf.path(File(folder.parentFile, "downloads-of-others/d.zip")))
        assertEquals("within it dots are dots", File(folder, "a b.zip").canonicalFile, shelf.find("inner/../a b.zip"))
    }

    @Test
    fun `a link to a file elsewhere is no file of the folder`() {
        val link = File(folder, "link.db")
        Files.createSymbolicLink(link.toPath(), secret.toPath())
        assertEquals("the system follows it", secret.readText(), link.readText())
        assertNull(shelf.find("link.db"))
        assertNull(shelf.path(link))
        val way = File(folder, "way")
        Files.createSymbolicLink(way.toPath(), temporary.root.toPath())
        assertNull(shelf.find("way/secret.db"))
    }

    @Test
    fun `what is no file is not lent`() {
        for (path in listOf(null, "", "/", ".", "inner", "unknown.zip", "a b.zip\u0000")) assertNull(path, shelf.find(path))
        assertNull(shelf.path(folder))
        assertNull(shelf.path(File(folder, "unknown.zip")))
    }
}
