//! Certificate verification: trusts the system's roots (so that a company's own root works), and the certificates that
//! the user adds.

use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    AlertDescription, CertificateError, ClientConfig, DigitallySignedStruct, Error, InvalidMessage,
    SignatureScheme,
};

use super::HttpConfigError;
use crate::domain::problem::TlsFailure;

/// A client configuration that trusts the system's roots and `extra_roots` (PEM).
pub(super) fn config(extra_roots: &[Vec<u8>]) -> Result<ClientConfig, HttpConfigError> {
    let mut extra = Vec::new();
    for pem in extra_roots {
        let before = extra.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            extra.push(certificate.map_err(|_| HttpConfigError::Certificate)?);
        }
        if extra.len() == before {
            return Err(HttpConfigError::Certificate);
        }
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let trust = LazyVerifier {
        extra,
        provider: Arc::clone(&provider),
        system: OnceLock::new(),
    };
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(trust))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// Reads the system's roots, which takes some milliseconds, at the first certificate that needs them.
#[derive(Debug)]
struct LazyVerifier {
    extra: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
    system: OnceLock<Result<Arc<dyn ServerCertVerifier>, Error>>,
}

impl LazyVerifier {
    fn system(&self) -> Result<&Arc<dyn ServerCertVerifier>, Error> {
        let made = self
            .system
            .get_or_init(|| system(self.extra.clone(), Arc::clone(&self.provider)));
        made.as_ref().map_err(Clone::clone)
    }
}

#[cfg(not(target_os = "android"))]
fn system(
    extra: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    let verifier = rustls_platform_verifier::Verifier::new_with_extra_roots(extra, provider)?;
    Ok(Arc::new(verifier))
}

/// Android's verifier needs a Kotlin part initialized at start, and panics at the first handshake without it; Mozilla's
/// roots do not need it.
#[cfg(target_os = "android")]
use mozilla as system;

#[cfg(any(test, target_os = "android"))]
fn mozilla(
    extra: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    let mut roots = rustls::RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    for certificate in extra {
        roots.add(certificate)?;
    }
    let builder =
        rustls::client::WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider);
    let verifier = builder
        .build()
        .map_err(|error| Error::General(error.to_string()))?;
    Ok(verifier)
}

impl ServerCertVerifier for LazyVerifier {
    /// A server certificate that the user added itself is trusted for the names in it, whether or not an authority
    /// issued it or it is an authority's own; everything else is verified by the system.
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.extra.iter().any(|named| named == end_entity) {
            let parsed = ParsedCertificate::try_from(end_entity)?;
            verify_server_name(&parsed, server_name)?;
            return Ok(ServerCertVerified::assertion());
        }
        let system = self
            .system()
            .map_err(|_| Error::InvalidCertificate(CertificateError::UnknownIssuer))?;
        system.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let algorithms = &self.provider.signature_verification_algorithms;
        algorithms.supported_schemes()
    }
}

/// Classifies a TLS error; `None` for one that tells the user nothing.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the library's lists of errors are open"
)]
pub(super) fn failure(error: &Error) -> Option<TlsFailure> {
    match error {
        Error::InvalidCertificate(wrong) => Some(match wrong {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                TlsFailure::Expired
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                TlsFailure::NotYetValid
            }
            // A bad signature is also what an authority with the name of a trusted one leads to.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => {
                TlsFailure::UnknownIssuer
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                TlsFailure::OtherName
            }
            CertificateError::Revoked => TlsFailure::Revoked,
            // An authority's certificate used as a server's: what tools for self-signed certificates make.
            CertificateError::Other(other) if other.to_string().contains(SELF_SIGNED) => {
                TlsFailure::UnknownIssuer
            }
            _ => TlsFailure::BadCertificate,
        }),
        Error::PeerIncompatible(_) | Error::NoApplicationProtocol => {
            Some(TlsFailure::NothingInCommon)
        }
        Error::AlertReceived(
            AlertDescription::ProtocolVersion
            | AlertDescription::HandshakeFailure
            | AlertDescription::InsufficientSecurity
            | AlertDescription::NoApplicationProtocol,
        ) => Some(TlsFailure::NothingInCommon),
        // The server does not have the requested name.
        Error::AlertReceived(AlertDescription::UnrecognisedName) => Some(TlsFailure::OtherName),
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => Some(TlsFailure::NotTls),
        _ => None,
    }
}

/// webpki's name for that error, which has no variant of its own in rustls.
const SELF_SIGNED: &str = "CaUsedAsEndEntity";

#[cfg(test)]
#[path = "tls_tests.rs"]
mod tests;
