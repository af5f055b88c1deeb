//! Escapes notification bodies where the desktop parses them as markup: links, images and styles from a server or a
//! file name are shown literally (Desktop Notifications Specification 1.2, "Markup").

#[cfg(target_os = "linux")]
use std::sync::OnceLock;

/// `body`, escaped if this desktop parses markup.
pub(super) fn escaped(body: &str) -> String {
    if is_read() {
        escape(body)
    } else {
        body.to_owned()
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            plain => escaped.push(plain),
        }
    }
    escaped
}

/// Whether the notification server reports the capability `body-markup`. Requested once; a server that does not
/// respond shows no notifications either.
#[cfg(target_os = "linux")]
fn is_read() -> bool {
    static READ: OnceLock<bool> = OnceLock::new();
    *READ.get_or_init(|| {
        let capabilities = || -> zbus::Result<Vec<String>> {
            let name = "org.freedesktop.Notifications";
            let bus = zbus::blocking::Connection::session()?;
            let path = "/org/freedesktop/Notifications";
            let reply = bus.call_method(Some(name), path, Some(name), "GetCapabilities", &())?;
            reply.body().deserialize()
        };
        capabilities().is_ok_and(|all| all.iter().any(|one| one == "body-markup"))
    })
}

/// Other systems show plain text.
#[cfg(not(target_os = "linux"))]
fn is_read() -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_shown_as_its_characters() {
        let body = r#"coded as <a href="https://evil.example">Click</a> & <img src=x>"#;
        let shown = "coded as &lt;a href=\"https://evil.example\"&gt;Click&lt;/a&gt; &amp; &lt;img src=x&gt;";
        assert_eq!(escape(body), shown);
        assert_eq!(escape("plain – text"), "plain – text");
    }
}
