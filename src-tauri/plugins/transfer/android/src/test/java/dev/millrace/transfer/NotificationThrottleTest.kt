package dev.millrace.transfer

import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

class NotificationThrottleTest {
    private val work = WorkArgs(title = "a.bin", text = "1 MB/s", fraction = 0.1)

    @Test
    fun `the notice is drawn once a second at most, and only when something changed`() {
        val pace = NotificationThrottle()
        assertTrue(pace.shouldDraw(work, 0))
        assertFalse(pace.shouldDraw(work.copy(fraction = 0.2), 999))
        assertTrue(pace.shouldDraw(work.copy(fraction = 0.3), 1000))
        assertFalse("it shows that already", pace.shouldDraw(work.copy(fraction = 0.3), 9000))
    }

    @Test
    fun `other work is drawn at once`() {
        val pace = NotificationThrottle()
        pace.shouldDraw(work, 0)
        assertTrue(pace.shouldDraw(work.copy(title = "b.bin"), 1))
        pace.forget()
        assertTrue(pace.shouldDraw(work.copy(title = "b.bin"), 2))
    }

    @Test
    fun `the bar stays within its ends`() {
        assertNull(bar(null))
        assertNull(bar(Double.NaN))
        assertEquals(0, bar(-1.0))
        assertEquals(500, bar(0.5))
        assertEquals(BAR, bar(7.0))
    }
}
