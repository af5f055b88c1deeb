package dev.millrace.transfer

import android.app.job.JobParameters
import dev.millrace.transfer.Needs.ANY
import dev.millrace.transfer.Needs.NOT_METERED
import dev.millrace.transfer.Step.END_JOB
import dev.millrace.transfer.Step.END_SERVICE
import dev.millrace.transfer.Step.LET_SLEEP
import dev.millrace.transfer.Step.SCHEDULE_JOB
import dev.millrace.transfer.Step.START_SERVICE
import dev.millrace.transfer.Step.STAY_AWAKE
import dev.millrace.transfer.Step.TELL_STOPPED
import dev.millrace.transfer.Step.TELL_TIME_UP
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

class KeepAliveMachineTest {
    private val nothing = emptyList<Step>()
    private val jobs = KeepAliveMachine(jobs = true)
    private val services = KeepAliveMachine(jobs = false)

    private fun KeepAliveMachine.hold() = hold(ANY, waits = false)

    @Test
    fun `one job is for all work, and its end lets the phone sleep`() {
        assertEquals(listOf(STAY_AWAKE, SCHEDULE_JOB), jobs.hold())
        assertEquals(nothing, jobs.hold())
        assertTrue(jobs.held)
        assertEquals(listOf(END_JOB, LET_SLEEP), jobs.release())
        assertEquals(nothing, jobs.release())
        assertEquals(listOf(STAY_AWAKE, SCHEDULE_JOB), jobs.hold())
    }

    @Test
    fun `without jobs a service does it`() {
        assertEquals(listOf(STAY_AWAKE, START_SERVICE), services.hold())
        assertEquals(listOf(END_SERVICE, LET_SLEEP), services.release())
    }

    @Test
    fun `a refused job becomes a service, and a refused service is told once`() {
        jobs.hold()
        assertEquals(listOf(START_SERVICE), jobs.jobRefused(before = false, waits = false))
        assertEquals(KeepAliveMachine.State.SERVICE, jobs.state)
        assertEquals(listOf(TELL_TIME_UP, LET_SLEEP), jobs.serviceRefused())
        assertEquals(nothing, jobs.serviceRefused())
        assertFalse(jobs.held)
    }

    @Test
    fun `a service whose hours are used up ends itself before it tells`() {
        services.hold()
        assertEquals(listOf(END_SERVICE, TELL_TIME_UP, LET_SLEEP), services.serviceTimedOut())
        // The system calls both overloads.
        assertEquals(nothing, services.serviceTimedOut())
    }

    @Test
    fun `without a network and after twelve hours the system starts the job again, and nobody is told`() {
        for (reason in listOf(JobParameters.STOP_REASON_CONSTRAINT_CONNECTIVITY, JobParameters.STOP_REASON_TIMEOUT)) {
            val keeper = KeepAliveMachine(jobs = true)
            keeper.hold()
            assertEquals(Stop.FOR_NOW, Stop.of(reason))
            assertEquals(listOf(LET_SLEEP), keeper.jobStopped(Stop.FOR_NOW))
            assertEquals(KeepAliveMachine.State.WAITING, keeper.state)
            assertTrue(keeper.held)
            assertEquals("the job that waits is enough", nothing, keeper.hold())
            assertEquals(listOf(STAY_AWAKE), keeper.jobStarted(waits = false))
            assertEquals(KeepAliveMachine.State.JOB, keeper.state)
            assertFalse("nothing was ended", keeper.seen())
        }
    }

    @Test
    fun `a job that waits is taken back when there is no work any more`() {
        jobs.hold()
        jobs.jobStopped(Stop.FOR_NOW)
        assertEquals(listOf(END_JOB), jobs.release())
        assertNull("one that starts too late has nothing to do", jobs.jobStarted(waits = false))
    }

    @Test
    fun `work that waits for a network of a kind keeps a job for that network, and nothing awake`() {
        assertEquals(listOf(STAY_AWAKE, SCHEDULE_JOB), jobs.hold(ANY, waits = false))
        assertEquals(listOf(SCHEDULE_JOB, LET_SLEEP), jobs.hold(NOT_METERED, waits = true))
        assertEquals("the one of before is taken back for it", Stop.FOR_NOW, Stop.of(JobParameters.STOP_REASON_CANCELLED_BY_APP))
        assertEquals(nothing, jobs.jobStopped(Stop.FOR_NOW))
        assertEquals(nothing, jobs.hold(NOT_METERED, waits = true))
        assertEquals(nothing, jobs.jobStarted(waits = true))
        assertEquals(listOf(STAY_AWAKE), jobs.hold(NOT_METERED, waits = false))
    }

    @Test
    fun `where a new job is refused the one of before stands`() {
        jobs.hold()
        jobs.hold(NOT_METERED, waits = true)
        assertEquals(nothing, jobs.jobRefused(before = true, waits = true))
        assertEquals(KeepAliveMachine.State.JOB, jobs.state)
    }

    @Test
    fun `work that only waits starts no service, and keeps the one that runs`() {
        assertEquals(nothing, services.hold(NOT_METERED, waits = true))
        assertEquals(listOf(STAY_AWAKE, START_SERVICE), services.hold(NOT_METERED, waits = false))
        assertEquals(listOf(LET_SLEEP), services.hold(NOT_METERED, waits = true))
        assertEquals(listOf(STAY_AWAKE), services.hold(NOT_METERED, waits = false))
        jobs.hold(NOT_METERED, waits = true)
        assertEquals(nothing, jobs.jobRefused(before = false, waits = true))
        assertEquals(KeepAliveMachine.State.IDLE, jobs.state)
    }

    @Test
    fun `after its end by the system nothing is held before somebody looks`() {
        jobs.hold()
        assertEquals(Stop.FOR_GOOD, Stop.of(JobParameters.STOP_REASON_BACKGROUND_RESTRICTION))
        assertEquals(listOf(TELL_TIME_UP, LET_SLEEP), jobs.jobStopped(Stop.FOR_GOOD))
        assertEquals(nothing, jobs.hold())
        assertTrue(jobs.seen())
        assertFalse("told once", jobs.seen())
        assertEquals(listOf(STAY_AWAKE, SCHEDULE_JOB), jobs.hold())
    }

    @Test
    fun `a job that the person stopped is told as such, and not started again`() {
        jobs.hold()
        assertEquals(Stop.BY_PERSON, Stop.of(JobParameters.STOP_REASON_USER))
        assertEquals(listOf(TELL_STOPPED, LET_SLEEP), jobs.jobStopped(Stop.BY_PERSON))
        assertEquals(KeepAliveMachine.State.SPENT, jobs.state)
        assertEquals(nothing, jobs.hold())
        assertTrue("it may be held again from now on", jobs.seen())
    }

    @Test
    fun `what comes late from a job or service of before changes nothing`() {
        assertEquals(nothing, jobs.jobStopped(Stop.FOR_GOOD))
        assertEquals(nothing, jobs.jobRefused(before = false, waits = false))
        assertEquals(nothing, services.serviceTimedOut())
        jobs.hold()
        assertEquals(nothing, jobs.serviceTimedOut())
        assertEquals(KeepAliveMachine.State.JOB, jobs.state)
    }

    @Test
    fun `work that ends after its time was up needs no more steps`() {
        services.hold()
        services.serviceTimedOut()
        assertEquals(nothing, services.release())
        assertTrue("it was ended all the same", services.seen())
    }
}
