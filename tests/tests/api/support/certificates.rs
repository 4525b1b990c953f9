//! Creates authorities and certificates.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};

/// An authority that signs certificates.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    /// The certificates between the signed ones and the root, as PEM. Empty for a root.
    between: String,
}

/// A certificate with its private key.
pub struct Issued {
    /// The certificate and those of the authorities below the root, as PEM.
    pub chain: String,
    /// The private key, as PEM.
    pub key: String,
}

/// Returns parameters for this name.
pub fn named(name: &str) -> CertificateParams {
    CertificateParams::new(vec![name.to_owned()]).unwrap()
}

fn authority_named(name: &str) -> CertificateParams {
    let mut parameters = CertificateParams::new(Vec::new()).unwrap();
    parameters.distinguished_name.push(DnType::CommonName, name);
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    parameters
}

impl Authority {
    /// Creates a root with this name.
    pub fn new(name: &str) -> Self {
        Self {
            issuer: CertifiedIssuer::self_signed(authority_named(name), KeyPair::generate().unwrap())
                .unwrap(),
            between: String::new(),
        }
    }

    /// Creates an authority below this one.
    pub fn below(&self, name: &str) -> Self {
        let issuer: &Issuer<'static, KeyPair> = &self.issuer;
        let issuer =
            CertifiedIssuer::signed_by(authority_named(name), KeyPair::generate().unwrap(), issuer).unwrap();
        Self {
            between: format!("{}{}", issuer.pem(), self.between),
            issuer,
        }
    }

    /// The certificate of the authority, as PEM.
    pub fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// Signs a certificate with these parameters.
    pub fn issue(&self, parameters: CertificateParams) -> Issued {
        let key = KeyPair::generate().unwrap();
        let issuer: &Issuer<'static, KeyPair> = &self.issuer;
        let certificate = parameters.signed_by(&key, issuer).unwrap();
        Issued {
            chain: format!("{}{}", certificate.pem(), self.between),
            key: key.serialize_pem(),
        }
    }
}

/// Creates a self-signed certificate with these parameters.
pub fn self_signed(parameters: CertificateParams) -> Issued {
    let key = KeyPair::generate().unwrap();
    Issued {
        chain: parameters.self_signed(&key).unwrap().pem(),
        key: key.serialize_pem(),
    }
}
