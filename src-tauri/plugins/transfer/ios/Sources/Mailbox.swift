// Links that the share extension leaves for the app: files in the folder of the app group, one per share. Does not
// depend on either side.
import Foundation

/// A file stays until it is taken, also while the app is not running, and if it is terminated before it has reported
/// the links.
struct Mailbox {
  /// In the entitlements of the app and of the extension (`gen/apple/project.yml`).
  static let group = "group.dev.millrace.downloader"

  private let folder: URL

  /// Nil if the system knows no such group: an app that was signed without its entitlements has none.
  init?() {
    // Tools that sign an app anew, to install it without a store, may rename the group, and list it under this key.
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

  /// Throws if it cannot be stored: the links are lost then.
  func put(_ links: [String]) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    // File names sort by time.
    let moment = String(format: "%015.0f", Date().timeIntervalSince1970 * 1_000)
    let file = folder.appendingPathComponent("\(moment)-\(UUID().uuidString).json")
    // Atomic: the app may be reading now.
    try JSONEncoder().encode(links).write(to: file, options: .atomic)
  }

  /// Passes on all links, oldest first, and deletes them if `told` does not throw.
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
