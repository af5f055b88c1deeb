//! Tables of what each format says, and that what is written is read again as it was.

use proptest::prelude::*;

use super::*;

fn entry(url: &str) -> ListEntry {
    ListEntry {
        url: url.into(),
        ..ListEntry::default()
    }
}

/// One with everything that the own format can say.
fn full() -> ListEntry {
    ListEntry {
        url: "https://host/a.zip?sig=1".into(),
        name: Some("a b.zip".into()),
        folder: Some("/home/ada/Downloads".into()),
        headers: vec![
            ("Referer".into(), "https://host/".into()),
            ("X-A".into(), "1: 2".into()),
        ],
        checksum: Some(format!("sha-256:{}", "ab".repeat(32))),
        user: Some("ada".into()),
        password: Some("pass=word".into()),
        proxy: Some("http://proxy:3128/".into()),
        connections: Some(4),
        limit: Some(250_000),
        priority: Priority::High,
        state: EntryState::Paused,
        start_at: Some(5),
        unmetered_only: true,
        tags: vec!["film".to_owned()],
        added_at: Some(1),
        finished_at: Some(2),
        total: Some(3),
    }
}

fn faults(list: &ListFile) -> Vec<(u32, FaultReason, &str)> {
    let show = |one: &'_ Fault| (one.place, one.reason);
    let texts = list.faults.iter().map(|one| one.text.as_str());
    let places = list.faults.iter().map(show);
    places
        .zip(texts)
        .map(|((place, why), text)| (place, why, text))
        .collect()
}

#[test]
fn the_own_format_says_everything() {
    let all = [full(), entry("http://host/b")];
    let text = write(&all, ExportFormat::Json);
    let list = parse(&text).unwrap();
    assert_eq!(list.format, ImportFormat::Json);
    assert_eq!(list.entries, all);
    assert_eq!(list.faults, []);
}

#[test]
fn an_input_file_of_aria2_says_what_aria2_has_an_option_for() {
    let text = write(&[full(), entry("http://host/b")], ExportFormat::Aria2);
    let list = parse(&text).unwrap();
    assert_eq!(list.format, ImportFormat::Aria2);
    let told = ListEntry {
        priority: Priority::Normal,
        start_at: None,
        unmetered_only: false,
        tags: Vec::new(),
        added_at: None,
        finished_at: None,
        total: None,
        ..full()
    };
    assert_eq!(list.entries, [told, entry("http://host/b")]);
    assert_eq!(list.faults, []);
}

#[test]
fn aria2_files_of_others_are_read() {
    let text = "\u{feff}# a session\r\n\
        https://one/a.iso\thttps://two/a.iso\r\n \
        gid=0123456789abcdef\r\n \
        dir=/data\r\n\
        \tout=b.iso\r\n \
        checksum=sha-1=da39a3ee5e6b4b0d3255bfef95601890afd80709\r\n \
        max-download-limit=2M\r\n \
        split=5\r\n \
        max-connection-per-server=2\r\n \
        user-agent=curl/8\r\n\
        magnet:?xt=urn:btih:1\n\
        ftp://host/x\thttp://host/x\n  \
        header=No colon\n  \
        split=many\n  \
        pause=true\n";
    let list = parse(text).unwrap();
    assert_eq!(list.format, ImportFormat::Aria2);
    let first = ListEntry {
        name: Some("b.iso".into()),
        folder: Some("/data".into()),
        checksum: Some("sha-1:da39a3ee5e6b4b0d3255bfef95601890afd80709".into()),
        limit: Some(2 << 20),
        connections: Some(2),
        headers: vec![("User-Agent".into(), "curl/8".into())],
        ..entry("https://one/a.iso")
    };
    let second = ListEntry {
        state: EntryState::Paused,
        ..entry("http://host/x")
    };
    assert_eq!(list.entries, [first, second]);
    assert_eq!(
        faults(&list),
        [
            (11, FaultReason::Link, "magnet:"),
            (13, FaultReason::Header, ""),
            (14, FaultReason::Option, "split=many"),
        ]
    );
}

#[test]
fn a_plain_list_has_one_link_a_line() {
    let text = "# mine\nhttps://host/a\n\n  http://host/b  \nftp://u:secret@host/c\nhello\n";
    let list = parse(text).unwrap();
    assert_eq!(list.format, ImportFormat::Links);
    assert_eq!(
        list.entries,
        [entry("https://host/a"), entry("http://host/b")]
    );
    assert_eq!(
        faults(&list),
        [
            (5, FaultReason::Link, "ftp:"),
            (6, FaultReason::Entry, "hello"),
        ]
    );
    assert_eq!(
        write(&list.entries, ExportFormat::Links),
        "https://host/a\nhttp://host/b\n"
    );
}

