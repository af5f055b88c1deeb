//! The password for `-u NAME`: from a file, a netrc file or the terminal, so that the process list does not show it.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use crate::args::GetArgs;
use crate::{RunError, netrc, request_options};

/// Longer lines are rejected.
const MAX_LEN: u64 = 64 << 10;

/// Completes `-u` to `USER:PASSWORD`. With `-n` it is left unchanged if the netrc file has that user: each host has a
/// password of its own there.
pub(crate) fn complete(get: &mut GetArgs) -> Result<(), RunError> {
    let Some(user) = get.user.clone() else {
        return Ok(());
    };
    let named = user.contains(':');
    let password = match &get.password_file {
        Some(_) if named => {
            let both = "-u and --password-file both give a password; use only one";
            return Err(RunError::Usage(both.into()));
        }
        Some(file) if file == Path::new("-") && get.list.as_deref() == Some(file) => {
            let both = "-i and --password-file cannot both read standard input";
            return Err(RunError::Usage(both.into()));
        }
        Some(file) => read(file)?,
        None if named => return Ok(()),
        None if request_options::netrc(get)?.is_some_and(|file| netrc::names(&file, &user)) => {
            return Ok(());
        }
        None => ask(&user)?,
    };
    get.user = Some(format!("{user}:{password}"));
    Ok(())
}

/// The first line of the file.
fn read(file: &Path) -> Result<String, RunError> {
    let line = || {
        let mut line = Vec::new();
        let from: Box<dyn Read> = if file == Path::new("-") {
            Box::new(std::io::stdin())
        } else {
            Box::new(std::fs::File::open(file)?)
        };
        BufReader::new(from.take(MAX_LEN)).read_until(b'\n', &mut line)?;
        String::from_utf8(line).map_err(std::io::Error::other)
    };
    let line: std::io::Result<String> = line();
    let line = line.map_err(|error| {
        RunError::Failed(format!(
            "{}: {error}; nothing was downloaded",
            file.display()
        ))
    })?;
    let line = line.strip_prefix('\u{feff}').unwrap_or(&line);
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Prompts on the terminal itself, whatever standard input is; the input is not echoed.
fn ask(user: &str) -> Result<String, RunError> {
    rpassword::prompt_password(format!("Password for {user}: ")).map_err(|_| {
        RunError::Usage(
            "-u has no password, and there is no terminal to ask for it; use --password-file, a netrc file with -n, or USER:PASSWORD"
                .into(),
        )
    })
}
