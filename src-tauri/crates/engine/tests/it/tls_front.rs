//! A TLS terminator in front of any loopback server. Knows nothing of the engine.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

pub(crate) use rustls::HandshakeKind;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

/// An authority of its own, and a certificate of it for `localhost`, `127.0.0.1` and `files.invalid`.
#[derive(Debug)]
pub(crate) struct Front {
    pub(crate) address: SocketAddr,
    /// The authority's certificate, as a user would pass it.
    pub(crate) root: Vec<u8>,
    greetings: Arc<Mutex<Vec<HandshakeKind>>>,
    accepting: JoinHandle<()>,
}

impl Drop for Front {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// An authority's certificate as PEM, and a server that has one of it.
pub(crate) fn identity() -> (Vec<u8>, ServerConfig) {
    let sound = "a new certificate can be made";
    let authority_key = rcgen::KeyPair::generate().expect(sound);
    let mut authority = rcgen::CertificateParams::new(Vec::new()).expect(sound);
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    authority.key_usages = vec![rcgen::KeyUsagePurpose::KeyCertSign];
    let root = authority.self_signed(&authority_key).expect(sound);
    let issuer = rcgen::Issuer::new(authority, authority_key);
    let key = rcgen::KeyPair::generate().expect(sound);
    let names = ["localhost", "127.0.0.1", "files.invalid"].map(str::to_owned);
    let mut leaf = rcgen::CertificateParams::new(names).expect(sound);
    leaf.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
    let leaf = leaf.signed_by(&key, &issuer).expect(sound);
    let secret = PrivateKeyDer::try_from(key.serialize_der()).expect(sound);
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect(sound)
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], secret)
        .expect(sound);
    (root.pem().into_bytes(), config)
}

impl Front {
    pub(crate) async fn of(target: SocketAddr) -> Self {
        let (root, config) = identity();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback has free ports");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let greetings: Arc<Mutex<Vec<HandshakeKind>>> = Arc::default();
        let noted = Arc::clone(&greetings);
        let accepting = tokio::spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, noted) = (acceptor.clone(), Arc::clone(&noted));
                open.spawn(async move {
                    // A client that does not trust the certificate disconnects.
                    if let Ok(mut secure) = acceptor.accept(stream).await
                        && let Ok(mut plain) = TcpStream::connect(target).await
                    {
                        let kind = secure.get_ref().1.handshake_kind();
                        noted.lock().expect("nothing panics with it").extend(kind);
                        let _gone = copy_bidirectional(&mut secure, &mut plain).await;
                    }
                });
            }
        });
        Self {
            address,
            root,
            greetings,
            accepting,
        }
    }

    /// The kind of handshake of each connection, in order.
    pub(crate) fn greetings(&self) -> Vec<HandshakeKind> {
        let all = self.greetings.lock();
        all.expect("nothing panics with it").clone()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("https://{}{path}", self.address)
    }
}
