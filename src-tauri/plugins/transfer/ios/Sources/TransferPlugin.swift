// What the Rust side calls, one command each, and what the app's life tells it.
import Tauri
import UIKit
import WebKit

/// Tauri calls the commands on a queue of its own, and Rust waits for the answer: in `setup` with the main thread. So a command
/// answers at once and goes to the main thread afterwards, where everything else here happens; only those that a person
/// asks for in the running app answer when something is shown. `scripts/lib/targets/swift.py` checks that.
final class TransferPlugin: Plugin, UIDocumentInteractionControllerDelegate {
  private var channel: Channel?
  private let watcher = DeviceMonitor()
  private lazy var keeper = KeepAlive { [weak self] in self?.tell("timeUp", String?.none) }
  private lazy var fetches = BackgroundDownloads(
    told: { [weak self] in self?.tell("fetched", $0) },
    allTold: { [weak self] in
      // Woken up for that, and seen by nobody: what is still missing may be handed over.
      if UIApplication.shared.applicationState == .background { self?.leave() }
    })
  private var shown: UIDocumentInteractionController?

  @objc public func listen(_ invoke: Invoke) throws {
    let channel = try invoke.parseArgs(ListenArgs.self).handler
    invoke.resolve()
    DispatchQueue.main.async { self.begin(channel) }
  }

  @objc public func surroundings(_ invoke: Invoke) {
    invoke.resolve(watcher.now())
  }

  @objc public func hold(_ invoke: Invoke) throws {
    let work = try invoke.parseArgs(Work.self)
    invoke.resolve()
    DispatchQueue.main.async { self.keeper.hold(work) }
  }

  @objc public func release(_ invoke: Invoke) {
    invoke.resolve()
    DispatchQueue.main.async { self.keeper.release() }
  }

  @objc public func handOver(_ invoke: Invoke) throws {
    let args = try invoke.parseArgs(HandOverArgs.self)
    invoke.resolve()
    DispatchQueue.main.async { self.fetches.handOver(args.fetches) }
  }

  /// Shows the file; where there is no preview of its kind, what other apps do with it.
  @objc public func open(_ invoke: Invoke) throws {
    let file = URL(fileURLWithPath: try invoke.parseArgs(PlaceArgs.self).uri)
    DispatchQueue.main.async { [self] in
      let preview = UIDocumentInteractionController(url: file)
      preview.delegate = self
      shown = preview
      if preview.presentPreview(animated: true) { return invoke.resolve() }
      present(file, invoke)
    }
  }

  @objc public func share(_ invoke: Invoke) throws {
    let file = URL(fileURLWithPath: try invoke.parseArgs(PlaceArgs.self).uri)
    DispatchQueue.main.async { self.present(file, invoke) }
  }

  func documentInteractionControllerViewControllerForPreview(
    _ controller: UIDocumentInteractionController
  ) -> UIViewController {
    manager.viewController ?? UIViewController()
  }

  private func present(_ file: URL, _ invoke: Invoke) {
    guard let view = manager.viewController else { return invoke.reject("there is no window to show it in") }
    let sheet = UIActivityViewController(activityItems: [file], applicationActivities: nil)
    // On an iPad it hangs on something.
    sheet.popoverPresentationController?.sourceView = view.view
    view.present(sheet, animated: true) { invoke.resolve() }
  }

  /// PluginEvent from now on: first what was known before anybody listened.
  private func begin(_ channel: Channel) {
    self.channel = channel
    watcher.listen { [weak self] in self?.tell("surroundings", $0) }
    _ = fetches
    observe(UIApplication.didEnterBackgroundNotification) { $0.leave() }
    observe(UIApplication.didBecomeActiveNotification) { plugin in
      plugin.tell("back", Back(workEnded: plugin.keeper.seen()))
      plugin.readMail()
    }
    readMail()
  }

  /// What was shared with the app meanwhile, some time ago perhaps: it is shown first. Kept where it could not be told.
  private func readMail() {
    guard let channel else { return }
    try? Mailbox()?.take { links in
      let handed = Handed(how: "opened", links: links.map { Link(url: $0, headers: []) })
      try channel.send(PluginEvent(event: "links", data: handed))
    }
  }

  /// Nobody looks. What goes on all the same is not told to hand itself over.
  private func leave() {
    keeper.away()
    if !keeper.goesOn { tell("away", String?.none) }
  }

  private func observe(_ name: NSNotification.Name, _ act: @escaping (TransferPlugin) -> Void) {
    NotificationCenter.default.addObserver(forName: name, object: nil, queue: .main) { [weak self] _ in
      if let self { act(self) }
    }
  }

  private func tell<Data: Encodable>(_ event: String, _ data: Data) {
    try? channel?.send(PluginEvent(event: event, data: data))
  }
}

@_cdecl("init_plugin_transfer")
func initPlugin() -> Plugin {
  TransferPlugin()
}
