package dev.millrace.transfer

import com.fasterxml.jackson.databind.ObjectMapper
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test

/** The texts are those that `models.rs` parses in its own test. */
class ModelsTest {
    private val mapper = ObjectMapper()

    private fun json(told: PluginEvent) = mapper.readTree(mapper.writeValueAsString(told))

    @Test
    fun `what is told is written as the other side reads it`() {
        assertEquals(mapper.readTree("""{"event":"intent","data":"pause"}"""), json(intent(Button.PAUSE)))
        assertEquals(mapper.readTree("""{"event":"back","data":{"workEnded":true}}"""), json(back(true)))
        assertEquals("timeUp", json(TIME_UP)["event"].asText())
        assertEquals("stopped", json(STOPPED)["event"].asText())
        assertEquals(mapper.readTree("""{"event":"due","data":null}"""), json(DUE))
        assertEquals("away", json(AWAY)["event"].asText())
        val clicked = """{"event":"clicked","data":{"id":7,"button":"open"}}"""
        assertEquals(mapper.readTree(clicked), json(clicked(7, "open")))
        val links = """{"event":"links","data":{"how":"shared","links":[{"url":"https://example.org/a",
            "name":null,"headers":[["Referer","https://example.org/"]]}]}}"""
        val link = Link("https://example.org/a", null, listOf(listOf("Referer", "https://example.org/")))
        assertEquals(mapper.readTree(links), json(links(Handed(SHARED, listOf(link)))))
        assertEquals(mapper.readTree("""{"event":"paste","data":null}"""), json(PASTE))
        val now = json(PluginEvent("surroundings", surroundings(null, BatteryInfo(80, 100, 0))))
        assertEquals(80, now["data"]["battery"].asInt())
        assertEquals(false, now["data"]["charging"].asBoolean())
    }

    @Test
    fun `what a network has to be is read from what the other side writes`() {
        assertEquals(Needs.NOT_METERED, Needs.of("notMetered"))
        assertEquals(Needs.NOT_ROAMING, Needs.of("notRoaming"))
        assertEquals(Needs.ANY, Needs.of("any"))
    }

    @Test
    fun `what a notice, a tile or a shortcut asks for is told, and nothing else`() {
        assertEquals(PASTE, asked("paste"))
        assertEquals(intent(Button.RESUME), asked("resume"))
        // These are buttons of a notification, and need no app in the foreground.
        assertNull(asked("cancel"))
        assertNull(asked("android.intent.action.MAIN"))
        assertNull(asked(null))
    }

    @Test
    fun `only our buttons are buttons`() {
        assertEquals(Button.CANCEL, Button.of("cancel"))
        assertNull(Button.of("android.intent.action.BOOT_COMPLETED"))
        assertNull(Button.of(null))
    }
}
