// How the system is brought to keep the process alive: which way, and what to do when one is refused or runs out. Pure;
// `Holder` carries it out.
package dev.millrace.transfer

import android.app.job.JobParameters

/** What is to be done. */
enum class Step {
    SCHEDULE_JOB,
    END_JOB,
    START_SERVICE,
    END_SERVICE,

    /** The processor and the Wi-Fi stay awake. */
    STAY_AWAKE,
    LET_SLEEP,

    /** The other side is told that there is no more time. */
    TELL_TIME_UP,

    /** The other side is told that the person stopped the work, or that there is no network for it. */
    TELL_STOPPED,
}

/** Whether the system ends a job for reasons of its own, not because the person said so or for want of a network. */
fun ofItsOwn(stopReason: Int) =
    stopReason != JobParameters.STOP_REASON_USER && stopReason != JobParameters.STOP_REASON_CONSTRAINT_CONNECTIVITY

/**
 * One for the whole process. Each call says what happened and answers what to do, in order.
 *
 * ```
 *            hold                 refused               refused, time up
 *  IDLE ------------> JOB or ------------> SERVICE --------------------> SPENT
 *   ^                 SERVICE                                              |
 *   +--- release -------+---------------------+------- release, seen ------+
 * ```
 */
class Keeper(private val jobs: Boolean) {
    enum class State { IDLE, JOB, SERVICE, SPENT }

    var state = State.IDLE
        private set

    /** The held work was ended by the system, and nobody has been told yet. */
    private var ended = false

    val held get() = state == State.JOB || state == State.SERVICE

    fun hold(): List<Step> = when (state) {
        State.IDLE -> {
            ended = false
            if (jobs) {
                state = State.JOB
                listOf(Step.STAY_AWAKE, Step.SCHEDULE_JOB)
            } else {
                state = State.SERVICE
                listOf(Step.STAY_AWAKE, Step.START_SERVICE)
            }
        }
        State.JOB, State.SERVICE -> emptyList()
        // Not again before somebody looks: the system would refuse, and count it against the app.
        State.SPENT -> emptyList()
    }

    fun release(): List<Step> {
        val before = state
        state = State.IDLE
        return when (before) {
            State.JOB -> listOf(Step.END_JOB, Step.LET_SLEEP)
            State.SERVICE -> listOf(Step.END_SERVICE, Step.LET_SLEEP)
            State.IDLE, State.SPENT -> emptyList()
        }
    }

    /** The job was not taken, because the app is not seen or has used up its share. */
    fun jobRefused(): List<Step> {
        if (state != State.JOB) return emptyList()
        state = State.SERVICE
        return listOf(Step.START_SERVICE)
    }

    /** The system ends the job: of its own, because it ran too long, say; or because somebody or something else did. */
    fun jobStopped(ofItsOwn: Boolean): List<Step> {
        if (state != State.JOB) return emptyList()
        return spend(if (ofItsOwn) Step.TELL_TIME_UP else Step.TELL_STOPPED)
    }

    fun serviceRefused(): List<Step> {
        if (state != State.SERVICE) return emptyList()
        return spend()
    }

    /** The service has used up its hours. It has seconds to end, or the process is killed as not responding. */
    fun serviceTimedOut(): List<Step> {
        if (state != State.SERVICE) return emptyList()
        return listOf(Step.END_SERVICE) + spend()
    }

    /** The app is seen again. Answers whether work was ended meanwhile; it may be held again from now on. */
    fun seen(): Boolean {
        val was = ended
        ended = false
        if (state == State.SPENT) state = State.IDLE
        return was
    }

    private fun spend(told: Step = Step.TELL_TIME_UP): List<Step> {
        state = State.SPENT
        ended = true
        return listOf(told, Step.LET_SLEEP)
    }
}
