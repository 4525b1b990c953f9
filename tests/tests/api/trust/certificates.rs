//! Certificates of servers: those that a caller trusts, and pinned ones.

use mailstore_api::server::Client;
use mailstore_api::{Builder, Error, Fingerprint};
use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};
use serde_json::json;
use tokio_rustls::rustls::SupportedProtocolVersion;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::version::{TLS12, TLS13};

use super::observe::{Called, outcome};
use super::table::Table;
use crate::support::answer::succeeded;
use crate::support::certificates::{Authority, Issued, named, self_signed};
use crate::support::{Act, Server};

const BOTH: &[&SupportedProtocolVersion] = &[&TLS13, &TLS12];
pub(crate) const OK: &str = "ok, 1 requests";

pub(crate) fn ok() -> Act {
    Act::Send(succeeded(json!(null)))
}

pub(crate) fn builder(address: &str) -> Builder<Client> {
    Client::builder(address)
        .credentials("admin", "secret")
        .assume_edition()
        .retries(0)
}

/// Starts a server that answers two calls.
pub(crate) async fn serve(issued: &Issued) -> Server {
    Server::with_chain(issued, BOTH, None, [ok(), ok()]).await
}

/// Calls a changing function, and describes the error and how many requests the server received.
pub(crate) async fn seen(server: &Server, builder: Builder<Client>) -> String {
    let error = match builder.build() {
        Ok(client) => Called::Change.call(&client).await,
        Err(error) => Some(error),
    };
    format!(
        "{}, {} requests",
        outcome(error.as_ref()),
        server.requests().len()
    )
}

pub(crate) fn rejected(cause: &str) -> String {
    format!("{cause}, permanent, outcome known, 0 requests")
}

fn der(pem: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()
}

pub(crate) fn expired(name: &str) -> CertificateParams {
    let mut parameters = named(name);
    parameters.not_after = rcgen::date_time_ymd(2020, 1, 1);
    parameters
}

pub(crate) fn early(name: &str) -> CertificateParams {
    let mut parameters = named(name);
    parameters.not_before = rcgen::date_time_ymd(2090, 1, 1);
    parameters
}

pub(crate) fn with_ca_flag(name: &str) -> CertificateParams {
    let mut parameters = named(name);
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    parameters
}

#[tokio::test]
async fn only_certificates_that_the_caller_trusts_are_accepted() {
    let mut table = Table::new("certificates of servers");
    let (first, second) = (Authority::new("first"), Authority::new("second"));
    let bundle = format!("{}\n# the second\n{}", first.pem(), second.pem());
    let here = || named("127.0.0.1");
    let below = second.below("between");
    let without_between = {
        let issued = below.issue(here());
        let chain = issued.chain.split_inclusive("-----END CERTIFICATE-----\n").next();
        Issued {
            chain: chain.unwrap_or(&issued.chain).to_owned(),
            key: issued.key,
        }
    };
    let untrusted = rejected("Untrusted");
    for (attack, issued, expected) in [
        (
            "signed by the second authority of a bundle",
            second.issue(here()),
            OK.to_owned(),
        ),
        (
            "signed by an authority below one of the bundle",
            below.issue(here()),
            OK.to_owned(),
        ),
        (
            "the certificate of the authority between is missing",
            without_between,
            untrusted.clone(),
        ),
        (
            "signed by another authority",
            Authority::new("third").issue(here()),
            untrusted.clone(),
        ),
        (
            "signed by an authority with the same name",
            Authority::new("first").issue(here()),
            untrusted.clone(),
        ),
        (
            "self-signed, and an authority is given",
            self_signed(here()),
            untrusted.clone(),
        ),
        ("expired", second.issue(expired("127.0.0.1")), rejected("Expired")),
        (
            "not valid yet",
            second.issue(early("127.0.0.1")),
            rejected("NotYetValid"),
        ),
        (
            "for another name",
            second.issue(named("archive.example.com")),
            rejected("WrongName"),
        ),
        (
            "with the CA flag, and not the given one",
            second.issue(with_ca_flag("127.0.0.1")),
            untrusted.clone(),
        ),
    ] {
        let server = serve(&issued).await;
        let builder = builder(&server.address()).certificate_authority(bundle.clone());
        table.equal(attack, expected, seen(&server, builder).await);
    }
    for (attack, parameters, expected) in [
        ("the given certificate itself", here(), OK.to_owned()),
        (
            "the given certificate itself, with the CA flag",
            with_ca_flag("127.0.0.1"),
            OK.to_owned(),
        ),
        (
            "the given certificate itself, expired",
            expired("127.0.0.1"),
            rejected("Expired"),
        ),
        (
            "the given certificate itself, for another name",
            named("a.example"),
            rejected("WrongName"),
        ),
    ] {
        let server = serve(&self_signed(parameters)).await;
        let builder = builder(&server.address()).certificate_authority(server.pem.clone());
        table.equal(attack, expected, seen(&server, builder).await);
    }
    let server = serve(&self_signed(here())).await;
    let platform = builder(&server.address());
    table.equal(
        "self-signed, and the platform decides",
        &untrusted,
        seen(&server, platform).await,
    );
    for (attack, file) in [
        ("an authority that is empty", String::new()),
        (
            "an authority that is a private key",
            KeyPair::generate().unwrap().serialize_pem(),
        ),
        ("a bundle that is cut off", bundle[..bundle.len() - 80].to_owned()),
    ] {
        let builder = builder(&server.address()).certificate_authority(file);
        table.equal(attack, rejected("Configuration"), seen(&server, builder).await);
    }
    table.assert_all_held();
}

