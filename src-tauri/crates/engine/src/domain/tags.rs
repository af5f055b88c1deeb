//! Tags of a download: short words that the user gives it, to find it by. Pure.

/// Tags of one download at most.
pub const MAX_TAGS: usize = 6;
/// Characters of one tag at most.
pub const MAX_TAG_CHARS: usize = 24;

/// The tags as they are kept: trimmed, without control characters and repetitions (whatever their case), the first
/// [`MAX_TAGS`] of them, each with its first [`MAX_TAG_CHARS`] characters.
pub fn normalize(tags: &[String]) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for tag in tags {
        let clean: String = tag.chars().filter(|char| !char.is_control()).collect();
        let short: String = clean.trim().chars().take(MAX_TAG_CHARS).collect();
        let short = short.trim_end();
        let known = kept
            .iter()
            .any(|other| other.to_lowercase() == short.to_lowercase());
        if !short.is_empty() && !known && kept.len() < MAX_TAGS {
            kept.push(short.to_owned());
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(given: &[&str]) -> Vec<String> {
        normalize(&given.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn tags_are_trimmed_and_kept_once() {
        assert_eq!(
            tags(&[" Work ", "", "work", "a\u{7}b", " "]),
            ["Work", "ab"]
        );
    }

    #[test]
    fn tags_are_bounded_in_number_and_length() {
        let long = "ä".repeat(100);
        let many: Vec<String> = (0..20).map(|n| format!("{n}{long}")).collect();
        let kept = normalize(&many);
        assert_eq!(kept.len(), MAX_TAGS);
        assert!(kept.iter().all(|tag| tag.chars().count() == MAX_TAG_CHARS));
    }
}
