//! Digest access authentication (RFC 7616; MD5, SHA-256 and SHA-512-256, with and without `-sess`; `qop` of `auth`,
//! `auth-int` and none; hashed user names), for requests without a body. Pure.

use data_encoding::HEXLOWER;
use md5::Md5;
use sha2::{Digest as _, Sha256, Sha512_256};

use super::challenge::Challenge;
use crate::domain::credentials::Credentials;

/// The hash algorithms, the strongest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hash {
    Md5,
    Sha256,
    Sha512_256,
}

/// Quality of protection (RFC 7616, section 3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Qop {
    Auth,
    /// Covers the body of the request too; these have none.
    AuthInt,
}

impl Qop {
    fn as_str(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::AuthInt => "auth-int",
        }
    }
}

/// The request to be authorized.
#[derive(Debug, Clone, Copy)]
pub(super) struct Request<'a> {
    pub(super) method: &'a str,
    /// As in the request line.
    pub(super) uri: &'a str,
}

/// A challenge for which a response can be computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DigestChallenge {
    hash: Hash,
    session: bool,
    /// The algorithm as the server wrote it.
    algorithm: Option<String>,
    realm: String,
    pub(super) nonce: String,
    opaque: Option<String>,
    /// Without one the response is that of RFC 2069.
    qop: Option<Qop>,
    /// The user name is sent as a hash.
    hashed_user: bool,
    /// The last response was right, but its nonce has expired.
    pub(super) stale: bool,
}

impl DigestChallenge {
    /// `None` for a scheme, an algorithm or a `qop` that is not supported.
    pub(super) fn from_challenge(challenge: &Challenge) -> Option<Self> {
        let algorithm = challenge.get("algorithm").map(str::to_owned);
        let (hash, session) = match algorithm.as_deref().map(str::to_ascii_lowercase).as_deref() {
            None | Some("md5") => (Hash::Md5, false),
            Some("md5-sess") => (Hash::Md5, true),
            Some("sha-256") => (Hash::Sha256, false),
            Some("sha-256-sess") => (Hash::Sha256, true),
            Some("sha-512-256") => (Hash::Sha512_256, false),
            Some("sha-512-256-sess") => (Hash::Sha512_256, true),
            Some(_) => return None,
        };
        let qop = match challenge.get("qop") {
            None => None,
            Some(list) => {
                let offers = |qop: Qop| {
                    let mut offered = list.split(',').map(str::trim);
                    offered.any(|one| one.eq_ignore_ascii_case(qop.as_str()))
                };
                let known = [Qop::Auth, Qop::AuthInt]
                    .into_iter()
                    .find(|qop| offers(*qop));
                Some(known?)
            }
        };
        let flag = |name| {
            challenge
                .get(name)
                .is_some_and(|value| value.eq_ignore_ascii_case("true"))
        };
        (challenge.scheme == "digest").then_some(Self {
            hash,
            session,
            algorithm,
            realm: challenge.get("realm").unwrap_or_default().to_owned(),
            nonce: challenge.get("nonce")?.to_owned(),
            opaque: challenge.get("opaque").map(str::to_owned),
            qop,
            hashed_user: flag("userhash"),
            stale: flag("stale"),
        })
    }

    pub(super) fn stronger_than(&self, other: &Self) -> bool {
        self.hash > other.hash
    }

    /// The header value for a request. `count` is how often this nonce has been used, this time included; `cnonce` is
    /// fresh randomness.
    pub(super) fn respond(
        &self,
        credentials: &Credentials,
        request: Request<'_>,
        count: u32,
        cnonce: &str,
    ) -> String {
        let Credentials { user, password } = credentials;
        let Request { method, uri } = request;
        let (realm, nonce) = (&self.realm, &self.nonce);
        let mut secret = self.hash.hex(&format!("{user}:{realm}:{password}"));
        if self.session {
            secret = self.hash.hex(&format!("{secret}:{nonce}:{cnonce}"));
        }
        let mut asked = format!("{method}:{uri}");
        if self.qop == Some(Qop::AuthInt) {
            asked += &format!(":{}", self.hash.hex(""));
        }
        let asked = self.hash.hex(&asked);
        let proof = match self.qop {
            Some(qop) => {
                let qop = qop.as_str();
                format!("{secret}:{nonce}:{count:08x}:{cnonce}:{qop}:{asked}")
            }
            None => format!("{secret}:{nonce}:{asked}"),
        };
        let response = self.hash.hex(&proof);
        let user = if self.hashed_user {
            self.hash.hex(&format!("{user}:{realm}"))
        } else {
            quote(user)
        };
        let mut field = format!(
            "Digest username=\"{}\", realm=\"{}\", nonce=\"{}\", uri=\"{uri}\", response=\"{response}\"",
            user,
            quote(realm),
            quote(nonce)
        );
        if let Some(algorithm) = &self.algorithm {
            field += &format!(", algorithm={algorithm}");
        }
        if let Some(opaque) = &self.opaque {
            field += &format!(", opaque=\"{}\"", quote(opaque));
        }
        if self.hashed_user {
            field += ", userhash=true";
        }
        if let Some(qop) = self.qop {
            field += &format!(", qop={}, nc={count:08x}", qop.as_str());
        }
        if self.qop.is_some() || self.session {
            field += &format!(", cnonce=\"{cnonce}\"");
        }
        field
    }
}

