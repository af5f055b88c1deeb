// Decides when the system is asked for a task that continues in the background, and when the held work counts as ended.
// Pure; `KeepAlive` carries it out.

/// One per process. Each call reports what happened and returns what to do, in order.
///
/// ```
///        hold, in front            started
///  none ----------------> submitted ------> running
///   ^ ^                       | refused        |
///   | |                       v                |
///   | +--- seen, release -- refused            |
///   +----- release, expired, flush over -------+
/// ```
///
/// Whether a task is requested depends on the task alone, not on whether work was held before: work that was held again
/// in the background, where no task may be requested, gets one when the app is in the foreground the next time.
struct ContinuedTask {
  enum Step: Equatable {
    /// Requests the task from the system.
    case submit
    /// Cancels a task that has not started.
    case cancel
    case complete(success: Bool)
    /// Reports to the Rust side that there is no more time.
    case tellTimeUp
  }

  enum State { case none, submitted, refused, running }

  private(set) var state = State.none
  private(set) var held = false
  /// The system ended the held work, and this has not been reported yet.
  private var ended = false

  /// Whether the work continues while the app is in the background.
  var goesOn: Bool { state == .running }

  /// Called again and again while work is in progress.
  mutating func hold(inFront: Bool) -> [Step] {
    held = true
    guard inFront, state == .none else { return [] }
    state = .submitted
    return [.submit]
  }

  mutating func release() -> [Step] {
    held = false
    defer { state = .none }
    switch state {
    case .none, .refused: return []
    case .submitted: return [.cancel]
    case .running: return [.complete(success: true)]
    }
  }

  /// The system rejects the task. Not requested again before the app is in the foreground anew: nothing else would have
  /// changed.
  mutating func refused() {
    if state == .submitted { state = .refused }
  }

  /// The system starts the task. Returns whether there is work for it.
  mutating func started() -> Bool {
    state = held ? .running : .none
    return held
  }

  /// The system ends the task.
  mutating func expired() -> [Step] {
    guard state == .running else { return [] }
    state = .none
    return end() + [.complete(success: false)]
  }

  /// The seconds after the app went to the background are over. Irrelevant while a task runs.
  mutating func flushOver() -> [Step] {
    guard state != .running else { return [] }
    let taken: [Step] = state == .submitted ? [.cancel] : []
    state = .none
    return end() + taken
  }

  /// The app is in the foreground again. Returns whether work was ended meanwhile.
  mutating func seen() -> Bool {
    if state == .refused { state = .none }
    defer { ended = false }
    return ended
  }

  private mutating func end() -> [Step] {
    guard held else { return [] }
    held = false
    ended = true
    return [.tellTimeUp]
  }
}
