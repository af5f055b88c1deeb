//! A loopback server that can do no more than show its certificate.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection};

const SOUND: &str = "a new certificate can be made";

/// Who says for whom, and for how long, a certificate is good.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// As a person would name it.
    pub(crate) pem: String,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let key = KeyPair::generate().expect(SOUND);
        let mut params = CertificateParams::new(Vec::new()).expect(SOUND);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let pem = params.self_signed(&key).expect(SOUND).pem();
        let issuer = Issuer::new(params, key);
        Self { issuer, pem }
    }
}

/// Shakes hands until dropped.
pub(crate) struct TlsServer {
    pub(crate) address: SocketAddr,
    closing: Arc<AtomicBool>,
    serving: Option<JoinHandle<()>>,
}

impl TlsServer {
    /// With a certificate for `name` by that authority, or else by itself; changed further by `change`.
    pub(crate) fn start(
        by: Option<&Authority>,
        name: &str,
        change: impl FnOnce(&mut CertificateParams),
    ) -> Self {
        let key = KeyPair::generate().expect(SOUND);
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect(SOUND);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        change(&mut params);
        let certificate = match by {
            Some(authority) => params.signed_by(&key, &authority.issuer),
            None => params.self_signed(&key),
        };
        let certificate = certificate.expect(SOUND).der().clone();
        let secret = PrivateKeyDer::try_from(key.serialize_der()).expect(SOUND);
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect(SOUND)
            .with_no_client_auth()
            .with_single_cert(vec![certificate], secret)
            .expect(SOUND);
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
        let address = listener.local_addr().expect("it is bound");
        let closing = Arc::new(AtomicBool::new(false));
        let end = Arc::clone(&closing);
        let serving = std::thread::spawn(move || {
            while let Ok((mut stream, _)) = listener.accept() {
                if end.load(Ordering::Relaxed) {
                    return;
                }
                // Who does not trust it goes away.
                let _gone = greet(&mut stream, &config);
            }
        });
        Self {
            address,
            closing,
            serving: Some(serving),
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("https://{}/file.bin", self.address)
    }
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::Relaxed);
        // Wakes the thread that waits for the next connection.
        let _woken = TcpStream::connect(self.address);
        if let Some(serving) = self.serving.take() {
            // A panic of the thread has been reported where it happened.
            let _panicked = serving.join();
        }
    }
}

fn greet(stream: &mut TcpStream, config: &Arc<ServerConfig>) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let mut secure = ServerConnection::new(Arc::clone(config)).map_err(std::io::Error::other)?;
    while secure.is_handshaking() {
        secure.complete_io(stream)?;
    }
    Ok(())
}
