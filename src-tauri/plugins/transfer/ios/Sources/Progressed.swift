// How far the held work has come, in the numbers that the system wants of a task. Pure.

/// Bytes of all works together: a download that ends, and is no longer part of the work, takes nothing back.
struct Progressed {
  /// What is assumed to be missing where nobody knows: then the share grows with every byte and never reaches the whole. A
  /// task whose progress stands still may be ended.
  static let unknown: UInt64 = 256 << 20

  private var before: UInt64 = 0
  private var last: UInt64 = 0

  /// `received` is of the downloads that are going on now, `expected` is what is still missing of them.
  mutating func advance(received: UInt64, expected: UInt64?) -> (completed: Int64, total: Int64) {
    if received < last { before += last - received }
    last = received
    let completed = before + received
    let total = completed + (expected ?? Progressed.unknown)
    return (Int64(clamping: completed), Int64(clamping: max(total, 1)))
  }
}
