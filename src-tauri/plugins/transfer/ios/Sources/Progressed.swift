// Progress of the held work as the unit counts that the system expects of a task. Pure.

/// Bytes of all work together: a download that ends, and leaves the work, takes nothing back.
struct Progressed {
  /// Assumed missing bytes if the size is unknown: the ratio then grows with every byte and never reaches 1. The system
  /// may end a task without progress.
  static let unknown: UInt64 = 256 << 20

  private var before: UInt64 = 0
  private var last: UInt64 = 0

  /// `received` is the count of the running downloads, `expected` is what they still miss.
  mutating func advance(received: UInt64, expected: UInt64?) -> (completed: Int64, total: Int64) {
    if received < last { before += last - received }
    last = received
    let completed = before + received
    let total = completed + (expected ?? Progressed.unknown)
    return (Int64(clamping: completed), Int64(clamping: max(total, 1)))
  }
}
