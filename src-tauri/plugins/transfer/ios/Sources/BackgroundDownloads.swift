// Ranges that the system itself fetches while the app sleeps or is gone. Each ends as a file of its own, told with what
// the server said; whether the bytes belong to the download is decided on the other side.
import Foundation

final class BackgroundDownloads: NSObject, URLSessionDownloadDelegate {
  private let told: (Fetched) -> Void
  private let allTold: () -> Void
  private let folder: URL
  private lazy var session: URLSession = {
    let configuration = URLSessionConfiguration.background(
      withIdentifier: "dev.millrace.downloader.fetches")
    // It is the person's download, wanted now; and it may start the app again when it is done.
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
    // What an earlier process was told of and did not take: nobody knows it any more.
    try? FileManager.default.removeItem(at: folder)
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    // What an earlier process handed over is told to this one.
    _ = session
  }

  /// These and no others from now on.
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
        // Bytes as they are, or their places mean nothing.
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
    // The system's own file is gone when this returns.
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
    // Called back by the app itself: nobody waits for it.
    if (error as NSError).code == NSURLErrorCancelled { return }
    told(Fetched(token: token, file: nil, status: 0, headers: []))
  }

  /// All that ended while the app slept has been told.
  func urlSessionDidFinishEvents(forBackgroundURLSession session: URLSession) {
    allTold()
  }
}
