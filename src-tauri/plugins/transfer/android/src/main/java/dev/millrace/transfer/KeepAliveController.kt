// Carries out what `KeepAliveMachine` decides. One for the process: the plugin, the job and the service come and go around it.
package dev.millrace.transfer

import android.annotation.TargetApi
import android.app.job.JobInfo
import android.app.job.JobScheduler
import android.content.ComponentName
import android.content.Context
import android.content.Intent
import android.net.NetworkCapabilities
import android.net.NetworkRequest
import android.net.wifi.WifiManager
import android.os.Build
import android.os.PowerManager
import android.os.SystemClock
import android.util.Log

object KeepAliveController {
    private const val JOB = 4711
    private const val TAG = "transfer"

    /** Bytes that are worth the start of a job. */
    private const val CHUNK = 1L shl 20

    /** Longer than any service may live: the lock goes with it, whatever happens. */
    private const val LOCKED = 6L * 60 * 60 * 1000

    private val keeper = KeepAliveMachine(jobs = Build.VERSION.SDK_INT >= 34)
    private val pace = NotificationThrottle()
    private var wake: PowerManager.WakeLock? = null
    private var wifi: WifiManager.WifiLock? = null
    private var job: TransferJob? = null
    private var service: TransferService? = null
    private var work = WorkArgs()

    /** The other side, while there is one. */
    var tell: ((PluginEvent) -> Unit)? = null

    val held: Boolean
        @Synchronized get() = keeper.held

    @Synchronized
    fun hold(context: Context, now: WorkArgs) {
        work = now
        remembered(context).held(true)
        val before = keeper.held
        run(context, keeper.hold(Needs.of(now.needs), now.waits))
        // What was to be opened for goes on.
        if (keeper.held && !before) ProgressNotification.waitsNoMore(context)
        if (keeper.held && pace.shouldDraw(now, SystemClock.elapsedRealtime())) updateNotification(context)
    }

    @Synchronized
    fun release(context: Context) {
        run(context, keeper.release())
        remembered(context).held(false)
        pace.forget()
    }

    /** The app is before the person's eyes. */
    @Synchronized
    fun seen(): Boolean = keeper.seen()

    @Synchronized
    fun jobStarted(started: TransferJob): Boolean {
        // Scheduled before, started after its end: nothing to do.
        val steps = keeper.jobStarted(work.waits) ?: return false
        job = started
        started.show(ProgressNotification.build(started, work))
        run(started, steps)
        return true
    }

    /** Answers whether the system starts it again. */
    @Synchronized
    fun jobStopped(context: Context, why: Stop): Boolean {
        job = null
        run(context, keeper.jobStopped(why))
        return keeper.state == KeepAliveMachine.State.WAITING
    }

    @Synchronized
    fun serviceStarted(started: TransferService): Boolean {
        if (keeper.state != KeepAliveMachine.State.SERVICE) return false
        service = started
        return true
    }

    @Synchronized
    fun serviceTimedOut(context: Context) = run(context, keeper.serviceTimedOut())

    @Synchronized
    fun serviceRefused(context: Context) = run(context, keeper.serviceRefused())

    fun notice(context: Context) = ProgressNotification.build(context, work)

    private fun updateNotification(context: Context) {
        val notification = ProgressNotification.build(context, work)
        val running = job
        if (running != null) running.show(notification)
        // The service shows its first one itself; before a job has started there is nothing to show for.
        else if (service != null) ProgressNotification.show(context, notification)
    }

    private fun run(context: Context, steps: List<Step>) {
        for (step in steps) {
            when (step) {
                Step.SCHEDULE_JOB -> if (!schedule(context)) run(context, keeper.jobRefused(stands(context), work.waits))
                Step.END_JOB -> endJob(context)
                Step.START_SERVICE -> start(context)
                Step.END_SERVICE -> {
                    service?.end()
                    service = null
                }
                Step.STAY_AWAKE -> acquireWakeLock(context)
                Step.LET_SLEEP -> releaseWakeLock()
                Step.TELL_TIME_UP -> tell?.invoke(TIME_UP)
                Step.TELL_STOPPED -> tell?.invoke(STOPPED)
            }
        }
    }

    private fun schedule(context: Context): Boolean {
        if (Build.VERSION.SDK_INT < 34) return false
        return try {
            context.getSystemService(JobScheduler::class.java).schedule(job(context)) == JobScheduler.RESULT_SUCCESS
        } catch (refused: RuntimeException) {
            Log.w(TAG, "the system takes no job now", refused)
            false
        }
    }

    @TargetApi(34)
    private fun job(context: Context): JobInfo {
        val builder = JobInfo.Builder(JOB, ComponentName(context, TransferJob::class.java))
            .setUserInitiated(true)
            .setRequiredNetwork(network(Needs.of(work.needs)))
        val expected = work.expected?.takeIf { it > 0 }
        if (expected != null) {
            // The system starts nothing that it thinks cannot be done in time. What comes counts from its first part on.
            builder.setEstimatedNetworkBytes(expected, 0).setMinimumNetworkChunkBytes(minOf(expected, CHUNK))
        }
        return builder.build()
    }

    /** Through a VPN as well, which a request leaves out of itself. */
    @TargetApi(28)
    private fun network(needs: Needs): NetworkRequest {
        val builder = NetworkRequest.Builder()
            .addCapability(NetworkCapabilities.NET_CAPABILITY_INTERNET)
            .removeCapability(NetworkCapabilities.NET_CAPABILITY_NOT_VPN)
        when (needs) {
            Needs.ANY -> {}
            Needs.NOT_ROAMING -> builder.addCapability(NetworkCapabilities.NET_CAPABILITY_NOT_ROAMING)
            Needs.NOT_METERED -> builder.addCapability(NetworkCapabilities.NET_CAPABILITY_NOT_METERED)
        }
        return builder.build()
    }

    /** An earlier one stands as it was when a new one is refused. */
    private fun stands(context: Context): Boolean =
        Build.VERSION.SDK_INT >= 34 && context.getSystemService(JobScheduler::class.java).getPendingJob(JOB) != null

    private fun endJob(context: Context) {
        val running = job
        job = null
        if (running != null) running.end()
        else context.getSystemService(JobScheduler::class.java).cancel(JOB)
    }

    private fun start(context: Context) {
        val intent = Intent(context, TransferService::class.java)
        try {
            if (Build.VERSION.SDK_INT >= 26) context.startForegroundService(intent) else context.startService(intent)
        } catch (refused: RuntimeException) {
            // From Android 12 on nothing starts while the app is away.
            Log.w(TAG, "the system starts no service now", refused)
            run(context, keeper.serviceRefused())
        }
    }

    private fun acquireWakeLock(context: Context) {
        val app = context.applicationContext
        val power = app.getSystemService(PowerManager::class.java)
        wake = power.newWakeLock(PowerManager.PARTIAL_WAKE_LOCK, "millrace:transfer").apply {
            setReferenceCounted(false)
            acquire(LOCKED)
        }
        val manager = app.getSystemService(WifiManager::class.java)
        wifi = manager?.createWifiLock(wifiMode(Build.VERSION.SDK_INT), "millrace:transfer")?.apply {
            setReferenceCounted(false)
            acquire()
        }
    }

    private fun releaseWakeLock() {
        wake?.takeIf { it.isHeld }?.release()
        wifi?.takeIf { it.isHeld }?.release()
        wake = null
        wifi = null
    }
}
