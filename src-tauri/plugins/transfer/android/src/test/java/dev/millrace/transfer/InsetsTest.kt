package dev.millrace.transfer

import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

class InsetsTest {
    @Test
    fun `pixels of the screen are told in those of the page, and no less than they are`() {
        val covered = Covered.of(Sides(top = 74, right = 0, bottom = 126, left = 1), keyboard = 800, density = 2.625f)
        assertEquals(Covered(top = 29, right = 0, bottom = 48, left = 1, keyboard = 305), covered)
    }

    @Test
    fun `the page hears each side, and says whether it is there`() {
        val script = Covered(top = 29, right = 0, bottom = 48, left = 0, keyboard = 305).script()
        for (set in listOf("'--inset-top','29px'", "'--inset-bottom','48px'", "'--inset-keyboard','305px'")) {
            assertTrue(set, script.contains("setProperty($set)"))
        }
        assertTrue(script.contains("location.href==='about:blank')return false"))
    }
}
