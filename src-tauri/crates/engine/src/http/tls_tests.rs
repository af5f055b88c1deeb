//! What is trusted on Android, where the platform's verifier is not used.

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

use super::*;

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

struct Authority {
    root: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let root = params.self_signed(&key).unwrap().into();
        let issuer = Issuer::new(params, key);
        Self { root, issuer }
    }

    /// A certificate for a server named `millrace.example`.
    fn issue(&self) -> CertificateDer<'static> {
        let params = CertificateParams::new(vec!["millrace.example".into()]).unwrap();
        let key = KeyPair::generate().unwrap();
        params.signed_by(&key, &self.issuer).unwrap().into()
    }
}

#[test]
fn mozillas_roots_and_those_that_the_person_names_are_trusted_and_no_others() {
    let (ours, theirs) = (Authority::new(), Authority::new());
    let verifier = mozilla(vec![ours.root.clone()], provider()).unwrap();
    let name = ServerName::try_from("millrace.example").unwrap();
    let verdict = |leaf: CertificateDer<'static>| {
        verifier.verify_server_cert(&leaf, &[], &name, &[], UnixTime::now())
    };
    verdict(ours.issue()).unwrap();
    let refused = verdict(theirs.issue()).unwrap_err();
    assert!(
        matches!(refused, Error::InvalidCertificate(_)),
        "{refused:?}"
    );
}
