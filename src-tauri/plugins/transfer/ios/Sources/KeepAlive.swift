// Keeps the process running until it can finish: seconds to flush, and from iOS 26 on a task that continues in the
// background with its own progress. `ContinuedTask` decides.
import BackgroundTasks
import UIKit

final class KeepAlive {
  /// Starts with the app's own identifier, as the system demands, also where signing has changed that. The patterns in
  /// Info.ios.plist, BGTaskSchedulerPermittedIdentifiers, match it.
  static let identifier = "\(Bundle.main.bundleIdentifier ?? "dev.millrace.downloader").transfer.work"

  private let timeUp: () -> Void
  private var work: Work?
  private var progressed = Progressed()
  private var continued = ContinuedTask()
  private var flushing = UIBackgroundTaskIdentifier.invalid
  private var registered = false
  private var task: AnyObject?

  init(timeUp: @escaping () -> Void) {
    self.timeUp = timeUp
  }

  /// On the main thread, as everything here.
  func hold(_ now: Work) {
    work = now
    carryOut(continued.hold(inFront: UIApplication.shared.applicationState != .background))
    draw()
  }

  func release() {
    carryOut(continued.release())
    work = nil
    progressed = Progressed()
    endFlush()
  }

  /// Whether the work continues while the app is in the background.
  var goesOn: Bool { continued.goesOn }

  /// The app goes to the background: time to write everything to disk.
  func away() {
    guard continued.held, flushing == .invalid else { return }
    flushing = UIApplication.shared.beginBackgroundTask(withName: "flush") { [weak self] in
      guard let self else { return }
      self.carryOut(self.continued.flushOver())
      self.endFlush()
    }
  }

  /// The app is in the foreground again. Returns whether work was ended meanwhile.
  func seen() -> Bool {
    endFlush()
    return continued.seen()
  }

  private func endFlush() {
    guard flushing != .invalid else { return }
    UIApplication.shared.endBackgroundTask(flushing)
    flushing = .invalid
  }

  private func carryOut(_ steps: [ContinuedTask.Step]) {
    for step in steps {
      switch step {
      case .submit: submit()
      case .cancel: cancel()
      case .complete(let success): complete(success: success)
      case .tellTimeUp: timeUp()
      }
    }
  }

  private func submit() {
    #if compiler(>=6.2)
      guard #available(iOS 26.0, *), let work else { return continued.refused() }
      if !registered { registered = register() }
      // Submitting an unregistered task terminates the app.
      guard registered else { return continued.refused() }
      let request = BGContinuedProcessingTaskRequest(
        identifier: KeepAlive.identifier, title: work.title, subtitle: work.text)
      do {
        try BGTaskScheduler.shared.submit(request)
      } catch {
        // The app is in the background, or the system accepts no more tasks: then there are the seconds to flush.
        continued.refused()
      }
    #else
      continued.refused()
    #endif
  }

  #if compiler(>=6.2)
    /// Once per process. The name itself, not the pattern: a task is looked up by exactly the registered name.
    @available(iOS 26.0, *)
    private func register() -> Bool {
      BGTaskScheduler.shared.register(
        forTaskWithIdentifier: KeepAlive.identifier, using: DispatchQueue.main
      ) { [weak self] begun in
        guard let self, let running = begun as? BGContinuedProcessingTask, self.continued.started() else {
          begun.setTaskCompleted(success: true)
          return
        }
        self.task = running
        running.expirationHandler = { [weak self] in
          DispatchQueue.main.async {
            guard let self else { return }
            self.carryOut(self.continued.expired())
          }
        }
        self.draw()
      }
    }
  #endif

  private func draw() {
    #if compiler(>=6.2)
      guard #available(iOS 26.0, *), let running = task as? BGContinuedProcessingTask, let work else { return }
      running.updateTitle(work.title, subtitle: work.text)
      let (completed, total) = progressed.advance(received: work.received, expected: work.expected)
      running.progress.totalUnitCount = total
      running.progress.completedUnitCount = completed
    #endif
  }

  private func cancel() {
    #if compiler(>=6.2)
      if #available(iOS 26.0, *) {
        BGTaskScheduler.shared.cancel(taskRequestWithIdentifier: KeepAlive.identifier)
      }
    #endif
  }

  private func complete(success: Bool) {
    #if compiler(>=6.2)
      if #available(iOS 26.0, *) {
        (task as? BGContinuedProcessingTask)?.setTaskCompleted(success: success)
      }
    #endif
    task = nil
  }
}
