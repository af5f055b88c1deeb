// Finds the links in what another app shares. Pure; the same rules as `Links.kt`.
import Foundation

/// Punctuation that ends a sentence around a link rather than the link.
private let after: Set<Character> = [".", ",", ";", ":", "!", "?", ")", "]", "}", "»", "”"]

/// Limits on untrusted input: characters read of a shared text, links taken from it, and their total characters.
private let maxText = 65_536
private let maxLinks = 100
private let maxLength = 4_000

/// The web links in the text, in order, without duplicates, within the limits.
func sharedLinks(_ text: String) -> [String] {
  let looked = String(text.prefix(maxText))
  guard let link = try? NSRegularExpression(pattern: #"\bhttps?://[^\s<>"']+"#, options: .caseInsensitive) else {
    return []
  }
  let found = link.matches(in: looked, range: NSRange(looked.startIndex..., in: looked))
  var links: [String] = []
  var room = maxLength
  for one in found {
    guard let range = Range(one.range, in: looked) else { continue }
    let link = trimmed(String(looked[range]))
    if links.contains(link) { continue }
    room -= link.count
    if room < 0 || links.count == maxLinks { break }
    links.append(link)
  }
  return links
}

private func trimmed(_ link: String) -> String {
  var link = Substring(link)
  // A bracket that was opened inside the link belongs to it.
  var unopened = link.filter { $0 == ")" }.count - link.filter { $0 == "(" }.count
  while let last = link.last, after.contains(last) {
    if last == ")" {
      if unopened <= 0 { break }
      unopened -= 1
    }
    link.removeLast()
  }
  return String(link)
}
