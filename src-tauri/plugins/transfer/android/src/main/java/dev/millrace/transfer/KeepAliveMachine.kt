// Decides how the process is kept alive: by a job or a service, and what to do when one is refused or times out. Pure;
// `KeepAliveController` carries it out.
package dev.millrace.transfer

import android.app.job.JobParameters

/** Actions to carry out. */
enum class Step {
    /** Replaces a job that is already scheduled. */
    SCHEDULE_JOB,
    END_JOB,
    START_SERVICE,
    END_SERVICE,

    /** Keeps the CPU and the Wi-Fi awake. */
    STAY_AWAKE,
    LET_SLEEP,

    /** Reports to the Rust side that there is no more time. */
    TELL_TIME_UP,

    /** Reports to the Rust side that the user stopped the work. */
    TELL_STOPPED,
}

/** Why the system stops a job. */
enum class Stop {
    /**
     * The system starts the job again by itself: when the network is back, in a new period, or because we replaced it.
     */
    FOR_NOW,

    /** The user stopped it. */
    BY_PERSON,

    /** Not started again, for reasons of the system. */
    FOR_GOOD;

    companion object {
        fun of(reason: Int): Stop = when (reason) {
            JobParameters.STOP_REASON_CONSTRAINT_CONNECTIVITY,
            // One run lasts twelve hours at most.
            JobParameters.STOP_REASON_TIMEOUT,
            JobParameters.STOP_REASON_DEVICE_STATE,
            JobParameters.STOP_REASON_SYSTEM_PROCESSING,
            JobParameters.STOP_REASON_CANCELLED_BY_APP,
            -> FOR_NOW
            JobParameters.STOP_REASON_USER -> BY_PERSON
            else -> FOR_GOOD
        }
    }
}

/** Minimum requirement on the network. */
enum class Needs(val word: String) {
    ANY("any"),
    NOT_ROAMING("notRoaming"),
    NOT_METERED("notMetered");

    companion object {
        fun of(word: String?): Needs = values().find { it.word == word } ?: ANY
    }
}

/**
 * One per process. Each call reports what happened and returns what to do, in order.
 *
 * ```
 *            hold                 refused               refused, time up
 *  IDLE ------------> JOB or ------------> SERVICE --------------------> SPENT
 *   ^                 SERVICE                                              |
 *   |                  |  ^                                                |
 *   |      stopped for |  | started                                        |
 *   |          now     v  | again                                          |
 *   |                 WAITING                                              |
 *   +--- release -------+---------------------+------- release, seen ------+
 * ```
 *
 * Work that only waits for a network is held too, but nothing is kept awake for it: the system starts a scheduled job when
 * there is such a network, also long after the app went to the background, but accepts a new job only from an app in the
 * foreground.
 */
class KeepAliveMachine(private val jobs: Boolean) {
    enum class State { IDLE, JOB, WAITING, SERVICE, SPENT }

    var state = State.IDLE
        private set

    /** The system ended the held work, and this has not been reported yet. */
    private var ended = false
    private var awake = false
    private var needs = Needs.ANY

    val held get() = state == State.JOB || state == State.WAITING || state == State.SERVICE

    /** `waits`: all of the work waits for a network that meets `needs`. */
    fun hold(needs: Needs, waits: Boolean): List<Step> {
        val others = needs != this.needs
        this.needs = needs
        return when (state) {
            State.IDLE -> begin(waits)
            // The job now waits for another kind of network.
            State.JOB, State.WAITING -> (if (others) listOf(Step.SCHEDULE_JOB) else emptyList()) + wake(!waits && state == State.JOB)
            State.SERVICE -> wake(!waits)
            // Not before the app is in the foreground again: the system would refuse, and count it against the app.
            State.SPENT -> emptyList()
        }
    }

    private fun begin(waits: Boolean): List<Step> {
        ended = false
        if (jobs) {
            state = State.JOB
            return wake(!waits) + Step.SCHEDULE_JOB
        }
        // Not for waiting work: its notification would show that nothing happens. A running service is kept: from
        // Android 12 on it could not be started again from the background.
        if (waits) return emptyList()
        state = State.SERVICE
        return wake(true) + Step.START_SERVICE
    }

    fun release(): List<Step> {
        val before = state
        state = State.IDLE
        return when (before) {
            State.JOB, State.WAITING -> listOf(Step.END_JOB) + wake(false)
            State.SERVICE -> listOf(Step.END_SERVICE) + wake(false)
            State.IDLE, State.SPENT -> emptyList()
        }
    }

    /**
     * The job was refused, because the app is in the background or has used up its quota. `before`: an earlier one is
     * still scheduled.
     */
    fun jobRefused(before: Boolean, waits: Boolean): List<Step> {
        if (state != State.JOB && state != State.WAITING || before) return emptyList()
        if (waits) {
            // Nothing that runs is affected: tried again with the next change.
            state = State.IDLE
            return wake(false)
        }
        state = State.SERVICE
        return wake(true) + Step.START_SERVICE
    }

    /** The system starts the job. Returns what to do, or null if there is no work for it. */
    fun jobStarted(waits: Boolean): List<Step>? {
        if (state != State.JOB && state != State.WAITING) return null
        state = State.JOB
        return wake(!waits)
    }

    /** The system stops the job. */
    fun jobStopped(why: Stop): List<Step> {
        if (state != State.JOB && state != State.WAITING) return emptyList()
        return when (why) {
            Stop.FOR_NOW -> {
                state = State.WAITING
                wake(false)
            }
            Stop.BY_PERSON -> spend(Step.TELL_STOPPED)
            Stop.FOR_GOOD -> spend()
        }
    }

    fun serviceRefused(): List<Step> {
        if (state != State.SERVICE) return emptyList()
        return spend()
    }

    /** The service has used up its hours. It must end within seconds, or the process is killed as not responding. */
    fun serviceTimedOut(): List<Step> {
        if (state != State.SERVICE) return emptyList()
        return listOf(Step.END_SERVICE) + spend()
    }

    /**
     * The app is in the foreground again. Returns whether work was ended meanwhile; it may be held again from now on.
     */
    fun seen(): Boolean {
        val was = ended
        ended = false
        if (state == State.SPENT) state = State.IDLE
        return was
    }

    private fun spend(told: Step = Step.TELL_TIME_UP): List<Step> {
        state = State.SPENT
        ended = true
        return listOf(told) + wake(false)
    }

    private fun wake(wanted: Boolean): List<Step> {
        if (wanted == awake) return emptyList()
        awake = wanted
        return listOf(if (wanted) Step.STAY_AWAKE else Step.LET_SLEEP)
    }
}
