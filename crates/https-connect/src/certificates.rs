//! Parses the certificates of a user: PEM or DER, in the encodings that editors and systems write.

use tokio_rustls::rustls::RootCertStore;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

/// Returns the certificates in a file, at least one.
///
/// # Errors
/// Describes what the file contains instead.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    // DER begins with a SEQUENCE whose length has two bytes.
    if bytes.starts_with(&[0x30, 0x82]) {
        let certificate = CertificateDer::from(bytes.to_vec());
        return match usable(&certificate) {
            Ok(()) => Ok(vec![certificate]),
            Err(_) => Err(
                "it is binary, but not an X.509 certificate: it may be a key store (.pfx, .p12), a key or a chain (.p7b). \
                 Export only the certificate, as PEM or DER"
                    .to_owned(),
            ),
        };
    }
    let text = lines(&decode(bytes));
    let mut certificates = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(text.as_bytes()) {
        let number = certificates.len() + 1;
        let certificate = certificate
            .map_err(|_| format!("certificate {number} in it is damaged or cut off: pass the whole file"))?;
        usable(&certificate).map_err(|error| {
            format!("certificate {number} in it is damaged ({error}): export it again and pass the new file")
        })?;
        certificates.push(certificate);
    }
    if certificates.is_empty() {
        return Err(found_instead(&text));
    }
    Ok(certificates)
}

/// Whether the TLS library can read the certificate.
fn usable(certificate: &CertificateDer<'static>) -> Result<(), String> {
    let added = RootCertStore::empty().add(certificate.clone());
    added.map_err(|error| error.to_string())
}

/// Decodes UTF-8 or UTF-16, with or without a byte order mark. Replaces invalid bytes.
fn decode(bytes: &[u8]) -> String {
    let from_utf16 = |order: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|pair| order([pair[0], pair[1]]));
        char::decode_utf16(units)
            .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect()
    };
    match bytes {
        [0xFF, 0xFE, ..] | [1..=u8::MAX, 0, ..] => from_utf16(u16::from_le_bytes),
        [0xFE, 0xFF, ..] | [0, 1..=u8::MAX, ..] => from_utf16(u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Converts line ends to `\n`. Removes white space around lines and byte order marks, which are also in the middle of
/// concatenated files.
fn lines(text: &str) -> String {
    let lines = text.split(['\r', '\n']);
    lines
        .map(|line| line.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}'))
        .flat_map(|line| [line, "\n"])
        .collect()
}

/// Returns the error for a text without certificates.
fn found_instead(text: &str) -> String {
    const BEGIN: &str = "-----BEGIN ";
    let label = text
        .lines()
        .find_map(|line| line.strip_prefix(BEGIN)?.strip_suffix("-----"));
    let found = match label {
        Some("CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST") => {
            "it contains a certificate request, which an authority has not signed yet".to_owned()
        }
        Some(label) if label.contains("PRIVATE KEY") => {
            "it contains a private key, which the client must not have".to_owned()
        }
        Some("PKCS7" | "CMS") => "it contains a chain (PKCS #7)".to_owned(),
        // Only known labels are repeated, because others may be secret.
        Some(
            label @ ("PUBLIC KEY"
            | "RSA PUBLIC KEY"
            | "X509 CRL"
            | "TRUSTED CERTIFICATE"
            | "DH PARAMETERS"
            | "EC PARAMETERS"),
        ) => {
            format!("it contains a `{label}`")
        }
        Some(_) => "it contains something else between its BEGIN and END lines".to_owned(),
        None if text.trim().is_empty() => "it is empty".to_owned(),
        None if text.starts_with("ssh-") => "it contains an SSH key".to_owned(),
        None => "it has no line `-----BEGIN CERTIFICATE-----`".to_owned(),
    };
    format!("{found}. Pass the certificate itself, as PEM or DER")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate() -> (String, Vec<u8>) {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        (made.cert.pem(), made.cert.der().to_vec())
    }

    fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(order).collect()
    }

    #[test]
    fn a_certificate_is_parsed_in_every_format_that_tools_write() {
        let (pem, der) = certificate();
        let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        let forms: Vec<Vec<u8>> = vec![
            der.clone(),
            pem.clone().into(),
            pem.replace('\n', "\r\n").into(),
            pem.replace("\r\n", "\n").replace('\n', "\r").into(),
            format!("\u{feff}{pem}").into(),
            format!("subject=CN = HOST\n\n{pem}some text").into(),
            format!("{key}{pem}").into(),
            pem.lines()
                .map(|line| format!("    {line}  \n"))
                .collect::<String>()
                .into(),
            utf16(&format!("\u{feff}{pem}"), u16::to_le_bytes),
            utf16(&format!("\u{feff}{pem}"), u16::to_be_bytes),
            utf16(&pem, u16::to_le_bytes),
            utf16(&pem, u16::to_be_bytes),
            [b"M\xFCller\n", pem.as_bytes()].concat(),
        ];
        for (index, form) in forms.iter().enumerate() {
            assert_eq!(
                read(form).unwrap(),
                [CertificateDer::from(der.clone())],
                "form {index}"
            );
        }
        let two = format!("\u{feff}{pem}\u{feff}{pem}");
        assert_eq!(read(two.as_bytes()).unwrap().len(), 2);
    }

    #[test]
    fn the_error_says_what_the_file_contains_instead() {
        let pem =
            |label: &str| format!("-----BEGIN {label}-----\nAAAA\n-----END {label}-----\n").into_bytes();
        let (whole, der) = certificate();
        let cases: Vec<(Vec<u8>, &str)> = vec![
            (Vec::new(), "it is empty"),
            (b" \r\n\t".to_vec(), "it is empty"),
            (b"\xFF\xFE".to_vec(), "it is empty"),
            (pem("PRIVATE KEY"), "private key"),
            (pem("ENCRYPTED PRIVATE KEY"), "private key"),
            (pem("RSA PRIVATE KEY"), "private key"),
            (pem("CERTIFICATE REQUEST"), "certificate request"),
            (pem("PKCS7"), "PKCS #7"),
            (pem("PUBLIC KEY"), "`PUBLIC KEY`"),
            (pem("hunter2"), "something else"),
            (pem("CERTIFICATE"), "damaged"),
            (whole.as_bytes()[..200].to_vec(), "damaged"),
            (der[..der.len() - 1].to_vec(), "binary"),
            (b"MIIB".to_vec(), "no line `-----BEGIN CERTIFICATE-----`"),
            (b"ssh-ed25519 AAAA me".to_vec(), "SSH key"),
        ];
        for (bytes, expected) in cases {
            let error = read(&bytes).unwrap_err();
            assert!(error.contains(expected), "{expected}: {error}");
            assert!(!error.contains("hunter2"));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_parsed_without_a_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = read(&bytes);
        }
    }
}
