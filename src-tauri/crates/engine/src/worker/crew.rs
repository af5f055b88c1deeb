//! The connections of one download: how many, on which part each, and what happens when one fails.

mod amends;
mod ends;
mod growth;
mod thrift;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use tokio::task::{AbortHandle, Id, JoinSet};

use super::begin::Open;
use super::crowd::Spot;
use super::fetch::{Source, fetch};
use super::lane::Lane;
use super::sample::Proven;
use super::wait::{Care, Pulse};
use super::{Halt, Job, Report, Reports};
use crate::core::link;
use crate::core::plan::Span;
use crate::core::problem::Problem;
use crate::core::share::{self, LEAST, Share, Turn};
use crate::disk::Sink;
use crate::http::Answer;
use thrift::Thrift;

/// How often what is written is synced and stored.
const STORE: Duration = Duration::from_secs(1);

struct Crew<'a> {
    job: &'a Job,
    source: Arc<Source>,
    tasks: JoinSet<Result<(), Problem>>,
    /// What each task is at.
    seats: HashMap<Id, Seat>,
    /// Parts nobody fetches yet.
    free: Vec<Span>,
    /// Connections to have.
    target: usize,
    most: usize,
    /// Connections at most, as the person said last.
    wished: u32,
    /// No growth before this.
    calm_until: Option<Instant>,
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
    /// Syncs and stores what is written; waited for before the crew leaves, so that nothing speaks after its end.
    storing: Option<tokio::task::JoinHandle<()>>,
    /// The mean speed of several connections, remembered when one is left.
    usual: u64,
    /// Whether a connection can take over where another one stopped.
    resumable: bool,
    /// Where connections stood still and were replaced.
    replaced: HashSet<u64>,
    /// Additional connections that were closed before they brought a byte.
    closed: u32,
}

struct Seat {
    spot: Spot,
    begun: Instant,
    lane: Arc<Lane>,
    task: AbortHandle,
    stalled: bool,
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
    let _ahead = answer.ahead.take();
    let source = Arc::new(Source {
        net: job.net.clone(),
        url: answer.url.clone(),
        home: link::parse(&job.record.url)?,
        headers: job.record.headers.clone(),
        identity: open.identity,
        proven: Proven::default(),
        sink: open.sink.clone(),
        limits: job.limits.clone(),
    });
    let many = open.resumable && total.is_some();
    let wished = job.most.load(Ordering::Relaxed);
    let mut crew = Crew {
        job,
        source,
        tasks: JoinSet::new(),
        seats: HashMap::new(),
        free: open.missing,
        target: 1,
        most: amends::most(job, many, wished),
        wished,
        calm_until: None,
        slow_looks: 0,
        thrift: Thrift::new(job.counters.received.load(Ordering::Relaxed)),
        begun: Instant::now(),
        looked: (
            Instant::now(),
            job.counters.received.load(Ordering::Relaxed),
        ),
        total,
        last_problem: None,
        storing: None,
        usual: 0,
        // Without a length, the end of a part could not be told from the end of the file.
        resumable: many,
        replaced: HashSet::new(),
        closed: 0,
    };
    if answer.took > growth::FAR && crew.limit().is_none() {
        crew.target = crew.most;
    }
    crew.first(answer);
    let fetched = crew.work(&open.sink).await;
    crew.tasks.shutdown().await;
    if let Some(storing) = crew.storing.take().filter(|_| job.care().awake().is_ok()) {
        // A panic in there has been reported where it happened.
        let _panicked = storing.await;
    }
    fetched
}

impl Crew<'_> {
    /// The answer that is there already begins the first missing part.
    fn first(&mut self, answer: Answer) {
        if self.free.is_empty() {
            // An empty file: nothing to fetch, but its body's end is to be seen.
            self.total.get_or_insert(0);
            return;
        }
        let span = self.free.remove(0);
        let spot = self.job.first.at(&self.host(), &self.job.crowd);
        self.seat(spot, Arc::new(Lane::new(span)), Some(answer));
    }

    fn seat(&mut self, spot: Spot, lane: Arc<Lane>, answer: Option<Answer>) {
        let work = fetch(Arc::clone(&self.source), Arc::clone(&lane), answer);
        let task = self.tasks.spawn(work);
        let seat = Seat {
            spot,
            begun: Instant::now(),
            lane,
            task: task.clone(),
            stalled: false,
            dismissed: false,
        };
        self.seats.insert(task.id(), seat);
        self.count();
    }

    fn count(&self) {
        let open = u32::try_from(self.seats.len()).unwrap_or(u32::MAX);
        self.job.counters.connections.store(open, Ordering::Relaxed);
        let lanes = self.seats.values().map(|seat| &seat.lane);
        self.job.counters.map.staff(lanes);
    }

    async fn work(&mut self, sink: &Sink) -> Result<u64, Halt> {
        let mut stored = Instant::now();
        loop {
            if let Some(total) = self.whole() {
                return Ok(total);
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
                () = tokio::time::sleep_until(next) => {
                    self.follow_wish();
                    self.grow();
                    self.look();
                    self.end_stalled();
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

    /// Gives idle connections something to do.
    fn staff(&mut self) {
        while self.seats.len() < self.target {
            let Some(spot) = self.spot() else { return };
            let lane = if let Some(span) = self.free.pop() {
                Arc::new(Lane::new(span))
            } else if let Some(lane) = self.share() {
                lane
            } else {
                return;
            };
            self.seat(spot, lane, None);
        }
    }

    /// Takes from, or races, the slowest of the others.
    fn share(&mut self) -> Option<Arc<Lane>> {
        let mut lanes: Vec<(&Arc<Lane>, Share)> = Vec::new();
        for seat in self.seats.values() {
            let same = |(lane, _): &&mut (&Arc<Lane>, Share)| Arc::ptr_eq(lane, &seat.lane);
            if let Some((_, share)) = lanes.iter_mut().find(same) {
                share.fetchers += 1;
            } else if let Some(left) = seat.lane.left() {
                let speed = seat.lane.speed();
                lanes.push((
                    &seat.lane,
                    Share {
                        left,
                        speed,
                        fetchers: 1,
                    },
                ));
            }
        }
        let shares: Vec<Share> = lanes.iter().map(|(_, share)| *share).collect();
        let heard: Vec<u64> = shares.iter().map(|s| s.speed).filter(|s| *s > 0).collect();
        let mean = heard.iter().sum::<u64>() / (heard.len() as u64).max(1);
        // The last one left is measured by what the others were.
        if heard.len() > 1 || self.usual == 0 {
            self.usual = mean;
        }
        let usual = self.usual.max(mean);
        match share::next(&shares, usual, LEAST) {
            Turn::Split { of, at } => {
                let span = lanes.get(of)?.0.split(at)?;
                Some(Arc::new(Lane::new(span)))
            }
            Turn::Race { of } => Some(Arc::clone(lanes.get(of)?.0)),
            Turn::Rest => None,
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
