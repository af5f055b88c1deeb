package dev.millrace.transfer

import android.app.job.JobParameters
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
import org.junit.Assert.assertTrue
import org.junit.Test

class KeeperTest {
    private val jobs = Keeper(jobs = true)
    private val services = Keeper(jobs = false)

    @Test
    fun `one job is for all work, and its end lets the phone sleep`() {
        assertEquals(listOf(STAY_AWAKE, SCHEDULE_JOB), jobs.hold())
        assertEquals(emptyList<Step>(), jobs.hold())
        assertTrue(jobs.held)
        assertEquals(listOf(END_JOB, LET_SLEEP), jobs.release())
        assertEquals(emptyList<Step>(), jobs.release())
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
        assertEquals(listOf(START_SERVICE), jobs.jobRefused())
        assertEquals(Keeper.State.SERVICE, jobs.state)
        assertEquals(listOf(TELL_TIME_UP, LET_SLEEP), jobs.serviceRefused())
        assertEquals(emptyList<Step>(), jobs.serviceRefused())
        assertFalse(jobs.held)
    }

    @Test
    fun `a service whose hours are used up ends itself before it tells`() {
        services.hold()
        assertEquals(listOf(END_SERVICE, TELL_TIME_UP, LET_SLEEP), services.serviceTimedOut())
        // The system calls both of its forms.
        assertEquals(emptyList<Step>(), services.serviceTimedOut())
    }

    @Test
    fun `after its end by the system nothing is held before somebody looks`() {
        jobs.hold()
        assertEquals(listOf(TELL_TIME_UP, LET_SLEEP), jobs.jobStopped(ofItsOwn = true))
        assertEquals(emptyList<Step>(), jobs.hold())
        assertTrue(jobs.seen())
        assertFalse("told once", jobs.seen())
        assertEquals(listOf(STAY_AWAKE, SCHEDULE_JOB), jobs.hold())
    }

    @Test
    fun `a job that the person stopped, or that has no network, is told as such`() {
        assertFalse(ofItsOwn(JobParameters.STOP_REASON_USER))
        assertFalse(ofItsOwn(JobParameters.STOP_REASON_CONSTRAINT_CONNECTIVITY))
        assertTrue(ofItsOwn(JobParameters.STOP_REASON_BACKGROUND_RESTRICTION))
        assertTrue(ofItsOwn(JobParameters.STOP_REASON_TIMEOUT))
        jobs.hold()
        assertEquals(listOf(TELL_STOPPED, LET_SLEEP), jobs.jobStopped(ofItsOwn = false))
        assertEquals(emptyList<Step>(), jobs.hold())
        assertTrue("it may be held again from now on", jobs.seen())
    }

    @Test
    fun `what comes late from a job or service of before changes nothing`() {
        assertEquals(emptyList<Step>(), jobs.jobStopped(ofItsOwn = true))
        assertEquals(emptyList<Step>(), jobs.jobRefused())
        assertEquals(emptyList<Step>(), services.serviceTimedOut())
        jobs.hold()
        assertEquals(emptyList<Step>(), jobs.serviceTimedOut())
        assertEquals(Keeper.State.JOB, jobs.state)
    }

    @Test
    fun `work that ends after its time was up needs no more steps`() {
        services.hold()
        services.serviceTimedOut()
        assertEquals(emptyList<Step>(), services.release())
        assertTrue("it was ended all the same", services.seen())
    }
}
