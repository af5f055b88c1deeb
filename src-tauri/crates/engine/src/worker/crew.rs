//! The connections of one download: how many, on which part each, and what happens when one fails.

mod amends;
mod bounded;
mod ends;
mod first;
mod growth;
mod parts;
mod thrift;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio::task::{AbortHandle, Id, JoinSet};

use super::begin::Open;
use super::boundary::Boundaries;
use super::crowd::Spot;
use super::fetch::{Source, fetch};
use super::lane::Lane;
use super::sample::Proven;
use super::wait::{Care, Pulse};
use super::{Halt, Job, Report, Reports, sample};
use crate::core::bounds::Bounds;
use crate::core::link;
use crate::core::plan::Span;
use crate::core::problem::Problem;
use crate::core::share;
use crate::disk::Sink;
use crate::http::Answer;
use thrift::Thrift;

/// How often what is written is synced and stored.
const STORE: Duration = Duration::from_secs(1);

struct Crew<'a> {
    job: &'a Job,
    source: Arc<Source>,
    /// Each ends with an answer that is to be fetched from, or when it has fetched.
    tasks: JoinSet<Result<Option<Answer>, Problem>>,
    /// What each task is at.
    seats: HashMap<Id, Seat>,
    /// Parts that no stream can bring.
    free: Vec<Span>,
    /// Connections to have.
    target: usize,
    most: usize,
    /// Connections at most, as the person said last.
    wished: u32,
    /// No growth before this, and then one by one: so many connections in a row have failed to be of use.
    calm_until: Option<Instant>,
    failures: u32,
    /// When the work began, and the bytes at the last look.
    begun: Instant,
    looked: (Instant, u64),
    /// Looks in a row that showed less than what a machine can take.
    slow_looks: u32,
    /// How a speed limit is filled.
    thrift: Thrift,
    /// The length, once it is known.
    total: Option<u64>,
    last_problem: Option<Problem>,
    /// Why the last stream that had brought something broke.
    broke: Option<Problem>,
    /// How long the last request waited for its answer.
    answer_time: Duration,
    /// Syncs and stores what is written; waited for before the crew leaves, so that nothing speaks after its end.
    storing: Option<tokio::task::JoinHandle<()>>,
    /// The mean speed of several connections, remembered when one is left.
    usual: u64,
    /// Whether a connection can take over where another one stopped.
    resumable: bool,
    /// Whether what was missing at the beginning is worth several of them.
    divisible: bool,
    /// Where connections stood still and were replaced.
    replaced: HashSet<u64>,
    /// Additional connections that were closed before they brought a byte, or stood still before any was of use.
    closed: u32,
    /// Whether an additional connection was of use.
    helped: bool,
    /// How much a request asks for.
    bounds: Bounds,
}

struct Seat {
    spot: Spot,
    begun: Instant,
    lane: Arc<Lane>,
    /// What it asks for, until the answer is here: it belongs to others until then.
    requested: Option<Span>,
    /// One past the last byte that its answer can bring.
    reach: u64,
    /// Begun for what another one is at: they share the lane.
    racing: bool,
    /// Asked for no more than the bounds of its time.
    bounded: bool,
    task: AbortHandle,
    /// Ended here: it stood still, or was of no use.
    stalled: bool,
    /// The first of what was taken back from it then.
    taken_back: Option<Span>,
    /// Ended here: there are to be fewer, or fewer are enough.
    dismissed: bool,
}

/// Fetches everything that is missing; returns the file's length.
pub(super) async fn run(job: &Job, open: Open) -> Result<u64, Halt> {
    let total = open.identity.total;
    let Some(mut answer) = open.answer else {
        return Ok(total.unwrap_or_default());
    };
    // Closed at the end, if nobody took them.
    let mut ahead = answer.ahead.take();
    if let Some(ahead) = &mut ahead {
        ahead.release_permits();
    }
    let source = Arc::new(Source {
        net: job.net.clone(),
        url: answer.url.clone(),
        home: link::parse(&job.record.url)?,
        headers: job.record.headers.clone(),
        boundaries: Boundaries::new(&open.identity, open.sink.done()),
        identity: open.identity,
        proven: Proven::default(),
        sink: open.sink.clone(),
        limits: job.limits.clone(),
        at_gap: Notify::new(),
    });
    let many = open.resumable && total.is_some();
    let missing: u64 = open
        .missing
        .iter()
        .map(|span| span.len())
        .fold(0, u64::saturating_add);
    let divisible = many && missing >= share::WORTH_DIVIDING;
    let wished = job.most.load(Ordering::Relaxed);
    let mut crew = Crew {
        job,
        source,
        tasks: JoinSet::new(),
        seats: HashMap::new(),
        free: open.missing,
        target: 1,
        most: amends::most(job, divisible, wished),
        wished,
        calm_until: None,
        failures: 0,
        slow_looks: 0,
        thrift: Thrift::new(job.counters.received.load(Ordering::Relaxed)),
        begun: Instant::now(),
        looked: (
            Instant::now(),
            job.counters.received.load(Ordering::Relaxed),
        ),
        total,
        last_problem: None,
        broke: None,
        answer_time: answer.took,
        storing: None,
        usual: 0,
        // Without a length, the end of a part could not be told from the end of the file.
        resumable: many,
        divisible,
        replaced: HashSet::new(),
        closed: 0,
        helped: false,
        bounds: Bounds::None,
    };
    if answer.took > growth::FAR && crew.limit().is_none() {
        crew.target = crew.most;
    }
    crew.first(answer);
    let mut fetched = crew.work(&open.sink).await;
    crew.tasks.shutdown().await;
    drop(ahead);
    // A digest says more.
    let digest = job.record.checksum.is_some() || open.stated.is_some();
    if let (Ok(total), true, false) = (&fetched, crew.source.boundaries.joined(), digest) {
        let looked = tokio::select! {
            biased;
            () = job.stop.cancelled() => Err(Halt::Stopped),
            same = sample::confirm(&crew.source, *total) => same.map_err(Halt::Broke),
        };
        fetched = looked.and(fetched);
    }
    if let Some(storing) = crew.storing.take().filter(|_| job.care().awake().is_ok()) {
        // A panic in there has been reported where it happened.
        let _panicked = storing.await;
    }
    fetched
}

