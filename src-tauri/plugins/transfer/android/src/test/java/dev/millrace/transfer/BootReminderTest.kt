package dev.millrace.transfer

import android.content.Intent
import org.junit.Assert.assertEquals
import org.junit.Test

class BootReminderTest {
    private val written = mutableListOf<Boolean>()
    private var kept = false
    private fun process() = BootReminder({ kept }) {
        kept = it
        written += it
    }

    private val on = Intent.ACTION_BOOT_COMPLETED

    @Test
    fun `a phone that is turned off while work is held says so once it is on, and once`() {
        process().held(true)
        assertEquals(true, process().waits(on))
        assertEquals(false, process().waits(on))
    }

    @Test
    fun `nothing is said where work was over, where it was taken up since, or at any other news`() {
        val first = process()
        first.held(true)
        first.held(false)
        assertEquals(false, process().waits(on))
        process().held(true)
        // The process died, and the app was opened: only work held from now on counts.
        process().begin()
        assertEquals(false, process().waits(on))
        process().held(true)
        assertEquals(false, process().waits(Intent.ACTION_MAIN))
    }

    @Test
    fun `only news is written, and a second window changes nothing`() {
        val one = process()
        one.begin()
        repeat(3) { one.held(true) }
        one.begin()
        assertEquals(listOf(false, true), written)
        assertEquals(true, kept)
    }
}
