// Arguments and events of the plugin; the shapes are those of `models.rs`.
import Foundation
import Tauri

/// Work in progress, as shown to the user while the app is in the background.
struct Work: Decodable {
  let title: String
  let text: String
  /// Bytes of the running downloads: received, and missing if that is known.
  let received: UInt64
  let expected: UInt64?
}

/// State of network and battery; nil if the system does not report it. iOS does not report roaming.
struct Surroundings: Codable, Equatable {
  var connected: Bool?
  var metered: Bool?
  var vpn: Bool?
  var charging: Bool?
  var battery: Int?
}

/// A range that the system fetches while the app is suspended.
struct Fetch: Decodable {
  let token: String
  let url: String
  let headers: [[String]]
  let from: UInt64
  let to: UInt64?
  /// Not over metered networks.
  let unmeteredOnly: Bool
}

struct ListenArgs: Decodable {
  let handler: Channel
}

struct HandOverArgs: Decodable {
  let fetches: [Fetch]
}

struct PlaceArgs: Decodable {
  let uri: String
}

/// An event for the Rust side.
struct PluginEvent<Data: Encodable>: Encodable {
  let event: String
  let data: Data
}

/// Links that other apps hand over, and how: "shared" start immediately, "opened" are shown first.
struct Handed: Encodable {
  let how: String
  let links: [Link]
}

struct Link: Encodable {
  let url: String
  /// Headers that the sharing app would send; none does on iOS.
  let headers: [[String]]
}

struct Back: Encodable {
  let workEnded: Bool
}

/// Result of a background fetch, with the server's response: the Rust side checks it like any other.
struct Fetched: Encodable {
  let token: String
  let file: String?
  let status: Int
  let headers: [[String]]
}