impl Crew<'_> {
    /// The answer that is there already begins the first missing part. It can bring all that is behind it, too.
    fn first(&mut self, answer: Answer) {
        if self.free.is_empty() {
            // An empty file: nothing to fetch, but its body's end is to be seen.
            self.total.get_or_insert(0);
            return;
        }
        let spot = self.job.first.at(&self.host(), &self.job.crowd);
        let lane = Arc::new(Lane::empty(answer.start.max(self.free[0].start)));
        lane.give(&mut self.free, u64::MAX);
        if self.most > 1 {
            lane.keep();
        }
        let work = fetch(Arc::clone(&self.source), Arc::clone(&lane), answer);
        let task = self.tasks.spawn(work);
        self.seat(Seat::new(spot, lane, u64::MAX, task));
    }

    fn seat(&mut self, seat: Seat) {
        self.seats.insert(seat.task.id(), seat);
        self.count();
    }

    fn count(&self) {
        let answered = self.seats.values().filter(|seat| seat.requested.is_none());
        let open = u32::try_from(answered.clone().count()).unwrap_or(u32::MAX);
        self.job.counters.connections.store(open, Ordering::Relaxed);
        self.job.counters.map.staff(answered.map(|seat| &seat.lane));
    }

    async fn work(&mut self, sink: &Sink) -> Result<u64, Halt> {
        let mut stored = Instant::now();
        let source = Arc::clone(&self.source);
        loop {
            if let Some(total) = self.whole() {
                return Ok(total);
            }
            if self.source.boundaries.torn() {
                let host = self.host();
                return Err(Halt::Broke(Problem::Changed { host }));
            }
            self.staff();
            if self.tasks.is_empty() {
                return Err(self.gave_up());
            }
            let next = self.next_look().into();
            tokio::select! {
                biased;
                () = self.job.stop.cancelled() => return Err(Halt::Stopped),
                () = sink.broken() => {
                    let problem = sink.problem().expect("a broken sink says why");
                    return Err(Halt::Broke(problem));
                }
                Some(ended) = self.tasks.join_next_with_id() => self.ended(ended)?,
                () = source.at_gap.notified() => {}
                () = tokio::time::sleep_until(next) => {
                    self.follow_wish();
                    self.grow();
                    self.look();
                    self.try_bounds();
                    self.end_stalled();
                    self.end_useless();
                    self.disk_answers(sink)?;
                    let idle = self.storing.as_ref().is_none_or(tokio::task::JoinHandle::is_finished);
                    if idle && stored.elapsed() >= STORE {
                        stored = Instant::now();
                        let store = store(sink.clone(), self.job.reports.clone(), self.job.care());
                        self.storing = Some(tokio::spawn(store));
                    }
                }
            }
        }
    }

    /// The length of the file when nothing is missing any more.
    fn whole(&self) -> Option<u64> {
        let open = self.seats.values().any(|seat| seat.lane.left().is_some());
        if self.free.is_empty() && !open {
            self.total
        } else {
            None
        }
    }
}

impl Seat {
    fn new(spot: Spot, lane: Arc<Lane>, reach: u64, task: AbortHandle) -> Self {
        Self {
            spot,
            begun: Instant::now(),
            lane,
            requested: None,
            reach,
            racing: false,
            bounded: false,
            task,
            stalled: false,
            taken_back: None,
            dismissed: false,
        }
    }
}

/// Syncs what is written, then says so: a stored plan never speaks of bytes that a power cut could take.
async fn store(sink: Sink, reports: Reports, care: Care) {
    let theirs = sink.clone();
    let sync = move |_: &Pulse| theirs.checkpoint();
    match care.wait(care.long(), sync, drop).await {
        Ok(Ok(stored)) => reports.send(Report::Stored(stored)),
        // A failure shows at the next write, or at the end.
        Ok(Err(_)) | Err(Halt::Stopped) => {}
        Err(Halt::Broke(_)) => drop(sink.give_up()),
    }
}
