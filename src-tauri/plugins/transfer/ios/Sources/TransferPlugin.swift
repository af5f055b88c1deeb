// Commands that the Rust side calls, and events of the app's lifecycle.
import Tauri
import UIKit
import WebKit

/// Tauri calls the commands on a queue of its own while Rust blocks for the response, in `setup` on the main thread. So
/// a command resolves immediately and goes to the main thread afterwards, where everything else here happens; only
/// commands of the user in the running app resolve when something is shown. `scripts/lib/targets/swift.py` checks that.
final class TransferPlugin: Plugin, UIDocumentInteractionControllerDelegate {
  private var channel: Channel?
  private let watcher = DeviceMonitor()
  private lazy var keeper = KeepAlive { [weak self] in self?.tell("timeUp", String?.none) }
  private lazy var fetches = BackgroundDownloads(
    told: { [weak self] in self?.tell("fetched", $0) },
    allTold: { [weak self] in
      // Woken up in the background for these: ranges still missing may be handed over again.
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

  /// Shows a preview of the file; if there is none for its type, the apps that can open it.
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
    // An iPad needs an anchor for the popover.
    sheet.popoverPresentationController?.sourceView = view.view
    view.present(sheet, animated: true) { invoke.resolve() }
  }

  /// Sends events from now on, first those known before anything listened.
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

  /// Links that were shared with the app meanwhile, perhaps some time ago: shown first. Kept if they could not be sent.
  private func readMail() {
    guard let channel else { return }
    try? Mailbox()?.take { links in
      let handed = Handed(how: "opened", links: links.map { Link(url: $0, headers: []) })
      try channel.send(PluginEvent(event: "links", data: handed))
    }
  }

  /// The app goes to the background. Work that continues there must not be handed over, so `away` is not sent.
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
