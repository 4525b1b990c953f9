//! Trust on first use: shows the certificate of a server and pins it if the user confirms.

use mailstore_api::{Builder, ConnectCause, Connection, Error, ErrorKind, Fingerprint, PeerCertificate};
use miette::miette;

use crate::exit::{Code, Failed};
use crate::{ask, wait};

/// What is known about the server before the connection.
pub(crate) enum Known<'a> {
    /// The user said which certificates are trusted.
    Given,
    /// A profile for the same server, with the fingerprints that it trusts. None means that it trusts another way.
    Before(&'a str, Vec<Fingerprint>),
    /// Nothing is known.
    Nothing,
}

/// Checks that the server is trusted. Otherwise asks the user, and returns the fingerprint to pin. The builder has no
/// credentials, so no password can be sent.
///
/// # Errors
/// The server cannot be reached, or is not trusted and the user does not confirm or cannot be asked.
pub(crate) fn check(
    builder: &Builder<Connection>,
    known: &Known<'_>,
    is_interactive: bool,
) -> Result<Option<Fingerprint>, Failed> {
    let runtime = wait::runtime()?;
    let error = match runtime.block_on(builder.check_certificate()) {
        Ok(_) => return Ok(None),
        Err(error) => error,
    };
    if matches!(known, Known::Given) || !is_about_trust(&error) {
        return Err(error.into());
    }
    let certificate = runtime.block_on(builder.peek_certificate())?;
    let origin = match error.kind() {
        ErrorKind::Connect { origin, .. } => origin.clone(),
        _ => String::new(),
    };
    let text = question(&origin, known, &certificate);
    if !is_interactive {
        return Err(Failed::new(
            Code::Connection,
            miette!(
                help = format!(
                    "Compare the fingerprint with that of the certificate on the server. If they are equal, add `--pin {}`.",
                    certificate.fingerprint
                ),
                "{text}"
            ),
        ));
    }
    mailstore_reach::warn!("{text}\n");
    ask::confirm("Compare the fingerprint with that of the certificate on the server. Is it the same?")?;
    Ok(Some(certificate.fingerprint))
}

fn is_about_trust(error: &Error) -> bool {
    use ConnectCause::{BadCertificate, Expired, NotYetValid, Untrusted, WrongName, WrongPin};
    let ErrorKind::Connect { cause, .. } = error.kind() else {
        return false;
    };
    matches!(
        cause,
        BadCertificate | Expired | NotYetValid | Untrusted | WrongName | WrongPin
    )
}

/// Returns the facts that the user has to compare.
fn question(origin: &str, known: &Known<'_>, certificate: &PeerCertificate) -> String {
    let Known::Before(profile, pins) = known else {
        return format!("this machine does not trust the certificate of {origin}:\n{certificate}");
    };
    let trusted = if pins.is_empty() {
        "The certificate was trusted before, but it is not any more.".to_owned()
    } else {
        let pins: Vec<String> = pins.iter().map(Fingerprint::to_string).collect();
        format!("The profile trusts: {}", pins.join(", "))
    };
    let profile = mailstore_reach::printable(profile);
    format!(
        "WARNING: THE CERTIFICATE OF {origin} HAS CHANGED since the last login to the profile `{profile}`.\n\
         Somebody may be pretending to be the server, and would read the password. Or the server has a new \
         certificate: ask its administrator.\n{trusted}\nThe server presents:\n{certificate}"
    )
}