#[test]
fn what_ab_download_manager_copies_is_read() {
    let one = r#"{"type":"http","link":"https://host/a","headers":{"Cookie":"a=b"},
        "username":"ada","password":"s","downloadPage":"https://host/","userAgent":"UA"}"#;
    let expected = ListEntry {
        headers: vec![
            ("Cookie".into(), "a=b".into()),
            ("User-Agent".into(), "UA".into()),
            ("Referer".into(), "https://host/".into()),
        ],
        user: Some("ada".into()),
        password: Some("s".into()),
        ..entry("https://host/a")
    };
    let single = parse(one).unwrap();
    assert_eq!(single.format, ImportFormat::AbDownloadManager);
    assert_eq!(single.entries, std::slice::from_ref(&expected));
    let many = format!(
        r#"[{one},{{"type":"http","link":"http://host/b"}},{{"type":"hls","link":"https://host/l"}}]"#
    );
    let many = parse(&many).unwrap();
    assert_eq!(many.entries, [expected, entry("http://host/b")]);
    assert_eq!(faults(&many), [(3, FaultReason::Entry, "")]);
}

#[test]
fn what_the_api_of_gopeed_returns_is_read() {
    let text = r#"{"code":0,"msg":"","data":[
        {"id":"1","protocol":"http","status":"pause","meta":{"req":{"url":"https://host/a",
          "extra":{"method":"","header":{"User-Agent":"UA"}},"labels":{}},"res":null,
          "opts":{"name":"a.zip","path":"/data","selectFiles":[],"extra":{"connections":16}}}},
        {"id":"2","protocol":"bt","status":"done","meta":{"req":{"url":"magnet:?xt=1","extra":null},"opts":null}},
        {"id":"3","status":"done","meta":{"req":{"url":"https://host/c","extra":{"method":"POST"}}}},
        {"id":"4","status":"done","meta":{"req":{"url":"https://host/d"}}}]}"#;
    let list = parse(text).unwrap();
    assert_eq!(list.format, ImportFormat::Gopeed);
    let first = ListEntry {
        name: Some("a.zip".into()),
        folder: Some("/data".into()),
        headers: vec![("User-Agent".into(), "UA".into())],
        connections: Some(16),
        state: EntryState::Paused,
        ..entry("https://host/a")
    };
    let last = ListEntry {
        state: EntryState::Done,
        ..entry("https://host/d")
    };
    assert_eq!(list.entries, [first, last]);
    assert_eq!(
        faults(&list),
        [
            (2, FaultReason::Link, "magnet:"),
            (3, FaultReason::Entry, "")
        ]
    );
}

#[test]
fn a_download_is_taken_without_what_cannot_be_used() {
    let text = write(
        &[ListEntry {
            name: Some("../a".into()),
            checksum: Some("crc:1".into()),
            proxy: Some("ftp://proxy".into()),
            headers: vec![
                ("Bad name".into(), "1".into()),
                ("Range".into(), "x".into()),
            ],
            connections: Some(0),
            limit: Some(0),
            ..entry("http://host/a")
        }],
        ExportFormat::Json,
    );
    let list = parse(&text).unwrap();
    assert_eq!(list.entries, [entry("http://host/a")]);
    assert_eq!(
        faults(&list),
        [
            (1, FaultReason::Name, "../a"),
            (1, FaultReason::Checksum, "crc:1"),
            (1, FaultReason::Proxy, ""),
            (1, FaultReason::Header, "Bad name"),
        ]
    );
}

#[test]
fn a_file_of_which_nothing_can_be_taken_is_refused_in_words() {
    let many = format!("[{}1]", "1,".repeat(MAX_ENTRIES));
    for (text, words) in [
        ("", "no download in a format that is known"),
        ("hello\nworld", "no download in a format that is known"),
        (
            "{\"format\":\"millrace-list\",\n\"version\":1,\n\"downloads\":[",
            "line 3: the JSON ends",
        ),
        (
            "{\"format\":\"millrace-list\",\"version\":9}",
            "a newer version (format 9)",
        ),
        (
            "{\"format\":\"millrace-list\",\"version\":1}",
            "no download in a format that is known",
        ),
        ("[1,2]", "no download in a format that is known"),
        ("{}", "no download in a format that is known"),
        (many.as_str(), "no download in a format that is known"),
        (&"x".repeat(MAX_BYTES + 1), "longer than 16 MB"),
        (
            &"http://host/a\n".repeat(MAX_ENTRIES + 1),
            "more than 20000 downloads",
        ),
    ] {
        let error = parse(text).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
        assert!(error.ends_with("nothing was added"), "{error}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC{0,200}|([ \\t]?[a-z]{1,4}(://)?[=:a-z]{0,6}[\\n\\t]){0,30}") {
        let _ = parse(&text);
    }
}
