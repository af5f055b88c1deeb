// When the system is asked for a task that goes on in the background, and when the held work counts as ended. Pure;
// `KeepAlive` carries it out.

/// One for the whole process. Each call says what happened and answers what to do, in order.
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
/// Whether a task is asked for depends on the task alone, not on whether work was held before: work that was held again in
/// the background, where no task may be asked for, gets one when the app is in front the next time.
struct ContinuedTask {
  enum Step: Equatable {
    /// Asks the system for the task.
    case submit
    /// Takes back a task that has not begun.
    case cancel
    case complete(success: Bool)
    /// The other side is told that there is no more time.
    case tellTimeUp
  }

  enum State { case none, submitted, refused, running }

  private(set) var state = State.none
  private(set) var held = false
  /// The held work was ended by the system, and nobody has been told yet.
  private var ended = false

  /// Whether the system lets the work go on while nobody looks.
  var goesOn: Bool { state == .running }

  /// Again and again while the work is going on.
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

  /// The system does not take the task. Not asked again before the app is seen anew: nothing else would have changed.
  mutating func refused() {
    if state == .submitted { state = .refused }
  }

  /// The system begins the task. Answers whether there is work for it.
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

  /// The seconds after the app has left are over. Where a task goes on, they do not matter.
  mutating func flushOver() -> [Step] {
    guard state != .running else { return [] }
    let taken: [Step] = state == .submitted ? [.cancel] : []
    state = .none
    return end() + taken
  }

  /// The app is seen again. Answers whether work was ended meanwhile.
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
