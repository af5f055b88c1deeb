package dev.millrace.transfer

import android.net.wifi.WifiManager
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test

class StatusMapperTest {
    private val wifi = NetworkInfo(notMetered = true, temporarilyNotMetered = false, notRoaming = true, vpn = false)

    @Test
    fun `without a network nothing is said of it but that there is none`() {
        val none = surroundings(null, null)
        assertEquals(Surroundings(false, null, null, null, null, null), none)
    }

    @Test
    fun `a network that is free for now is not metered`() {
        assertEquals(false, surroundings(wifi, null).metered)
        val mobile = wifi.copy(notMetered = false)
        assertEquals(true, surroundings(mobile, null).metered)
        assertEquals(false, surroundings(mobile.copy(temporarilyNotMetered = true), null).metered)
    }

    @Test
    fun `roaming is unknown where Android does not say`() {
        assertNull(surroundings(wifi.copy(notRoaming = null), null).roaming)
        assertEquals(true, surroundings(wifi.copy(notRoaming = false), null).roaming)
    }

    @Test
    fun `a battery is told in per cent, and a missing one not at all`() {
        assertEquals(50, surroundings(wifi, BatteryInfo(100, 200, 0)).battery)
        assertEquals(false, surroundings(wifi, BatteryInfo(100, 200, 0)).charging)
        assertNull(surroundings(wifi, BatteryInfo(-1, -1, 1)).battery)
        assertEquals(true, surroundings(wifi, BatteryInfo(-1, -1, 1)).charging)
    }

    @Test
    fun `leave for the local network is wanted from Android 17 on`() {
        assertEquals(listOf(false, true, true), listOf(36, 37, 38).map(::wantsLeave))
    }

    @Test
    fun `only news is told`() {
        val told = mutableListOf<Surroundings>()
        val news = ChangeFilter { told += it }
        val first = surroundings(wifi, null)
        news.offer(first)
        news.offer(first.copy())
        news.offer(surroundings(null, null))
        news.offer(first)
        assertEquals(listOf(first, surroundings(null, null), first), told)
    }

    @Test
    fun `the Wi-Fi lock is of a mode that works with the screen off`() {
        for (level in 24..33) assertEquals("$level", WifiManager.WIFI_MODE_FULL_HIGH_PERF, wifiMode(level))
        for (level in 34..37) assertEquals("$level", WifiManager.WIFI_MODE_FULL_LOW_LATENCY, wifiMode(level))
    }
}
