// Millrace in the share sheet of other apps: takes the links of what is shared and leaves them for the app, which shows
// them to the user. A separate process; fetches nothing.
import UIKit
import UniformTypeIdentifiers

final class ShareViewController: UIViewController {
  private let label = UILabel()

  override func viewDidLoad() {
    super.viewDidLoad()
    build()
    collect { [weak self] links in self?.handOver(links) }
  }

  /// The links of everything that is shared, on the main thread.
  private func collect(_ done: @escaping ([String]) -> Void) {
    let items = (extensionContext?.inputItems ?? []).compactMap { $0 as? NSExtensionItem }
    let providers = items.flatMap { $0.attachments ?? [] }
    let group = DispatchGroup()
    // One per attachment, in order; written on the main thread only.
    var texts = [String?](repeating: nil, count: providers.count)
    for (place, provider) in providers.enumerated() {
      let types = [UTType.url, UTType.plainText].map(\.identifier)
      guard let type = types.first(where: provider.hasItemConformingToTypeIdentifier) else { continue }
      group.enter()
      provider.loadItem(forTypeIdentifier: type, options: nil) { item, _ in
        let text = ShareViewController.text(of: item)
        DispatchQueue.main.async {
          texts[place] = text
          group.leave()
        }
      }
    }
    group.notify(queue: .main) {
      // Some apps put the link only into the text of the item.
      let titles = items.compactMap { $0.attributedContentText?.string }
      done(sharedLinks((texts.compactMap { $0 } + titles).joined(separator: "\n")))
    }
  }

  private static func text(of item: NSSecureCoding?) -> String? {
    if let url = item as? URL { return url.absoluteString }
    if let data = item as? Data { return String(data: data, encoding: .utf8) }
    return item as? String
  }

  private func handOver(_ links: [String]) {
    if links.isEmpty { return say("nothing") }
    do {
      guard let mailbox = Mailbox() else { throw CocoaError(.fileNoSuchFile) }
      try mailbox.put(links)
      // Opens the app if the system lets an extension of this kind do so; otherwise the user opens it.
      open("millrace:") { [weak self] opened in
        if opened { self?.finish() } else { self?.say("left") }
      }
    } catch {
      // Without a shared folder, only opening the app with the link itself may work.
      let allowed = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-._~"))
      let link = links[0].addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
      open("millrace://add?url=\(link)") { [weak self] opened in
        if opened { self?.finish() } else { self?.say("refused") }
      }
    }
  }

  private func open(_ link: String, _ done: @escaping (Bool) -> Void) {
    guard let url = URL(string: link), let context = extensionContext else { return done(false) }
    context.open(url) { opened in
      DispatchQueue.main.async { done(opened) }
    }
  }

  private func finish() {
    extensionContext?.completeRequest(returningItems: nil)
  }

  private func say(_ key: String) {
    label.text = NSLocalizedString(key, comment: "")
  }

  private func build() {
    view.backgroundColor = .systemBackground
    label.numberOfLines = 0
    label.textAlignment = .center
    label.font = .preferredFont(forTextStyle: .body)
    label.adjustsFontForContentSizeCategory = true
    let done = UIButton(type: .system, primaryAction: UIAction { [weak self] _ in self?.finish() })
    done.setTitle(NSLocalizedString("done", comment: ""), for: .normal)
    let stack = UIStackView(arrangedSubviews: [label, done])
    stack.axis = .vertical
    stack.spacing = 16
    stack.translatesAutoresizingMaskIntoConstraints = false
    view.addSubview(stack)
    NSLayoutConstraint.activate([
      stack.centerYAnchor.constraint(equalTo: view.centerYAnchor),
      stack.leadingAnchor.constraint(equalTo: view.layoutMarginsGuide.leadingAnchor),
      stack.trailingAnchor.constraint(equalTo: view.layoutMarginsGuide.trailingAnchor),
    ])
  }
}
