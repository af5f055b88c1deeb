// How the system is brought to keep the process alive: which way, and what to do when one is refused or runs out. Pure;
// `KeepAliveController` carries it out.
package dev.millrace.transfer

import android.app.job.JobParameters

/** What is to be done. */
enum class Step {
    /** Also in the place of the one that is scheduled. */
    SCHEDULE_JOB,
    END_JOB,
    START_SERVICE,
    END_SERVICE,

    /** The processor and the Wi-Fi stay awake. */
    STAY_AWAKE,
    LET_SLEEP,

    /** The other side is told that there is no more time. */
    TELL_TIME_UP,

    /** The other side is told that the person stopped the work. */
    TELL_STOPPED,
}

/** Why the system stops a job. */
enum class Stop {
    /** It starts the job again by itself: when the network is back, when a new period begins, or because we replaced it. */
    FOR_NOW,

    /** The person stopped it. */
    BY_PERSON,

    /** For good, for reasons of the system. */
    FOR_GOOD;

    companion object {
        fun of(reason: Int): Stop = when (reason) {
            JobParameters.STOP_REASON_CONSTRAINT_CONNECTIVITY,
            // Twelve hours in one run are the most.
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

/** The least that a network has to be for the work. */
enum class Needs(val word: String) {
    ANY("any"),
    NOT_ROAMING("notRoaming"),
    NOT_METERED("notMetered");

    companion object {
        fun of(word: String?): Needs = values().find { it.word == word } ?: ANY
    }
}

/**
 * One for the whole process. Each call says what happened and answers what to do, in order.
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
 * Work that only waits for a network is held too, but nothing is kept awake for it: the system starts a job when there is
 * such a network, also long after the app has left the screen, while a new one is taken only from an app that is seen.
 */
class KeepAliveMachine(private val jobs: Boolean) {
    enum class State { IDLE, JOB, WAITING, SERVICE, SPENT }

    var state = State.IDLE
        private set

    /** The held work was ended by the system, and nobody has been told yet. */
    private var ended = false
    private var awake = false
    private var needs = Needs.ANY

    val held get() = state == State.JOB || state == State.WAITING || state == State.SERVICE

    /** `waits`: all of the work waits for a network that it `needs`. */
    fun hold(needs: Needs, waits: Boolean): List<Step> {
        val others = needs != this.needs
        this.needs = needs
        return when (state) {
            State.IDLE -> begin(waits)
            // The network that the system waits for is now another one.
            State.JOB, State.WAITING -> (if (others) listOf(Step.SCHEDULE_JOB) else emptyList()) + wake(!waits && state == State.JOB)
            State.SERVICE -> wake(!waits)
            // Not again before somebody looks: the system would refuse, and count it against the app.
            State.SPENT -> emptyList()
        }
    }

    private fun begin(waits: Boolean): List<Step> {
        ended = false
        if (jobs) {
            state = State.JOB
            return wake(!waits) + Step.SCHEDULE_JOB
        }
        // A service would show that it does nothing. One that runs stays: from Android 12 on it could not be started again.
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

    /** The job was not taken, because the app is not seen or has used up its share. `before`: one of before still stands. */
    fun jobRefused(before: Boolean, waits: Boolean): List<Step> {
        if (state != State.JOB && state != State.WAITING || before) return emptyList()
        if (waits) {
            // Nothing runs that would end: tried again with the next change.
            state = State.IDLE
            return wake(false)
        }
        state = State.SERVICE
        return wake(true) + Step.START_SERVICE
    }

    /** The system starts the job. Answers what to do, or null when there is nothing to start it for. */
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
        return listOf(told) + wake(false)
    }

    private fun wake(wanted: Boolean): List<Step> {
        if (wanted == awake) return emptyList()
        awake = wanted
        return listOf(if (wanted) Step.STAY_AWAKE else Step.LET_SLEEP)
    }
}
