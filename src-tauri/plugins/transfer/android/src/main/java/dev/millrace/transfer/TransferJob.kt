// From Android 14 on: a user-initiated transfer job, which the system runs as long as needed.
package dev.millrace.transfer

import android.annotation.TargetApi
import android.app.Notification
import android.app.job.JobParameters
import android.app.job.JobService

@TargetApi(34)
class TransferJob : JobService() {
    private var parameters: JobParameters? = null

    override fun onStartJob(started: JobParameters): Boolean {
        parameters = started
        val goesOn = KeepAliveController.jobStarted(this)
        // Its work was over, or died with an earlier process: the app restores it when it is opened.
        if (!goesOn) parameters = null
        return goesOn
    }

    /** Returns whether the system should start it again: once there is a suitable network, or in a new period. */
    override fun onStopJob(stopped: JobParameters): Boolean {
        parameters = null
        return KeepAliveController.jobStopped(this, Stop.of(stopped.stopReason))
    }

    fun show(notification: Notification) {
        val running = parameters ?: return
        setNotification(running, ProgressNotification.ID, notification, JOB_END_NOTIFICATION_POLICY_REMOVE)
    }

    fun end() {
        val running = parameters ?: return
        parameters = null
        jobFinished(running, false)
    }
}
