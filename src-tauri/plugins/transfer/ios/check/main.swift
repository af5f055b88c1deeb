// Tests of the pure Swift files, without Xcode: `node scripts/smoke/swift.mjs` compiles them together with those of
// `Sources` and runs them wherever there is a Swift compiler.
import Foundation

var wrong = 0

func expect<T: Equatable>(_ found: T, _ wanted: T, _ what: String, line: Int = #line) {
  if found == wanted { return }
  wrong += 1
  print("line \(line): \(what): \(found), not \(wanted)")
}

func aTaskIsAskedForOnceWhileTheAppIsInFront() {
  var task = ContinuedTask()
  expect(task.hold(inFront: true), [.submit], "the first hold")
  expect(task.hold(inFront: true), [], "held again")
  expect(task.started(), true, "there is work for it")
  expect(task.goesOn, true, "it runs")
  expect(task.hold(inFront: true), [], "held while it runs")
  expect(task.release(), [.complete(success: true)], "the end of the work")
}

func workThatIsHeldAgainInTheBackgroundGetsATaskAtTheNextVisit() {
  var task = ContinuedTask()
  _ = task.hold(inFront: true)
  _ = task.started()
  expect(task.expired(), [.tellTimeUp, .complete(success: false)], "the system ends it")
  expect(task.hold(inFront: false), [], "nothing may be asked for in the background")
  expect(task.seen(), true, "work was ended")
  expect(task.seen(), false, "told once")
  expect(task.hold(inFront: true), [.submit], "in front again")
}

func whatWasRefusedIsAskedForAtTheNextVisitOnly() {
  var task = ContinuedTask()
  _ = task.hold(inFront: true)
  task.refused()
  expect(task.hold(inFront: true), [], "refused a moment ago")
  expect(task.seen(), false, "nothing was ended")
  expect(task.hold(inFront: true), [.submit], "the next visit")
}

func theSecondsAfterLeavingEndTheWorkOnlyWhereNoTaskRuns() {
  var task = ContinuedTask()
  _ = task.hold(inFront: true)
  expect(task.flushOver(), [.tellTimeUp, .cancel], "the task has not begun")
  expect(task.flushOver(), [], "nothing is held any more")
  var running = ContinuedTask()
  _ = running.hold(inFront: true)
  _ = running.started()
  expect(running.flushOver(), [], "it goes on")
}

func aTaskThatBeginsWithoutWorkIsNoTask() {
  var task = ContinuedTask()
  _ = task.hold(inFront: true)
  expect(task.release(), [.cancel], "it has not begun")
  expect(task.started(), false, "it began all the same")
  expect(task.goesOn, false, "and ends at once")
}

func progressIsInBytesAndNeverGoesBack() {
  var progressed = Progressed()
  var now = progressed.advance(received: 150, expected: 50)
  expect([now.completed, now.total], [150, 200], "two downloads")
  now = progressed.advance(received: 100, expected: 50)
  expect([now.completed, now.total], [150, 200], "one of 50 is done and gone")
  now = progressed.advance(received: 120, expected: 30)
  expect([now.completed, now.total], [170, 200], "the other goes on")
}

func anUnknownSizeGrowsWithEveryByteAndIsNeverDone() {
  var progressed = Progressed()
  var last = -1.0
  for received: UInt64 in [0, 1, 1 << 20, 1 << 30, 1 << 40] {
    let now = progressed.advance(received: received, expected: nil)
    let share = Double(now.completed) / Double(now.total)
    expect(share > last && share < 1, true, "the share at \(received) is \(share)")
    last = share
  }
}

func linksAreTakenOutOfASharedTextInOrderAndOnce() {
  let text = "See https://example.org/a, (http://example.org/b_(c)) and HTTPS://example.org/a. https://example.org/a"
  expect(
    sharedLinks(text), ["https://example.org/a", "http://example.org/b_(c)", "HTTPS://example.org/a"], "a text")
  expect(sharedLinks("no link, ftp://example.org/a, mailto:a@example.org"), [], "nothing of the web")
  let many = (0..<200).map { "https://a.example/\($0)" }.joined(separator: " ")
  expect(sharedLinks(many).count, 100, "no more than fit")
}

func whatIsLeftInTheMailboxIsTakenOnceInOrder() throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  defer { try? FileManager.default.removeItem(at: folder) }
  let mailbox = Mailbox(folder: folder)
  var taken: [String] = []
  mailbox.take { taken += $0 }
  expect(taken, [], "nobody has put anything")
  try mailbox.put(["a", "b"])
  struct Refused: Error {}
  try? mailbox.take { _ in throw Refused() }
  mailbox.take { taken += $0 }
  expect(taken, ["a", "b"], "kept where it could not be told")
  mailbox.take { taken += $0 }
  expect(taken, ["a", "b"], "taken once")
}

aTaskIsAskedForOnceWhileTheAppIsInFront()
workThatIsHeldAgainInTheBackgroundGetsATaskAtTheNextVisit()
whatWasRefusedIsAskedForAtTheNextVisitOnly()
theSecondsAfterLeavingEndTheWorkOnlyWhereNoTaskRuns()
aTaskThatBeginsWithoutWorkIsNoTask()
progressIsInBytesAndNeverGoesBack()
anUnknownSizeGrowsWithEveryByteAndIsNeverDone()
linksAreTakenOutOfASharedTextInOrderAndOnce()
try whatIsLeftInTheMailboxIsTakenOnceInOrder()
print(wrong == 0 ? "all as expected" : "\(wrong) wrong")
exit(wrong == 0 ? 0 : 1)
