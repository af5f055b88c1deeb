//! `-o -`: writes one file to standard output, or into a device or a pipe. Keeps no state: another run cannot continue
//! it.

use std::io::Write;

use millrace_engine::{Config, NewDownload, StreamError, stream};

use crate::RunError;
use crate::args::GetArgs;
use crate::output::Output;
use crate::output_path::{OutputPath, is_stream};
use crate::signals::Signals;
use crate::{messages, paths, text};

/// The output, if `-o` does not name a regular file.
pub(crate) fn open(get: &GetArgs) -> Result<Option<Box<dyn Write + Send>>, RunError> {
    match &get.output {
        Some(OutputPath::Stdout) => Ok(Some(Box::new(std::io::stdout()))),
        Some(OutputPath::File { folder, name }) => {
            let path = paths::unmade(get.dir.clone()).join(folder).join(name);
            if !is_stream(&path) {
                return Ok(None);
            }
            let output = std::fs::File::options().write(true).open(&path);
            let output = output.map_err(|error| format!("{}: {error}", path.display()))?;
            Ok(Some(Box::new(output)))
        }
        None => Ok(None),
    }
}

/// Returns whether every byte was written and is as expected.
pub(crate) async fn run(
    config: &Config,
    new: NewDownload,
    output: Box<dyn Write + Send>,
    show: &Output,
) -> Result<bool, RunError> {
    let mut signals = Signals::new().map_err(|error| format!("signals: {error}"))?;
    let shown = text::redacted(&new.url);
    let ended = tokio::select! {
        ended = stream(config, new, output) => ended,
        () = signals.next() => {
            show.line("stopped; a stream can't be resumed, run the same command to restart");
            return Ok(false);
        }
    };
    match ended {
        Ok(streamed) => {
            show.verified(&format!("-: verified: {}", streamed.verdict));
            Ok(true)
        }
        Err(error @ StreamError::Output(_)) => {
            let next =
                "the reader of the output is gone or it is full, run the same command to restart";
            Err(RunError::Failed(format!("-o: {error}; {next}")))
        }
        Err(StreamError::Failed { problem, written }) => {
            let line = messages::stream_failure(&shown, &problem, written);
            Err(RunError::Failed(line))
        }
        Err(error @ (StreamError::Network(_) | StreamError::BadHeader(_))) => {
            Err(RunError::Failed(error.to_string()))
        }
    }
}
