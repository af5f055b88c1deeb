//! Whom to trust: the system's roots (so that a company's own root works), and what the person names beside them.

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

use super::client_pool::HttpConfigError;
use crate::domain::problem::TlsFailure;

/// A client's configuration that trusts the system and `extra_roots` (PEM).
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

/// Reading the system's roots takes some milliseconds, so it is done at the first certificate that needs them.
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

/// Android's verifier wants a Kotlin part at start, and panics at the first handshake without; Mozilla's roots do without.
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
    /// A certificate that the person named itself is trusted for the names in it, also when it is no authority's or is
    /// one; everything else is the system's to judge.
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

/// What of all that can be wrong with a TLS connection this is; `None` for what a person can make nothing of.
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
            // The same where somebody else has the name of an authority that is trusted.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => {
                TlsFailure::UnknownIssuer
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                TlsFailure::OtherName
            }
            CertificateError::Revoked => TlsFailure::Revoked,
            // An authority's certificate in place of a server's is what tools make that sign for themselves.
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
        // A name that this server does not have.
        Error::AlertReceived(AlertDescription::UnrecognisedName) => Some(TlsFailure::OtherName),
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => Some(TlsFailure::NotTls),
        _ => None,
    }
}

/// How webpki calls that, which has no kind of its own in rustls.
const SELF_SIGNED: &str = "CaUsedAsEndEntity";

#[cfg(test)]
#[path = "tls_tests.rs"]
mod tests;
