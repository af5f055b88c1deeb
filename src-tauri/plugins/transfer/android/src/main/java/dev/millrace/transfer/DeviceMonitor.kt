// Reads network and battery from Android and listens for changes. Their interpretation is in `StatusMapper.kt`.
package dev.millrace.transfer

import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import android.content.IntentFilter
import android.net.ConnectivityManager
import android.net.Network
import android.net.NetworkCapabilities
import android.os.BatteryManager
import android.os.Build

class DeviceMonitor(context: Context) {
    private val app = context.applicationContext
    private val connectivity = app.getSystemService(ConnectivityManager::class.java)
    private var network: NetworkInfo? = null
    private var battery: BatteryInfo? = null

    fun now(): Surroundings {
        val capabilities = connectivity.getNetworkCapabilities(connectivity.activeNetwork)
        val sticky = app.registerReceiver(null, IntentFilter(Intent.ACTION_BATTERY_CHANGED))
        return surroundings(capabilities?.let(::facts), sticky?.let(::facts))
    }

    /** Until the process ends. */
    fun listen(tell: (Surroundings) -> Unit) {
        val news = ChangeFilter(tell)
        val offer = { synchronized(this) { news.offer(surroundings(network, battery)) } }
        val callback = object : ConnectivityManager.NetworkCallback() {
            override fun onCapabilitiesChanged(changed: Network, capabilities: NetworkCapabilities) {
                network = facts(capabilities)
                offer()
            }

            override fun onLost(lost: Network) {
                network = null
                offer()
            }
        }
        val receiver = object : BroadcastReceiver() {
            override fun onReceive(context: Context, changed: Intent) {
                battery = facts(changed)
                offer()
            }
        }
        network = connectivity.getNetworkCapabilities(connectivity.activeNetwork)?.let(::facts)
        app.registerReceiver(receiver, IntentFilter(Intent.ACTION_BATTERY_CHANGED))?.let { battery = facts(it) }
        offer()
        connectivity.registerDefaultNetworkCallback(callback)
    }

    private fun facts(of: NetworkCapabilities) = NetworkInfo(
        notMetered = of.hasCapability(NetworkCapabilities.NET_CAPABILITY_NOT_METERED),
        temporarilyNotMetered = Build.VERSION.SDK_INT >= 30 &&
            of.hasCapability(NetworkCapabilities.NET_CAPABILITY_TEMPORARILY_NOT_METERED),
        notRoaming = if (Build.VERSION.SDK_INT >= 28) of.hasCapability(NetworkCapabilities.NET_CAPABILITY_NOT_ROAMING) else null,
        vpn = of.hasTransport(NetworkCapabilities.TRANSPORT_VPN),
    )

    private fun facts(of: Intent) = BatteryInfo(
        level = of.getIntExtra(BatteryManager.EXTRA_LEVEL, -1),
        scale = of.getIntExtra(BatteryManager.EXTRA_SCALE, -1),
        plugged = of.getIntExtra(BatteryManager.EXTRA_PLUGGED, 0),
    )
}
