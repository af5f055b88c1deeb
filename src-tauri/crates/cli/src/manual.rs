//! Generates the manual pages and the completions that packages install from the arguments; they are kept in
//! `gen/command/`. Test code only: none of it is in the program.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;

use crate::args::Args;

/// Sections that `millrace --help` has no room for, in roff.
const BOTH: &str = r#".SH "EXIT STATUS"
.TP
0
Everything came.
.TP
1
Anything failed. Standard error says what was kept and what to do.
.TP
2
Wrong usage.
.SH ENVIRONMENT
.TP
\fBMILLRACE_HOME\fR
The folder for all state.
.TP
\fBMILLRACE_DOWNLOADS\fR
The default folder for files.
.TP
\fBhttp_proxy\fR, \fBhttps_proxy\fR, \fBall_proxy\fR, \fBno_proxy\fR
How servers are reached, unless \fB\-\-proxy\fR says otherwise.
.TP
\fBNETRC\fR
The file of names and passwords for \fB\-n\fR.
"#;
const EXAMPLES: &str = r#".SH EXAMPLES
Into the current folder; the same command again continues what is unfinished:
.PP
.RS
millrace get https://example.org/file.iso
.RE
.PP
A list of links, eight at once; one file with the digest that it must have:
.PP
.RS
millrace get \-j 8 \-d isos \-i links.txt
.br
millrace get \-\-checksum sha\-256:\fIHEX\fR https://example.org/file.iso
.RE
"#;
const SEE_GET: &str = ".SH \"SEE ALSO\"\n.BR millrace\\-get (1),\n.BR millrace\\-app (1)\n";
const SEE_ALL: &str = ".SH \"SEE ALSO\"\n.BR millrace (1),\n.BR millrace\\-app (1)\n";

/// Name and content of each file.
fn made() -> io::Result<Vec<(&'static str, String)>> {
    let mut whole = Args::command().disable_help_subcommand(true);
    whole.build();
    let get = whole.find_subcommand("get").expect("it is declared");
    let get = get
        .clone()
        .name("millrace-get")
        .display_name("millrace-get");
    let mut files = vec![
        ("millrace.1", page(whole.clone(), &[BOTH, SEE_GET])?),
        ("millrace-get.1", page(get, &[BOTH, EXAMPLES, SEE_ALL])?),
    ];
    let shells = [
        ("millrace.bash", Shell::Bash),
        ("_millrace", Shell::Zsh),
        ("millrace.fish", Shell::Fish),
    ];
    for (name, shell) in shells {
        let mut bytes = Vec::new();
        clap_complete::generate(shell, &mut Args::command(), "millrace", &mut bytes);
        files.push((name, text(bytes)?));
    }
    Ok(files)
}

fn page(command: Command, more: &[&str]) -> io::Result<String> {
    let source = concat!("millrace ", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command).manual("Millrace").source(source);
    let mut bytes = Vec::new();
    man.render(&mut bytes)?;
    for section in more {
        bytes.write_all(section.as_bytes())?;
    }
    text(bytes)
}

fn text(bytes: Vec<u8>) -> io::Result<String> {
    String::from_utf8(bytes).map_err(io::Error::other)
}

fn folder() -> PathBuf {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    crates.join("..").join("..").join("gen").join("command")
}

#[test]
fn the_manual_and_the_completions_are_fresh() {
    let write = std::env::var_os("MILLRACE_GEN").is_some_and(|set| set == "1");
    for (name, content) in made().unwrap() {
        let file = folder().join(name);
        if write {
            std::fs::create_dir_all(folder()).unwrap();
            std::fs::write(&file, &content).unwrap();
        }
        let committed = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(
            committed.replace("\r\n", "\n") == content,
            "gen/command/{name} is not what the arguments say: run `npm run gen`"
        );
    }
}
