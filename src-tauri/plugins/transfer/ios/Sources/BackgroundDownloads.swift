// Ranges that the system fetches while the app is suspended or terminated. Each ends as a file of its own, reported
// with the server's response; whether the bytes belong to the download is decided by the Rust side.
import Foundation

final class BackgroundDownloads: NSObject, URLSessionDownloadDelegate {
  private let told: (Fetched) -> Void
  private let allTold: () -> Void
  private let folder: URL
  private lazy var session: URLSession = {
    let configuration = URLSessionConfiguration.background(
      withIdentifier: "dev.millrace.downloader.fetches")
    // Started by the user and wanted now; the system may relaunch the app when it is done.
    configuration.isDiscretionary = false
    configuration.sessionSendsLaunchEvents = true
    configuration.httpCookieStorage = nil
    configuration.urlCache = nil
    return URLSession(configuration: configuration, delegate: self, delegateQueue: .main)
  }()

  init(told: @escaping (Fetched) -> Void, allTold: @escaping () -> Void) {
    self.told = told
    self.allTold = allTold
    let caches = FileManager.default.urls(for: .cachesDirectory, in: .userDomainMask)[0]
    folder = caches.appendingPathComponent("fetches", isDirectory: true)
    super.init()
    // Files reported to an earlier process that did not take them: no process knows them any more.
    try? FileManager.default.removeItem(at: folder)
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    // Fetches handed over by an earlier process are reported to this one.
    _ = session
  }

  /// Replaces all earlier fetches by these.
  func handOver(_ fetches: [Fetch]) {
    session.getAllTasks { [session, told] tasks in
      tasks.forEach { $0.cancel() }
      for fetch in fetches {
        guard let url = URL(string: fetch.url) else {
          told(Fetched(token: fetch.token, file: nil, status: 0, headers: []))
          continue
        }
        var request = URLRequest(url: url)
        for header in fetch.headers where header.count == 2 {
          request.setValue(header[1], forHTTPHeaderField: header[0])
        }
        let last = fetch.to.map { String($0 - 1) } ?? ""
        request.setValue("bytes=\(fetch.from)-\(last)", forHTTPHeaderField: "Range")
        // Unencoded, otherwise the byte offsets are meaningless.
        request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        if fetch.unmeteredOnly {
          request.allowsCellularAccess = false
          request.allowsExpensiveNetworkAccess = false
          request.allowsConstrainedNetworkAccess = false
        }
        let task = session.downloadTask(with: request)
        task.taskDescription = fetch.token
        task.resume()
      }
    }
  }

  func urlSession(
    _ session: URLSession, downloadTask task: URLSessionDownloadTask, didFinishDownloadingTo place: URL
  ) {
    guard let token = task.taskDescription, let answer = task.response as? HTTPURLResponse else { return }
    // The system deletes its own file when this returns.
    let kept = folder.appendingPathComponent(UUID().uuidString)
    let moved = (try? FileManager.default.moveItem(at: place, to: kept)) != nil
    let headers = answer.allHeaderFields.compactMap { name, value -> [String]? in
      guard let name = name as? String, let value = value as? String else { return nil }
      return [name, value]
    }
    told(
      Fetched(
        token: token, file: moved ? kept.path : nil, status: answer.statusCode, headers: headers))
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, didCompleteWithError error: Error?
  ) {
    guard let error, let token = task.taskDescription else { return }
    // Cancelled by the app itself: not waited for.
    if (error as NSError).code == NSURLErrorCancelled { return }
    told(Fetched(token: token, file: nil, status: 0, headers: []))
  }

  /// Everything that ended while the app was suspended has been reported.
  func urlSessionDidFinishEvents(forBackgroundURLSession session: URLSession) {
    allTold()
  }
}
