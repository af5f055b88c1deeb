//! What no name of a file may be, whoever chose it.

/// Maximum length in bytes; leaves room for ` (999)` and `.part` below the usual 255.
pub(crate) const MAX_LEN: usize = longest(cfg!(target_os = "android"));

/// Android's MediaStore names a pending file `.pending-<ten digits>-NAME` and truncates at 255 bytes.
const fn longest(pending: bool) -> usize {
    if pending { 220 } else { 240 }
}

/// Device names of Windows, with or without an extension.
pub(crate) fn reserved(stem: &str) -> bool {
    let upper = stem.to_ascii_uppercase();
    match upper.as_str() {
        "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$" | "CLOCK$" => true,
        other => ["COM", "LPT"].iter().any(|device| {
            other.strip_prefix(device).is_some_and(|n| {
                matches!(
                    n,
                    "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"
                )
            })
        }),
    }
}
