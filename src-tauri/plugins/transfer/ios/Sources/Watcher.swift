// Asks iOS about network and battery, and listens. Tells only what is new.
import Network
import UIKit

final class Watcher {
  private let monitor = NWPathMonitor()
  private var last: Surroundings?
  private var tell: ((Surroundings) -> Void)?

  init() {
    UIDevice.current.isBatteryMonitoringEnabled = true
    monitor.pathUpdateHandler = { [weak self] _ in self?.offer() }
    monitor.start(queue: .main)
    for name in [UIDevice.batteryLevelDidChangeNotification, UIDevice.batteryStateDidChangeNotification] {
      NotificationCenter.default.addObserver(forName: name, object: nil, queue: .main) { [weak self] _ in
        self?.offer()
      }
    }
  }

  func listen(_ tell: @escaping (Surroundings) -> Void) {
    self.tell = tell
    last = nil
    offer()
  }

  func now() -> Surroundings {
    let path = monitor.currentPath
    let device = UIDevice.current
    let connected = path.status == .satisfied
    let state = device.batteryState
    return Surroundings(
      connected: connected,
      // Mobile networks and other phones' hotspots; and what the person has told to save data.
      metered: connected ? path.isExpensive || path.isConstrained : nil,
      vpn: connected ? path.usesInterfaceType(.other) : nil,
      charging: state == .unknown ? nil : state != .unplugged,
      battery: device.batteryLevel < 0 ? nil : Int((device.batteryLevel * 100).rounded()))
  }

  private func offer() {
    let now = now()
    guard let tell, now != last else { return }
    last = now
    tell(now)
  }
}
