// What is said across the border, as values; the shapes are those of `words.rs`.
import Foundation
import Tauri

/// Work that is going on, as the person sees it while the app is away.
struct Work: Decodable {
  let title: String
  let text: String
  /// Bytes of the downloads that are going on: what is here, and what is missing where that is known.
  let received: UInt64
  let expected: UInt64?
}

/// How the network and the battery are; nil is what the system does not say. It never says whether it roams.
struct Surroundings: Codable, Equatable {
  var connected: Bool?
  var metered: Bool?
  var vpn: Bool?
  var charging: Bool?
  var battery: Int?
}

/// A range that the system fetches while the app sleeps.
struct Fetch: Decodable {
  let token: String
  let url: String
  let headers: [[String]]
  let from: UInt64
  let to: UInt64?
  /// Not over networks that cost by the byte.
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

/// A message for the other side.
struct PluginEvent<Data: Encodable>: Encodable {
  let event: String
  let data: Data
}

/// Links that other apps hand in, and how: "shared" start at once, "opened" are shown first.
struct Handed: Encodable {
  let how: String
  let links: [Link]
}

struct Link: Encodable {
  let url: String
  /// What the app that shares it would send along; none does on iOS.
  let headers: [[String]]
}

struct Back: Encodable {
  let workEnded: Bool
}

/// What the system fetched, with what the server said about it: the other side checks it like any answer.
struct Fetched: Encodable {
  let token: String
  let file: String?
  let status: Int
  let headers: [[String]]
}