impl Hash {
    fn hex(self, text: &str) -> String {
        match self {
            Self::Md5 => HEXLOWER.encode(&Md5::digest(text)),
            Self::Sha256 => HEXLOWER.encode(&Sha256::digest(text)),
            Self::Sha512_256 => HEXLOWER.encode(&Sha512_256::digest(text)),
        }
    }
}

/// Escapes text for a quoted string.
fn quote(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::super::challenge;
    use super::*;

    fn digest(field: &str) -> Option<DigestChallenge> {
        challenge::read(field)
            .iter()
            .find_map(DigestChallenge::from_challenge)
    }

    fn get(uri: &str) -> Request<'_> {
        Request { method: "GET", uri }
    }

    fn proof(field: &str, password: &str, cnonce: &str) -> String {
        let credentials = Credentials {
            user: "Mufasa".into(),
            password: password.into(),
        };
        let digest = digest(field).expect("a digest");
        let answer = digest.respond(&credentials, get("/dir/index.html"), 1, cnonce);
        let (_, rest) = answer.split_once("response=\"").expect("a response");
        rest.split('"').next().unwrap_or_default().to_owned()
    }

    // RFC 7616, section 3.9.1.
    #[test]
    fn the_examples_of_the_standard_come_out() {
        let nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
        let cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
        let field = |algorithm| {
            format!(
                "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm={algorithm}, nonce=\"{nonce}\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""
            )
        };
        let made = |algorithm| proof(&field(algorithm), "Circle of Life", cnonce);
        assert_eq!(made("MD5"), "8ca523f5e9506fed4657c9700eebdbec");
        assert_eq!(
            made("SHA-256"),
            "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
        );
    }

    // RFC 2617, section 3.5, and the same in the form of RFC 2069.
    #[test]
    fn older_servers_are_answered_as_they_ask() {
        let nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093";
        let field = format!("Digest realm=\"testrealm@host.com\", nonce=\"{nonce}\"");
        let made = |field: &str| proof(field, "Circle Of Life", "0a4f113b");
        assert_eq!(
            made(&format!("{field}, qop=\"auth\"")),
            "6629fae49393a05397450978507c4ef1"
        );
        assert_eq!(made(&field), "670fd8c2df070c60b045671b8b24ff02");
    }

    // RFC 7616, section 3.9.2, whose printed values are of another hash (erratum 4897); these were computed with
    // OpenSSL.
    #[test]
    fn sha_512_256_and_a_hashed_name_come_out() {
        let nonce = "5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK";
        let field = format!(
            "Digest realm=\"api@example.org\", qop=\"auth\", algorithm=SHA-512-256, nonce=\"{nonce}\", charset=UTF-8, userhash=true"
        );
        let credentials = Credentials {
            user: "J\u{e4}s\u{f8}n Doe".into(),
            password: "Secret, or not?".into(),
        };
        let cnonce = "NTg6RKcb9boFIAS3KrFK9BGeh+niz/sm";
        let digest = digest(&field).expect("a digest");
        let answer = digest.respond(&credentials, get("/doe.json"), 1, cnonce);
        for part in [
            "username=\"793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b\"",
            "response=\"7a4e1192babbba02e91182d2895bfdbf7adafc6e48d4e517ca301974843d840c\"",
            "algorithm=SHA-512-256",
            "userhash=true",
        ] {
            assert!(answer.contains(part), "{part} in {answer}");
        }
    }

    #[test]
    fn the_strongest_hash_wins_and_auth_goes_before_auth_int() {
        let of = |algorithm: &str| digest(&format!("Digest nonce=n, algorithm={algorithm}"));
        let [md5, sha256, sha512] =
            ["MD5", "SHA-256", "SHA-512-256-sess"].map(|one| of(one).expect("known"));
        assert!(sha512.stronger_than(&sha256) && sha256.stronger_than(&md5));
        let qop = |list: &str| {
            digest(&format!("Digest nonce=n, qop=\"{list}\""))
                .expect("known")
                .qop
        };
        assert_eq!(qop("auth-int, auth"), Some(Qop::Auth));
        assert_eq!(qop("AUTH-INT"), Some(Qop::AuthInt));
    }

    #[test]
    fn what_is_not_known_is_not_answered() {
        for field in [
            "Digest realm=\"r\", nonce=\"n\", algorithm=SHA-512",
            "Digest realm=\"r\", nonce=\"n\", qop=\"auth-conf\"",
            "Digest realm=\"r\"",
            "Basic realm=\"r\"",
        ] {
            assert_eq!(digest(field), None, "{field}");
        }
    }
}
