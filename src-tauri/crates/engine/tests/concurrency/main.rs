//! A thousand parallel downloads, all in the middle of their body at the same moment. In a process of its own: it needs
//! thousands of descriptors.

#![expect(
    clippy::disallowed_methods,
    reason = "looks at real files and real time"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use millrace_engine::{Config, Engine, NativeFileSystem, NewDownload, Phase, Update};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Barrier;

const CROWD: usize = 1000;
const LENGTH: usize = 96 << 10;

/// The content of one file; all files differ.
fn bytes(number: u64) -> Vec<u8> {
    (0..LENGTH as u64 / 8)
        .flat_map(|word| (word.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ number << 40).to_le_bytes())
        .collect()
}

/// Responds to one request: half of the file, then a wait until all have half, then the rest.
async fn answer(stream: TcpStream, everybody: Arc<Barrier>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    let number = line.split(['/', '.']).find_map(|part| part.parse().ok());
    let body = bytes(number.unwrap_or(u64::MAX >> 24));
    while line.trim() != "" {
        line.clear();
        stream.read_line(&mut line).await?;
    }
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {LENGTH}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await?;
    let (first, rest) = body.split_at(LENGTH / 2);
    stream.write_all(first).await?;
    everybody.wait().await;
    stream.write_all(rest).await?;
    // The client closes the connection when it has read everything.
    stream.read_to_end(&mut Vec::new()).await.map(|_| ())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_at_once_finish_and_nothing_is_lost() {
    let limit = millrace_engine::raise_descriptor_limit();
    assert!(
        limit.is_none_or(|limit| limit > 4 * CROWD as u64),
        "{limit:?} descriptors are too few for this test"
    );
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .expect("loopback has free ports");
    let address = listener
        .local_addr()
        .expect("a bound socket has an address");
    let everybody = Arc::new(Barrier::new(CROWD));
    let serving = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream, Arc::clone(&everybody)));
        }
    });
    let home = TempDir::new().expect("a temporary folder");
    let folder = home.path().join("downloads");
    std::fs::create_dir(&folder).expect("a new folder");
    let mut config = Config::new(home.path().join("list.db"), Arc::new(NativeFileSystem));
    config.parallel = CROWD as u32;
    let (handle, run, _) = Engine::start(config).expect("the engine starts");
    let running = tokio::spawn(run);
    let mut news = handle.subscribe().await.expect("the engine runs");
    let begun = Instant::now();
    let wishes = (0..CROWD).map(|n| NewDownload {
        url: format!("http://{address}/{n}.bin"),
        folder: folder.clone(),
        ..NewDownload::default()
    });
    handle
        .add_many(wishes.collect())
        .await
        .expect("they are stored");
    let all = async {
        let mut done = 0;
        while done < CROWD {
            if let Some(Update::Changed(one)) = news.next().await {
                assert_ne!(one.phase, Phase::Failed, "{one:?}");
                done += usize::from(one.phase == Phase::Done);
            }
        }
    };
    let all = tokio::time::timeout(Duration::from_secs(60), all).await;
    all.expect("a thousand downloads finish in a minute");
    println!("scale: 1,000 at once: {:.3?}", begun.elapsed());
    drop(handle);
    running.await.expect("the engine does not panic");
    serving.abort();
    let entries = std::fs::read_dir(&folder).expect("the folder is there");
    assert_eq!(entries.count(), CROWD);
    for n in 0..CROWD {
        let is = std::fs::read(folder.join(format!("{n}.bin"))).expect("the file is there");
        assert!(is == bytes(n as u64), "{n}.bin differs");
    }
}
