use super::*;
use crate::domain::credentials::Credentials;
use crate::domain::download::NewDownload;

const WANTED: ByteRange = ByteRange {
    start: 300,
    end: 1_000,
};

fn known() -> Validators {
    Validators {
        total: Some(1_000),
        etag: Some("\"one\"".into()),
        last_modified: None,
        coding: None,
    }
}

fn judged(
    wanted: ByteRange,
    status: u16,
    said: &[(&str, &str)],
) -> Result<(u64, u64), &'static str> {
    let url = Url::parse("https://h/a").expect("a link");
    let said: Vec<(String, String)> = said
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let judged = check_response(&url, wanted, &known(), status, &said);
    let span = judged.map_err(|problem| problem.code())?;
    Ok((span.start, span.end))
}

const TAG: (&str, &str) = ("Etag", "\"one\"");
const RANGE: (&str, &str) = ("Content-Range", "bytes 300-999/1000");

#[test]
fn the_part_that_was_asked_for_or_less_of_it_is_taken() {
    assert_eq!(judged(WANTED, 206, &[TAG, RANGE]), Ok((300, 1_000)));
    let less = ("Content-Range", "bytes 300-499/1000");
    assert_eq!(judged(WANTED, 206, &[TAG, less]), Ok((300, 500)));
}

#[test]
fn a_whole_answer_is_taken_only_where_the_whole_was_asked_for() {
    let length = ("Content-Length", "1000");
    let all = ByteRange {
        start: 0,
        end: 1_000,
    };
    let first = ByteRange { start: 0, end: 500 };
    assert_eq!(judged(all, 200, &[TAG, length]), Ok((0, 1_000)));
    for wanted in [WANTED, first] {
        assert_eq!(judged(wanted, 200, &[TAG, length]), Err("range-mismatch"));
    }
}

#[test]
fn whatever_is_not_shown_to_be_that_part_of_that_file_is_refused() {
    let page = ("Content-Type", "text/html; charset=utf-8");
    let other = ("ETag", "\"two\"");
    let packed = ("Content-Encoding", "gzip");
    for (status, said, why) in [
        (206, vec![TAG], "range-mismatch"),
        (
            206,
            vec![TAG, ("Content-Range", "bytes 299-998/1000")],
            "range-mismatch",
        ),
        (
            206,
            vec![TAG, ("Content-Range", "bytes 300-1000/1001")],
            "range-mismatch",
        ),
        (
            206,
            vec![TAG, ("Content-Range", "bytes 300-999/*")],
            "range-mismatch",
        ),
        (
            206,
            vec![TAG, RANGE, ("Content-Length", "699")],
            "range-mismatch",
        ),
        (
            206,
            vec![("Content-Range", "bytes 300-999/1000")],
            "range-mismatch",
        ),
        (206, vec![("ETag", "W/\"one\""), RANGE], "range-mismatch"),
        (206, vec![other, RANGE], "changed"),
        (
            206,
            vec![TAG, ("Content-Range", "bytes 300-999/2000")],
            "changed",
        ),
        (206, vec![TAG, RANGE, packed], "encoded"),
        (200, vec![page, ("Content-Length", "42")], "not-the-file"),
        (404, vec![], "not-found"),
        (416, vec![], "changed"),
        (503, vec![], "server-error"),
        (0, vec![], "bad-response"),
    ] {
        assert_eq!(judged(WANTED, status, &said), Err(why), "{status} {said:?}");
    }
}

fn record(url: &str, headers: &[(&str, &str)], credentials: bool) -> Record {
    let text = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let new = NewDownload {
        url: url.into(),
        headers: headers.iter().map(text).collect(),
        credentials: credentials.then(|| Credentials {
            user: "Aladdin".into(),
            password: "open sesame".into(),
        }),
        ..NewDownload::default()
    };
    Record::new(new, 0).expect("a link")
}

fn fields(record: &Record, at_home: bool) -> Option<Vec<(String, String)>> {
    let mut fields = request_headers(record, at_home)?;
    fields.retain(|(name, _)| name != "user-agent");
    Some(fields)
}

fn text(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[test]
fn what_may_travel_goes_along_always_and_a_secret_only_to_the_origin_it_was_given_for() {
    let plain = record("http://h/a", &[("Referer", "http://h/")], false);
    let referer = vec![text("referer", "http://h/")];
    assert_eq!(fields(&plain, false), Some(referer));
    let cookie = record("https://h/a", &[("Cookie", "a=b")], false);
    assert_eq!(fields(&cookie, false), None);
    assert_eq!(fields(&cookie, true), Some(vec![text("cookie", "a=b")]));
}

#[test]
fn a_password_goes_along_only_where_it_may_before_it_is_asked_for() {
    let basic = text("authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    let safe = record("https://h/a", &[], true);
    assert_eq!(fields(&safe, true), Some(vec![basic]));
    assert_eq!(fields(&safe, false), None);
    assert_eq!(fields(&record("http://h/a", &[], true), true), None);
}

#[test]
fn ranges_and_conditions_are_ours_to_say_and_a_name_is_given_where_there_is_none() {
    let theirs = [
        ("Range", "bytes=0-1"),
        ("If-Range", "\"x\""),
        ("Accept-Encoding", "gzip"),
        ("User-Agent", "mine"),
    ];
    let one = record("http://h/a", &theirs, false);
    let sent = request_headers(&one, true).expect("nothing stands in the way");
    assert!(
        !sent
            .iter()
            .any(|(name, _)| name != "user-agent" && name != "accept-encoding"),
        "{sent:?}"
    );
}
