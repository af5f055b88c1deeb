//! Rules by which new downloads get their folder, tags and place in the queue: by host, by type and by name. Pure.

use millrace_engine::{NewDownload, Priority};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::category::Category;
use crate::folder_grants::Folder;

/// A rule applies where all of its conditions hold; of several the first one counts. Patterns know `*` and `?`, and do
/// not distinguish upper and lower case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// Pattern of the file's name, such as `*.mkv`.
    pub name: Option<String>,
    /// Pattern of the host in the link. `example.org` also means the hosts below it.
    pub host: Option<String>,
    pub category: Option<Category>,
    /// Where files go; null for where they would go anyway.
    pub folder: Option<Folder>,
    /// For downloads that are added with the normal one.
    pub priority: Option<Priority>,
    /// Added to those that a download is given; bounded as these are.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Ahead of all others of its priority in the queue.
    #[serde(default)]
    pub queue_first: bool,
}

impl Rule {
    /// The first rule that applies to a file of this name from this host.
    pub fn find<'a>(rules: &'a [Self], name: &str, host: &str) -> Option<&'a Self> {
        rules.iter().find(|rule| rule.applies(name, host))
    }

    /// What it says about a new download, as far as that was not chosen; where the file goes is not among it.
    pub fn apply(&self, new: &mut NewDownload) {
        if new.priority == Priority::Normal {
            new.priority = self.priority.unwrap_or_default();
        }
        new.tags.extend(self.tags.iter().cloned());
        new.queue_first |= self.queue_first;
    }

    fn applies(&self, name: &str, host: &str) -> bool {
        let named = self.name.as_deref();
        let hosted = self.host.as_deref();
        self.has_condition()
            && named.is_none_or(|pattern| matches(pattern, name))
            && hosted.is_none_or(|pattern| is_host(pattern, host))
            && self.category.is_none_or(|own| own == Category::of(name))
    }

    /// Whether it says to which downloads it applies: one that does not applies to none.
    pub fn has_condition(&self) -> bool {
        self.name.is_some() || self.host.is_some() || self.category.is_some()
    }

    /// Its patterns, for display; empty for a rule by type alone.
    pub fn patterns(&self) -> String {
        let both = [self.name.as_deref(), self.host.as_deref()];
        let both: Vec<&str> = both.into_iter().flatten().collect();
        both.join(" · ")
    }
}

/// The host in a link; empty without one.
pub fn host_of(url: &str) -> String {
    let url: Option<Url> = url.trim().parse().ok();
    let host = url.as_ref().and_then(Url::host_str);
    host.unwrap_or_default().to_owned()
}

fn is_host(pattern: &str, host: &str) -> bool {
    let below = host
        .char_indices()
        .filter(|(_, sign)| *sign == '.')
        .any(|(at, _)| matches(pattern, &host[at + 1..]));
    below || matches(pattern, host)
}

/// Whether the whole text is as the pattern says: `*` stands for any text, `?` for one character.
fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().flat_map(char::to_lowercase).collect();
    let text: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
    let (mut at, mut from) = (0, 0);
    // Where the last `*` is, and how much of the text it stands for so far.
    let mut star: Option<(usize, usize)> = None;
    while from < text.len() {
        match (pattern.get(at), star) {
            (Some('*'), _) => {
                star = Some((at, from));
                at += 1;
            }
            (Some(sign), _) if *sign == '?' || Some(sign) == text.get(from) => {
                at += 1;
                from += 1;
            }
            (_, Some((place, taken))) => {
                star = Some((place, taken + 1));
                at = place + 1;
                from = taken + 1;
            }
            (_, None) => return false,
        }
    }
    pattern.iter().skip(at).all(|sign| *sign == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(name: Option<&str>, host: Option<&str>, category: Option<Category>) -> Rule {
        Rule {
            name: name.map(str::to_owned),
            host: host.map(str::to_owned),
            category,
            folder: None,
            priority: None,
            tags: Vec::new(),
            queue_first: false,
        }
    }

    #[test]
    fn what_was_chosen_counts_before_a_rule_and_tags_are_added() {
        let rule = Rule {
            priority: Some(Priority::Low),
            tags: vec!["films".into()],
            queue_first: true,
            ..rule(Some("*"), None, None)
        };
        for (chosen, expected) in [
            (Priority::Normal, Priority::Low),
            (Priority::High, Priority::High),
        ] {
            let mut new = NewDownload {
                priority: chosen,
                tags: vec!["own".into()],
                ..NewDownload::default()
            };
            rule.apply(&mut new);
            assert_eq!(new.priority, expected);
            assert_eq!(new.tags, ["own", "films"]);
            assert!(new.queue_first);
        }
    }

    #[test]
    fn the_host_is_without_port_and_credentials() {
        assert_eq!(
            host_of(" https://ada:pw@Files.example.org:8/a#b"),
            "files.example.org"
        );
        assert_eq!(host_of("not a link"), "");
    }

    #[test]
    fn a_pattern_is_for_the_whole_text() {
        for (pattern, text, expected) in [
            ("*.mkv", "Film.MKV", true),
            ("*.mkv", "film.mkv.part", false),
            ("film.*", "film.mkv", true),
            ("*s0?e1*", "show.s01e12.mp4", true),
            ("*s0?e1*", "show.s1e12.mp4", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("?", "", false),
            ("ä?", "ÄÖ", true),
            ("**a", "bba", true),
            ("*.tar.*", "x.tar.gz", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn every_condition_has_to_hold() {
        let video = Some(Category::Video);
        for (rule, name, host, expected) in [
            (rule(None, None, None), "a.mkv", "a.example", false),
            (rule(Some("*.mkv"), None, None), "a.mkv", "", true),
            (
                rule(None, Some("example.org"), None),
                "a",
                "example.org",
                true,
            ),
            (
                rule(None, Some("example.org"), None),
                "a",
                "cdn.example.org",
                true,
            ),
            (
                rule(None, Some("example.org"), None),
                "a",
                "notexample.org",
                false,
            ),
            (
                rule(None, Some("*.example.org"), None),
                "a",
                "cdn.example.org",
                true,
            ),
            (rule(None, None, video), "a.mp4", "", true),
            (rule(None, None, video), "a.mp3", "", false),
            (
                rule(Some("a*"), Some("b.example"), video),
                "a.mp4",
                "b.example",
                true,
            ),
            (
                rule(Some("a*"), Some("b.example"), video),
                "b.mp4",
                "b.example",
                false,
            ),
            (
                rule(Some("a*"), Some("b.example"), video),
                "a.mp4",
                "c.example",
                false,
            ),
            (
                rule(Some("a*"), Some("b.example"), video),
                "a.zip",
                "b.example",
                false,
            ),
        ] {
            assert_eq!(rule.applies(name, host), expected, "{rule:?} {name} {host}");
        }
    }

    #[test]
    fn the_first_rule_that_applies_counts() {
        let rules = [
            rule(Some("*.iso"), None, None),
            rule(Some("a*"), None, None),
            rule(Some("*"), Some("b.example"), None),
        ];
        let found = |name, host| Rule::find(&rules, name, host).map(Rule::patterns);
        assert_eq!(found("a.iso", "b.example"), Some("*.iso".into()));
        assert_eq!(found("a.zip", "b.example"), Some("a*".into()));
        assert_eq!(found("c.zip", "b.example"), Some("* · b.example".into()));
        assert_eq!(found("c.zip", "c.example"), None);
    }
}
