//! Reads the names and the validity period of an X.509 certificate.
//!
//! The TLS library verifies certificates. What this file reads is only shown to people.

use std::fmt::Write as _;
use std::net::IpAddr;

use der::asn1::{AnyRef, BmpString, GeneralizedTime, ObjectIdentifier, UtcTime};
use der::{Decode, Error, ErrorKind, Reader, SliceReader, Tag, TagNumber, Tagged};
use jiff::Timestamp;
use wire_values::is_printable;

/// What a certificate says about itself.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) subject: String,
    pub(crate) issuer: String,
    pub(crate) not_before: Timestamp,
    pub(crate) not_after: Timestamp,
    pub(crate) dns_names: Vec<String>,
    pub(crate) ip_addresses: Vec<IpAddr>,
}

const SUBJECT_ALTERNATIVE_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");

/// The names of attributes, from RFC 4514, section 3, and the usual name for e-mail addresses.
const ATTRIBUTES: &[(&str, &str)] = &[
    ("2.5.4.3", "CN"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "ST"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("2.5.4.6", "C"),
    ("2.5.4.9", "STREET"),
    ("0.9.2342.19200300.100.1.25", "DC"),
    ("0.9.2342.19200300.100.1.1", "UID"),
    ("1.2.840.113549.1.9.1", "emailAddress"),
];

/// Reads a certificate in DER format.
///
/// # Errors
/// It is not an X.509 certificate.
pub(crate) fn read(der: &[u8]) -> Result<Facts, Error> {
    let certificate = AnyRef::from_der(der)?;
    let [body, ..] = parts(certificate)?[..] else {
        return Err(Error::incomplete(certificate.value().len().try_into()?));
    };
    let fields = parts(body)?;
    // Certificates of version 1 have no field for the version.
    let has_version = fields.first().is_some_and(|first| first.tag() == context(0));
    let fields = &fields[usize::from(has_version)..];
    let [_serial, _algorithm, issuer, validity, subject, _key, rest @ ..] = fields else {
        return Err(Error::incomplete(body.value().len().try_into()?));
    };
    let [not_before, not_after] = parts(*validity)?[..] else {
        return Err(ErrorKind::DateTime.into());
    };
    let mut facts = Facts {
        subject: name(*subject)?,
        issuer: name(*issuer)?,
        not_before: time(not_before)?,
        not_after: time(not_after)?,
        dns_names: Vec::new(),
        ip_addresses: Vec::new(),
    };
    if let Some(extensions) = rest.iter().find(|field| field.tag() == context(3)) {
        alternative_names(*extensions, &mut facts)?;
    }
    Ok(facts)
}

/// The tag of a field that is marked with this number.
fn context(number: u32) -> Tag {
    Tag::ContextSpecific {
        constructed: true,
        number: TagNumber(number),
    }
}

/// Splits a value into the values that it consists of.
fn parts(whole: AnyRef<'_>) -> Result<Vec<AnyRef<'_>>, Error> {
    let mut reader = SliceReader::new(whole.value())?;
    let mut parts = Vec::new();
    while !reader.is_finished() {
        parts.push(AnyRef::decode(&mut reader)?);
    }
    Ok(parts)
}

fn time(value: AnyRef<'_>) -> Result<Timestamp, Error> {
    let since_1970 = match value.tag() {
        Tag::UtcTime => value.decode_as::<UtcTime>()?.to_unix_duration(),
        _ => value.decode_as::<GeneralizedTime>()?.to_unix_duration(),
    };
    i64::try_from(since_1970.as_secs())
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .ok_or_else(|| ErrorKind::DateTime.into())
}

/// Returns a distinguished name as text: the format of RFC 4514, in the order of the certificate.
fn name(name: AnyRef<'_>) -> Result<String, Error> {
    let mut text = String::new();
    for group in parts(name)? {
        for (index, attribute) in parts(group)?.into_iter().enumerate() {
            let [kind, value] = parts(attribute)?[..] else {
                return Err(ErrorKind::Failed.into());
            };
            let separator = match (text.is_empty(), index) {
                (true, _) => "",
                (false, 0) => ", ",
                (false, _) => "+",
            };
            let kind = kind.decode_as::<ObjectIdentifier>()?.to_string();
            let known = ATTRIBUTES.iter().find(|(oid, _)| *oid == kind);
            let label = known.map_or(kind.as_str(), |(_, label)| label);
            text.push_str(separator);
            text.push_str(label);
            text.push('=');
            escape(&attribute_value(value), &mut text);
        }
    }
    Ok(text)
}

/// Decodes the value of an attribute. Invalid characters are replaced.
fn attribute_value(value: AnyRef<'_>) -> String {
    match value.tag() {
        // Latin-1 in practice.
        Tag::TeletexString => value.value().iter().copied().map(char::from).collect(),
        Tag::BmpString => value
            .decode_as::<BmpString>()
            .map(|text| text.chars().collect())
            .unwrap_or_default(),
        _ => String::from_utf8_lossy(value.value()).into_owned(),
    }
}

/// Escapes the characters that separate attributes, and characters that a terminal does not print.
fn escape(value: &str, into: &mut String) {
    for character in value.chars() {
        if matches!(character, '"' | '+' | ',' | ';' | '<' | '>' | '\\' | '=') {
            into.push('\\');
            into.push(character);
        } else if is_printable(character) {
            into.push(character);
        } else {
            let mut bytes = [0; 4];
            for byte in character.encode_utf8(&mut bytes).bytes() {
                // Writing to a `String` cannot fail.
                _ = write!(into, "\\{byte:02X}");
            }
        }
    }
}

fn alternative_names(extensions: AnyRef<'_>, into: &mut Facts) -> Result<(), Error> {
    for list in parts(extensions)? {
        for extension in parts(list)? {
            let fields = parts(extension)?;
            let (Some(kind), Some(content)) = (fields.first(), fields.last()) else {
                continue;
            };
            if kind.decode_as::<ObjectIdentifier>()? != SUBJECT_ALTERNATIVE_NAME {
                continue;
            }
            for name in parts(AnyRef::from_der(content.value())?)? {
                match (name.tag().number().value(), name.value()) {
                    (2, dns) => into.dns_names.push(String::from_utf8_lossy(dns).into_owned()),
                    (7, ip) => into.ip_addresses.extend(address(ip)),
                    _ => {}
                }
            }
        }
    }
    Ok(())
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    let v4 = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    v4.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok()
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, DnType, DnValue, KeyPair, SanType};

    use super::*;

    fn certificate(change: impl FnOnce(&mut CertificateParams)) -> Vec<u8> {
        let mut parameters = CertificateParams::new(Vec::new()).unwrap();
        parameters.distinguished_name = rcgen::DistinguishedName::new();
        change(&mut parameters);
        let key = KeyPair::generate().unwrap();
        parameters.self_signed(&key).unwrap().der().to_vec()
    }

    #[test]
    fn names_and_times_are_those_of_the_certificate() {
        let der = certificate(|parameters| {
            parameters.not_before = rcgen::date_time_ymd(2020, 1, 2);
            parameters.not_after = rcgen::date_time_ymd(2090, 3, 4);
            let name = &mut parameters.distinguished_name;
            name.push(DnType::CommonName, "Example, \u{202e}HOST\u{1b}[2J");
            name.push(
                DnType::OrganizationName,
                DnValue::BmpString("Größe".try_into().unwrap()),
            );
            name.push(DnType::CustomDnType(vec![1, 2, 3]), "x");
            parameters.subject_alt_names = vec![
                SanType::DnsName("archive.example.com".try_into().unwrap()),
                SanType::IpAddress("192.0.2.7".parse().unwrap()),
                SanType::IpAddress("2001:db8::7".parse().unwrap()),
            ];
        });
        let facts = read(&der).unwrap();
        let subject = "CN=Example\\, \\E2\\80\\AEHOST\\1B[2J, O=Größe, 1.2.3=x";
        assert_eq!(
            (facts.subject.as_str(), facts.issuer.as_str()),
            (subject, subject)
        );
        assert_eq!(facts.not_before.to_string(), "2020-01-02T00:00:00Z");
        assert_eq!(facts.not_after.to_string(), "2090-03-04T00:00:00Z");
        assert_eq!(facts.dns_names, ["archive.example.com"]);
        let addresses: Vec<IpAddr> = vec!["192.0.2.7".parse().unwrap(), "2001:db8::7".parse().unwrap()];
        assert_eq!(facts.ip_addresses, addresses);
    }

    #[test]
    fn a_certificate_without_names_is_read() {
        let facts = read(&certificate(|_| {})).unwrap();
        assert_eq!((facts.subject.as_str(), facts.dns_names.len()), ("", 0));
    }

    #[test]
    fn cut_and_changed_certificates_cause_no_panic() {
        let der = certificate(|parameters| {
            parameters.distinguished_name.push(DnType::CommonName, "HOST");
            parameters.subject_alt_names = vec![SanType::DnsName("a.example".try_into().unwrap())];
        });
        for end in 0..der.len() {
            assert!(read(&der[..end]).is_err(), "{end}");
        }
        for index in 0..der.len() {
            for byte in [0x00, 0x01, 0x30, 0x7f, 0x80, 0x84, 0xff] {
                let mut changed = der.clone();
                changed[index] = byte;
                _ = read(&changed);
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_cause_a_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            _ = read(&bytes);
        }
    }
}
