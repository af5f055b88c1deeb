// Interprets Android's values for network and battery. Pure: `DeviceMonitor` reads them.
package dev.millrace.transfer

import android.net.wifi.WifiManager

/** The active network; null if there is none. */
data class NetworkInfo(
    val notMetered: Boolean,
    /** A temporary unlimited offer of the operator: counts as not metered. */
    val temporarilyNotMetered: Boolean,
    /** From Android 9 on. */
    val notRoaming: Boolean?,
    val vpn: Boolean,
)

/** The last battery broadcast; levels are negative if there is no battery. */
data class BatteryInfo(val level: Int, val scale: Int, val plugged: Int)

fun surroundings(network: NetworkInfo?, battery: BatteryInfo?) = Surroundings(
    connected = network != null,
    metered = network?.let { !it.notMetered && !it.temporarilyNotMetered },
    roaming = network?.notRoaming?.not(),
    vpn = network?.vpn,
    charging = battery?.let { it.plugged != 0 },
    battery = battery?.let { percent(it.level, it.scale) },
)

private fun percent(level: Int, scale: Int): Int? =
    if (level < 0 || scale <= 0) null else (level * 100 / scale).coerceIn(0, 100)

/** From Android 17 on, an app needs the user's permission to access the local network. */
fun wantsLeave(level: Int): Boolean = level >= 37

const val LOCAL_NETWORK = "android.permission.ACCESS_LOCAL_NETWORK"

/**
 * The mode of a Wi-Fi lock that works with the screen off. The low-latency mode does so from Android 14 on, where it is
 * the only one; before, it works only while the app is in the foreground.
 */
@Suppress("DEPRECATION")
fun wifiMode(level: Int): Int = if (level >= 34) WifiManager.WIFI_MODE_FULL_LOW_LATENCY else WifiManager.WIFI_MODE_FULL_HIGH_PERF

/** Passes on changes only: battery and network broadcasts repeat the same values all day. */
class ChangeFilter(private val tell: (Surroundings) -> Unit) {
    private var last: Surroundings? = null

    @Synchronized
    fun offer(now: Surroundings) {
        if (now == last) return
        last = now
        tell(now)
    }
}