#[tokio::test]
async fn pins_accept_only_their_certificates() {
    let mut table = Table::new("pins");
    let certificate = |issued: &Issued| Fingerprint::of_certificate(&der(&issued.chain));
    let key = |issued: &Issued| Fingerprint::of_public_key(&der(&issued.chain)).unwrap();
    let pair = KeyPair::generate().unwrap();
    let with_key = |parameters: CertificateParams| Issued {
        chain: parameters.self_signed(&pair).unwrap().pem(),
        key: pair.serialize_pem(),
    };
    let old = with_key(named("127.0.0.1"));
    let other = self_signed(named("127.0.0.1"));
    let unusual = [
        expired("127.0.0.1"),
        early("127.0.0.1"),
        named("a.example"),
        with_ca_flag("a.example"),
    ];
    let [late, soon, named_otherwise, flagged] = unusual.map(with_key);
    let wrong = rejected("WrongPin");
    for (attack, issued, pins, expected) in [
        ("the pinned certificate", &old, vec![certificate(&old)], OK),
        ("the pinned key", &old, vec![key(&old)], OK),
        (
            "another certificate",
            &other,
            vec![certificate(&old)],
            wrong.as_str(),
        ),
        ("another key", &other, vec![key(&old)], &wrong),
        ("renewed with the pinned key", &late, vec![key(&old)], OK),
        (
            "renewed with the same key, but the certificate is pinned",
            &late,
            vec![certificate(&old)],
            &wrong,
        ),
        (
            "rotation: the old one",
            &old,
            vec![certificate(&old), certificate(&other)],
            OK,
        ),
        (
            "rotation: the new one",
            &other,
            vec![certificate(&old), certificate(&other)],
            OK,
        ),
        (
            "rotation: neither",
            &soon,
            vec![certificate(&old), key(&other)],
            &wrong,
        ),
        ("pinned and expired", &late, vec![certificate(&late)], OK),
        ("pinned and not valid yet", &soon, vec![certificate(&soon)], OK),
        (
            "pinned, for another name",
            &named_otherwise,
            vec![certificate(&named_otherwise)],
            OK,
        ),
        (
            "pinned, with the CA flag",
            &flagged,
            vec![certificate(&flagged)],
            OK,
        ),
    ] {
        let server = serve(issued).await;
        let builder = pins.into_iter().fold(builder(&server.address()), Builder::pin);
        table.equal(attack, expected, seen(&server, builder).await);
    }
    let thief = Server::with_stolen_certificate(&old.chain).await;
    for (attack, pin) in [("certificate", certificate(&old)), ("key", key(&old))] {
        let builder = builder(&thief.address()).pin(pin);
        let attack = format!("the pinned {attack} without its private key");
        table.equal(attack, rejected("BadCertificate"), seen(&thief, builder).await);
    }
    let sha1 = mailstore_api::peek_certificate(&thief.address()).await;
    table.equal(
        "peek at a certificate without its private key",
        "BadCertificate, permanent, outcome known",
        outcome(sha1.err().as_ref()),
    );
    table.equal(
        "a SHA-1 thumbprint as a pin",
        "Configuration, permanent, outcome known",
        outcome(
            "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12"
                .parse::<Fingerprint>()
                .err()
                .map(Error::from)
                .as_ref(),
        ),
    );
    table.assert_all_held();
}
