// How the system is brought to let the process finish: seconds to flush, and from iOS 26 on a task that goes on in the
// background with its own progress.
import BackgroundTasks
import UIKit

final class Keeper {
  /// Also in Info.ios.plist, BGTaskSchedulerPermittedIdentifiers.
  static let identifier = "dev.millrace.downloader.transfer"

  private let timeUp: () -> Void
  private var work: Work?
  private var flushing = UIBackgroundTaskIdentifier.invalid
  private var registered = false
  private var task: AnyObject?
  /// The system has ended the held work, and nobody has been told yet.
  private var ended = false

  init(timeUp: @escaping () -> Void) {
    self.timeUp = timeUp
  }

  /// On the main thread, as everything here.
  func hold(_ now: Work) {
    let first = work == nil
    work = now
    if first {
      ended = false
      submit(now)
    }
    draw()
  }

  func release() {
    work = nil
    finish(success: true)
    endFlush()
  }

  /// Whether the system lets the work go on while nobody looks.
  var goesOn: Bool { task != nil }

  /// The app leaves the screen: time to bring everything to disk.
  func away() {
    guard work != nil, flushing == .invalid else { return }
    flushing = UIApplication.shared.beginBackgroundTask(withName: "flush") { [weak self] in
      guard let self else { return }
      // With a task that goes on, this end is none.
      if self.task == nil { self.expire() }
      self.endFlush()
    }
  }

  /// The app is seen again. Answers whether work was ended meanwhile.
  func seen() -> Bool {
    endFlush()
    defer { ended = false }
    return ended
  }

  private func endFlush() {
    guard flushing != .invalid else { return }
    UIApplication.shared.endBackgroundTask(flushing)
    flushing = .invalid
  }

  private func expire() {
    work = nil
    ended = true
    timeUp()
  }

  private func submit(_ now: Work) {
    #if compiler(>=6.2)
      guard #available(iOS 26.0, *) else { return }
      if !registered {
        registered = BGTaskScheduler.shared.register(
          forTaskWithIdentifier: Keeper.identifier, using: DispatchQueue.main
        ) { [weak self] started in
          guard let self, let started = started as? BGContinuedProcessingTask, self.work != nil else {
            started.setTaskCompleted(success: true)
            return
          }
          self.task = started
          started.progress.totalUnitCount = 1000
          started.expirationHandler = { [weak self] in
            DispatchQueue.main.async {
              self?.expire()
              self?.finish(success: false)
            }
          }
          self.draw()
        }
      }
      let request = BGContinuedProcessingTaskRequest(
        identifier: Keeper.identifier, title: now.title, subtitle: now.text)
      // Refused when the app is not seen or the system has no room: then there are the seconds to flush.
      try? BGTaskScheduler.shared.submit(request)
    #endif
  }

  private func draw() {
    #if compiler(>=6.2)
      guard #available(iOS 26.0, *), let running = task as? BGContinuedProcessingTask, let work else { return }
      running.updateTitle(work.title, subtitle: work.text)
      running.progress.completedUnitCount = Int64((work.fraction ?? 0) * 1000)
    #endif
  }

  private func finish(success: Bool) {
    #if compiler(>=6.2)
      if #available(iOS 26.0, *) {
        (task as? BGContinuedProcessingTask)?.setTaskCompleted(success: success)
        BGTaskScheduler.shared.cancel(taskRequestWithIdentifier: Keeper.identifier)
      }
    #endif
    task = nil
  }
}
