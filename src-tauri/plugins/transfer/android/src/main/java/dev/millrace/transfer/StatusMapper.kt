// What Android's answers about network and battery mean. Pure: `DeviceMonitor` asks and listens.
package dev.millrace.transfer

import android.net.wifi.WifiManager

/** Of the network in use; null when there is none. */
data class NetworkInfo(
    val notMetered: Boolean,
    /** An operator's "unlimited for now": counts as not metered. */
    val temporarilyNotMetered: Boolean,
    /** From Android 9 on. */
    val notRoaming: Boolean?,
    val vpn: Boolean,
)

/** Of the last word about the battery; levels of no battery are negative. */
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

/** From Android 17 on, addresses of the local network are kept from an app that the person has not let there. */
fun wantsLeave(level: Int): Boolean = level >= 37

const val LOCAL_NETWORK = "android.permission.ACCESS_LOCAL_NETWORK"

/**
 * The mode of a Wi-Fi lock that works with the screen off. That for low latency does so from Android 14 on, where it is the only one;
 * before, it holds only while the app is in front.
 */
@Suppress("DEPRECATION")
fun wifiMode(level: Int): Int = if (level >= 34) WifiManager.WIFI_MODE_FULL_LOW_LATENCY else WifiManager.WIFI_MODE_FULL_HIGH_PERF

/** Lets only what is new through: batteries and networks repeat themselves all day. */
class ChangeFilter(private val tell: (Surroundings) -> Unit) {
    private var last: Surroundings? = null

    @Synchronized
    fun offer(now: Surroundings) {
        if (now == last) return
        last = now
        tell(now)
    }
}
