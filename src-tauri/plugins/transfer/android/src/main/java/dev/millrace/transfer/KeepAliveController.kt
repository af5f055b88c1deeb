// Carries out the decisions of `KeepAliveMachine`. One per process; plugin, job and service come and go.
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

    /** Minimum bytes that justify starting a job. */
    private const val CHUNK = 1L shl 20

    /** Longer than any service may live: the lock is released after this at the latest. */
    private const val LOCKED = 6L * 60 * 60 * 1000

    private val keeper = KeepAliveMachine(jobs = Build.VERSION.SDK_INT >= 34)
    private val pace = NotificationThrottle()
    private var wake: PowerManager.WakeLock? = null
    private var wifi: WifiManager.WifiLock? = null
    private var job: TransferJob? = null
    private var service: TransferService? = null
    private var work = WorkArgs()

    /** Sends events to the Rust side, while it listens. */
    var tell: ((PluginEvent) -> Unit)? = null

    val held: Boolean
        @Synchronized get() = keeper.held

    @Synchronized
    fun hold(context: Context, now: WorkArgs) {
        work = now
        remembered(context).held(true)
        val before = keeper.held
        run(context, keeper.hold(Needs.of(now.needs), now.waits))
        // The reminder to open the app is obsolete.
        if (keeper.held && !before) ProgressNotification.waitsNoMore(context)
        if (keeper.held && pace.shouldDraw(now, SystemClock.elapsedRealtime())) updateNotification(context)
    }

    @Synchronized
    fun release(context: Context) {
        run(context, keeper.release())
        remembered(context).held(false)
        pace.forget()
    }

    /** The app is in the foreground. */
    @Synchronized
    fun seen(): Boolean = keeper.seen()

    @Synchronized
    fun jobStarted(started: TransferJob): Boolean {
        // Scheduled before the work ended, started after: nothing to do.
        val steps = keeper.jobStarted(work.waits) ?: return false
        job = started
        started.show(ProgressNotification.build(started, work))
        run(started, steps)
        return true
    }

    /** Returns whether the system should start it again. */
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
        // The service shows its first notification itself; before a job has started there is none to update.
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
            // The system does not start a job that it expects not to finish in time. The estimate counts from the first
            // chunk on.
            builder.setEstimatedNetworkBytes(expected, 0).setMinimumNetworkChunkBytes(minOf(expected, CHUNK))
        }
        return builder.build()
    }

    /** VPNs included, which a request excludes by default. */
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

    /** Whether an earlier job is still scheduled after a new one was refused. */
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
            // From Android 12 on no service may be started from the background.
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
