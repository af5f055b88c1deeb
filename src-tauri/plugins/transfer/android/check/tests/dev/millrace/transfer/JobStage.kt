package dev.millrace.transfer

import android.app.Notification
import android.app.job.JobParameters
import android.app.job.JobService
import org.robolectric.Robolectric
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import org.robolectric.shadow.api.Shadow
import org.robolectric.shadows.ShadowJobService
import org.robolectric.util.ReflectionHelpers

/** A job as the system starts and stops it, and what it reports to the system. Needs [ShownJob] as a shadow. */
class JobStage(private val id: Int) {
    private val job: TransferJob = Robolectric.buildService(TransferJob::class.java).create().get()
    private val told: ShownJob = Shadow.extract(job)

    val shown get() = told.shown

    /** It reported that it is done, and must not be started again. */
    val done get() = told.isJobFinished && !told.isRescheduleNeeded

    /** Whether it keeps running. */
    fun start(): Boolean = job.onStartJob(parameters(JobParameters.STOP_REASON_UNDEFINED))

    /** Whether it wants to be started again. */
    fun stop(reason: Int): Boolean = job.onStopJob(parameters(reason))

    /** Only the system creates these. */
    private fun parameters(reason: Int): JobParameters {
        val unsafe: sun.misc.Unsafe = ReflectionHelpers.getStaticField(sun.misc.Unsafe::class.java, "theUnsafe")
        val made = unsafe.allocateInstance(JobParameters::class.java) as JobParameters
        ReflectionHelpers.setField(made, "jobId", id)
        ReflectionHelpers.setField(made, "mStopReason", reason)
        return made
    }
}

/** Records the notifications that a job shows; Robolectric drops them. */
@Implements(JobService::class)
class ShownJob : ShadowJobService() {
    val shown = mutableListOf<Notification>()

    @Implementation(minSdk = 34)
    override fun setNotification(of: JobParameters, id: Int, notification: Notification, policy: Int) {
        check(id == ProgressNotification.ID && policy == JobService.JOB_END_NOTIFICATION_POLICY_REMOVE)
        shown += notification
    }
}
