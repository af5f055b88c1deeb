// Links that the share extension leaves for the app: files in the folder that both may use, one for each time that somebody
// shared. Knows nothing of either side.
import Foundation

/// What is put stays until it is taken, also when the app is not running, and when it is ended before it has told anybody.
struct Mailbox {
  /// In the entitlements of the app and of the extension (`gen/apple/project.yml`).
  static let group = "group.dev.millrace.downloader"

  private let folder: URL

  /// Nil where the system knows no such group: an app that was signed without its entitlements has none.
  init?() {
    // Whoever signs an app anew, to install it without a store, may give the group another name, and tells it there.
    let renamed = Bundle.main.object(forInfoDictionaryKey: "ALTAppGroups") as? [String]
    let names = (renamed ?? []) + [Mailbox.group]
    let shared = names.lazy.compactMap {
      FileManager.default.containerURL(forSecurityApplicationGroupIdentifier: $0)
    }
    guard let container = shared.first else { return nil }
    self.init(folder: container.appendingPathComponent("links", isDirectory: true))
  }

  init(folder: URL) {
    self.folder = folder
  }

  /// Throws when it cannot be stored: then nobody will have it.
  func put(_ links: [String]) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    // Names are in the order in which they came.
    let moment = String(format: "%015.0f", Date().timeIntervalSince1970 * 1_000)
    let file = folder.appendingPathComponent("\(moment)-\(UUID().uuidString).json")
    // Whole or not at all: the app may be reading now.
    try JSONEncoder().encode(links).write(to: file, options: .atomic)
  }

  /// Hands over what has come, oldest first, and forgets it once that is done.
  func take(_ told: ([String]) throws -> Void) rethrows {
    let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    let mail = files.filter { $0.pathExtension == "json" }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
    let links = mail.compactMap { try? Data(contentsOf: $0) }
      .compactMap { try? JSONDecoder().decode([String].self, from: $0) }
      .flatMap { $0 }
    if !links.isEmpty { try told(links) }
    for file in mail { try? FileManager.default.removeItem(at: file) }
  }
}
