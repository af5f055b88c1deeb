//! What a terminal shows of a run.

use std::io::Read;

use rustix::termios::{Winsize, tcsetwinsize};

use crate::passwords::terminal;
use crate::run::{Place, bytes, start};
use crate::server::Server;

/// All that a terminal of that many columns was sent by a run that downloads one file.
fn shown(columns: u16, path: &str) -> String {
    let (place, server) = (Place::new(), Server::start(bytes(3_000_000)));
    server.pace(1_500_000);
    let (mut outer, inner) = terminal();
    let size = Winsize {
        ws_row: 24,
        ws_col: columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    tcsetwinsize(&outer, size).expect("it takes a size");
    let mut command = place.get(&[&server.url(path)]);
    command.stderr(inner);
    let running = start(command);
    let mut shown = Vec::new();
    // Ends with an error when the run has closed the other end.
    let _closed = outer.read_to_end(&mut shown);
    let ended = running.ended();
    let shown = String::from_utf8_lossy(&shown).into_owned();
    assert_eq!(ended.code, Some(0), "{shown}");
    shown
}

#[test]
fn a_terminal_shows_name_share_and_decimal_sizes_in_its_width() {
    for columns in [80, 120] {
        let shown = shown(columns, "/file.bin");
        for part in ["file.bin", "100% [==========]", "3.00 MB/3.00 MB", " done"] {
            assert!(shown.contains(part), "{columns}: no {part} in {shown:?}");
        }
    }
}

#[test]
fn a_file_of_unknown_size_has_no_share_while_it_is_downloaded() {
    let shown = shown(80, "/unsized.bin");
    let mut lines = shown.split('\r');
    let line = lines.find(|line| line.contains(" MB"));
    let line = line.unwrap_or_else(|| panic!("no progress in {shown:?}"));
    assert!(!line.contains('%'), "{line:?}");
    assert!(
        line.contains("unsized.bin") && line.contains("B/s"),
        "{line:?}"
    );
}
