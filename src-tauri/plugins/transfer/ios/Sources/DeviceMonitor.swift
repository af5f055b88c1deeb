// Reads network and battery from iOS and listens. Reports changes only.
import Network
import UIKit

/// Its state belongs to a queue of its own, so that `now` never needs the main thread, which may be waiting for the
/// result. The battery is read on the main thread, as UIKit demands, and is unknown until that is free.
final class DeviceMonitor {
  private let queue = DispatchQueue(label: "dev.millrace.transfer.surroundings")
  private let monitor = NWPathMonitor()
  private var known = Surroundings()
  private var last: Surroundings?
  private var tell: ((Surroundings) -> Void)?

  init() {
    monitor.pathUpdateHandler = { [weak self] path in self?.see(path) }
    monitor.start(queue: queue)
    DispatchQueue.main.async { [weak self] in self?.watchBattery() }
  }

  /// The values reported by the system so far; nil if not reported yet. From any thread but `queue`.
  func now() -> Surroundings {
    queue.sync { known }
  }

  /// Reports the present values, and every change from now on; on the main thread.
  func listen(_ tell: @escaping (Surroundings) -> Void) {
    queue.async {
      self.tell = tell
      self.last = nil
      self.offer()
    }
  }

  private func watchBattery() {
    UIDevice.current.isBatteryMonitoringEnabled = true
    readBattery()
    for name in [UIDevice.batteryLevelDidChangeNotification, UIDevice.batteryStateDidChangeNotification] {
      NotificationCenter.default.addObserver(forName: name, object: nil, queue: .main) { [weak self] _ in
        self?.readBattery()
      }
    }
  }

  private func readBattery() {
    let state = UIDevice.current.batteryState
    let level = UIDevice.current.batteryLevel
    queue.async {
      self.known.charging = state == .unknown ? nil : state != .unplugged
      self.known.battery = level < 0 ? nil : Int((level * 100).rounded())
      self.offer()
    }
  }

  /// On `queue`.
  private func see(_ path: NWPath) {
    let connected = path.status == .satisfied
    known.connected = connected
    // Cellular networks, hotspots of other phones, and networks that the user has set to save data.
    known.metered = connected ? path.isExpensive || path.isConstrained : nil
    known.vpn = connected ? path.usesInterfaceType(.other) : nil
    offer()
  }

  /// On `queue`.
  private func offer() {
    guard let tell, known != last else { return }
    let told = known
    last = told
    DispatchQueue.main.async { tell(told) }
  }
}
