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
All files are complete.
.TP
1
Something failed or was stopped. Standard error says what was kept and what to do next.
.TP
2
Wrong usage.
.SH ENVIRONMENT
.TP
\fBMILLRACE_HOME\fR
Directory for all state of the window and the command line.
.TP
\fBMILLRACE_DOWNLOADS\fR
Directory to save to, unless \fB\-d\fR is given.
.TP
\fBhttp_proxy\fR, \fBhttps_proxy\fR, \fBall_proxy\fR, \fBno_proxy\fR
Proxies, and hosts to reach without one, unless \fB\-\-proxy\fR is given.
.TP
\fBNETRC\fR
Credentials file for \fB\-n\fR, instead of ~/.netrc.
"#;
const EXAMPLES: &str = r#".SH EXAMPLES
Download into the current directory; the same command again resumes:
.PP
.RS
millrace get https://example.org/file.iso
.RE
.PP
Download a list of links, eight at once, with 2.5 MB/s at most:
.PP
.RS
millrace get \-j 8 \-\-limit 2.5M \-d isos \-i links.txt
.RE
.PP
Check the file against a digest:
.PP
.RS
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
        .display_name("millrace-get")
        // The page has a section for them.
        .after_help(None);
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
