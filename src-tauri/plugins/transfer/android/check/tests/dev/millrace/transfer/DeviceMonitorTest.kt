package dev.millrace.transfer

import android.content.Intent
import android.net.ConnectivityManager
import android.net.NetworkCapabilities
import android.os.BatteryManager
import android.os.Build
import org.junit.Assert.assertEquals
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.ShadowLooper
import org.robolectric.shadows.ShadowNetworkCapabilities

/** How Android's values for network and battery are reported, with those of the framework itself. */
@RunWith(RobolectricTestRunner::class)
class DeviceMonitorTest {
    private val app = RuntimeEnvironment.getApplication()
    private val connectivity = app.getSystemService(ConnectivityManager::class.java)
    private val network = connectivity.activeNetwork!!

    private fun capable(vararg of: Int) = ShadowNetworkCapabilities.newInstance().also { made ->
        shadowOf(made).removeCapability(NetworkCapabilities.NET_CAPABILITY_NOT_METERED)
        for (one in of) shadowOf(made).addCapability(one)
    }

    private fun battery(level: Int, plugged: Int) {
        val intent = Intent(Intent.ACTION_BATTERY_CHANGED)
            .putExtra(BatteryManager.EXTRA_LEVEL, level)
            .putExtra(BatteryManager.EXTRA_SCALE, 100)
            .putExtra(BatteryManager.EXTRA_PLUGGED, plugged)
        @Suppress("DEPRECATION")
        app.sendStickyBroadcast(intent)
        ShadowLooper.idleMainLooper()
    }

    @Test
    fun `Wi-Fi without limits, and the cable`() {
        shadowOf(connectivity).setNetworkCapabilities(network, capable(NetworkCapabilities.NET_CAPABILITY_NOT_METERED))
        battery(80, BatteryManager.BATTERY_PLUGGED_AC)
        val now = DeviceMonitor(app).now()
        assertEquals(listOf(true, false, false, true, 80), listOf(now.connected, now.metered, now.vpn, now.charging, now.battery))
    }

    @Test
    fun `a network that costs, and the battery`() {
        shadowOf(connectivity).setNetworkCapabilities(network, capable())
        battery(15, 0)
        val now = DeviceMonitor(app).now()
        assertEquals(listOf(true, true, false, 15), listOf(now.connected, now.metered, now.charging, now.battery))
    }

    @Test
    fun `a network abroad, through a VPN`() {
        val abroad = capable().also { shadowOf(it).addTransportType(NetworkCapabilities.TRANSPORT_VPN) }
        if (Build.VERSION.SDK_INT >= 28) shadowOf(abroad).removeCapability(NetworkCapabilities.NET_CAPABILITY_NOT_ROAMING)
        shadowOf(connectivity).setNetworkCapabilities(network, abroad)
        val roams = if (Build.VERSION.SDK_INT >= 28) true else null
        assertEquals(listOf(roams, true), DeviceMonitor(app).now().run { listOf(roaming, vpn) })
        val home = if (Build.VERSION.SDK_INT >= 28) capable(NetworkCapabilities.NET_CAPABILITY_NOT_ROAMING) else capable()
        shadowOf(connectivity).setNetworkCapabilities(network, home)
        assertEquals(listOf(roams?.not(), false), DeviceMonitor(app).now().run { listOf(roaming, vpn) })
    }

    @Test
    fun `no network at all`() {
        shadowOf(connectivity).setDefaultNetworkActive(false)
        shadowOf(connectivity).setActiveNetworkInfo(null)
        assertEquals(false, DeviceMonitor(app).now().connected)
    }

    @Test
    fun `changes are told as they come, and once`() {
        shadowOf(connectivity).setNetworkCapabilities(network, capable(NetworkCapabilities.NET_CAPABILITY_NOT_METERED))
        battery(80, 0)
        val told = mutableListOf<Surroundings>()
        DeviceMonitor(app).listen { told += it }
        val callback = shadowOf(connectivity).networkCallbacks.single()
        told.clear()
        callback.onCapabilitiesChanged(network, capable())
        callback.onCapabilitiesChanged(network, capable())
        callback.onLost(network)
        battery(79, 0)
        battery(79, 0)
        assertEquals(
            listOf(true to 80, null to 80, null to 79),
            told.map { it.metered to it.battery },
        )
    }
}
