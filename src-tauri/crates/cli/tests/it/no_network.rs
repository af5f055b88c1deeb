//! A machine without a network, and one whose name server never answers: namespaces that only the child sees.
//! Needs `unshare`, `ip`, and the right to make user, network and mount namespaces.

use std::process::Command;
use std::time::Duration;

use crate::failures::assert_failed;
use crate::run::{Place, run};
use crate::waits::said;

/// A name that only a name server could know.
const AWAY: &str = "http://files.example/file.bin";

/// Runs `millrace get` after a script has set up what it sees; the script has the name of a file as `$1`.
fn within(place: &Place, script: &str, arguments: &[&str]) -> Command {
    let mut command = place.command("unshare");
    command.args(["--user", "--map-root-user", "--mount", "--net"]);
    let script = format!("{script}\nshift\nexec \"$@\"");
    command
        .args(["sh", "-c", &script, "sh"])
        .arg(place.path("resolv.conf"));
    command
        .arg(env!("CARGO_BIN_EXE_millrace"))
        .arg("get")
        .args(arguments);
    command
}

#[test]
fn without_a_network_a_run_ends_with_an_error_after_its_tries() {
    let place = Place::new();
    for url in [
        AWAY,
        "http://192.0.2.1/file.bin",
        "https://[2001:db8::1]/file.bin",
    ] {
        let arguments = ["--tries", "2", "--retry-wait", "0.1", "--timeout", "1", url];
        let ended = run(within(&place, "", &arguments));
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(ended.took < Duration::from_secs(20), "{ended:?}");
    }
}

#[test]
fn without_a_network_a_run_waits_for_one_where_it_is_told_to() {
    let place = Place::new();
    let arguments = ["--wait-for-network", "--tries", "1", "--timeout", "1", AWAY];
    let said = said(within(&place, "", &arguments));
    assert!(said.contains("waiting for a network"), "{said}");
}

#[test]
fn a_name_server_that_never_answers_ends_a_run_in_bounded_time() {
    let place = Place::new();
    std::fs::write(place.path("resolv.conf"), "nameserver 10.77.0.2\n")
        .expect("the folder can be written");
    // What is sent there is taken, and nobody answers.
    let script = "set -e
        mount --bind \"$1\" /etc/resolv.conf
        ip link add v0 type veth peer name v1
        ip addr add 10.77.0.1/24 dev v0
        ip link set v0 up
        ip link set v1 up
        ip neigh add 10.77.0.2 lladdr 02:00:00:00:00:01 dev v0
        ip route add default via 10.77.0.2";
    let arguments = [
        "--tries",
        "2",
        "--retry-wait",
        "0.1",
        "--timeout",
        "1",
        AWAY,
    ];
    let ended = run(within(&place, script, &arguments));
    assert_failed(&ended, "connect-timeout");
    assert!(ended.took < Duration::from_secs(20), "{ended:?}");
}
