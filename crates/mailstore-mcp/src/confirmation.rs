//! Confirmation tokens: which call they are for, how long they are valid, and how often they may be guessed.

use std::time::{Duration, Instant};

use subtle::ConstantTimeEq as _;

/// The argument of a tool for the confirmation token.
pub(crate) const CONFIRMATION: &str = "confirmation_token";

/// The characters of tokens: 32, without those that look alike.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// The number of characters of a token. It has 50 random bits.
const LENGTH: usize = 10;
/// The number of wrong tokens after which the token of a call is no longer valid.
const TRIES: u8 = 3;
/// The number of wrong tokens after which no call can be confirmed any more.
const ALL_TRIES: u8 = 10;
/// The largest number of calls that wait for a confirmation.
const MOST_WAITING: usize = 8;

/// A call: its function, and its arguments exactly as they are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ExactCall {
    pub(crate) function: String,
    /// The arguments in the order of the function.
    pub(crate) arguments: Vec<(String, String)>,
}

/// A call that waits for its confirmation.
struct Waiting {
    call: ExactCall,
    token: [u8; LENGTH],
    until: Instant,
    tries_left: u8,
}

/// The calls that wait for a confirmation.
pub(crate) struct Confirmations {
    waiting: Vec<Waiting>,
    lifetime: Duration,
    tries_left: u8,
}

/// Why a call is not confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotConfirmed {
    /// No confirmation was requested for exactly this call, or its token was used or is no longer valid.
    NotRequested,
    /// The token was valid for a limited time.
    Expired,
    /// The token is wrong. It may be tried again.
    Wrong,
    /// The token is wrong, and it was the last try for this call.
    TooManyTries,
    /// There were too many wrong tokens since the start.
    Locked,
    /// Too many calls wait for a confirmation.
    TooManyWaiting,
    /// The operating system has no random numbers.
    NoRandomness,
}

impl Confirmations {
    pub(crate) fn new(lifetime: Duration) -> Self {
        Self {
            waiting: Vec::new(),
            lifetime,
            tries_left: ALL_TRIES,
        }
    }

    /// How long a token is valid.
    pub(crate) fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// Returns whether a token for this call is valid.
    pub(crate) fn is_waiting(&self, call: &ExactCall, now: Instant) -> bool {
        self.waiting
            .iter()
            .any(|waiting| waiting.until > now && waiting.call == *call)
    }

    /// Creates the token for a call. It replaces an earlier token for the same call.
    pub(crate) fn request(&mut self, call: ExactCall, now: Instant) -> Result<String, NotConfirmed> {
        if self.tries_left == 0 {
            return Err(NotConfirmed::Locked);
        }
        self.waiting
            .retain(|waiting| waiting.until > now && waiting.call != call);
        if self.waiting.len() >= MOST_WAITING {
            return Err(NotConfirmed::TooManyWaiting);
        }
        let mut random = [0_u8; LENGTH];
        getrandom::fill(&mut random).map_err(|_| NotConfirmed::NoRandomness)?;
        // Each character has five random bits, because the alphabet has 32 characters.
        let token = random.map(|byte| ALPHABET[usize::from(byte & 31)]);
        self.waiting.push(Waiting {
            call,
            token,
            until: now + self.lifetime,
            tries_left: TRIES,
        });
        Ok(written(&token))
    }

    /// Forgets the token of a call that the person has not seen.
    pub(crate) fn withdraw(&mut self, call: &ExactCall) {
        self.waiting.retain(|waiting| waiting.call != *call);
    }

    /// Uses up the token of a call.
    pub(crate) fn redeem(&mut self, call: &ExactCall, token: &str, now: Instant) -> Result<(), NotConfirmed> {
        if self.tries_left == 0 {
            return Err(NotConfirmed::Locked);
        }
        let Some(place) = self.waiting.iter().position(|waiting| waiting.call == *call) else {
            return Err(self.wrong(NotConfirmed::NotRequested));
        };
        if self.waiting[place].until <= now {
            self.waiting.remove(place);
            return Err(NotConfirmed::Expired);
        }
        if bool::from(self.waiting[place].token[..].ct_eq(&read(token))) {
            self.waiting.remove(place);
            return Ok(());
        }
        self.waiting[place].tries_left -= 1;
        if self.waiting[place].tries_left > 0 {
            return Err(self.wrong(NotConfirmed::Wrong));
        }
        self.waiting.remove(place);
        Err(self.wrong(NotConfirmed::TooManyTries))
    }

    /// Counts a wrong token.
    fn wrong(&mut self, reason: NotConfirmed) -> NotConfirmed {
        self.tries_left = self.tries_left.saturating_sub(1);
        if self.tries_left > 0 {
            return reason;
        }
        self.waiting.clear();
        NotConfirmed::Locked
    }
}

/// Returns a token in two groups.
fn written(token: &[u8; LENGTH]) -> String {
    let (first, second) = token.split_at(LENGTH / 2);
    let text = |part: &[u8]| part.iter().copied().map(char::from).collect::<String>();
    format!("{}-{}", text(first), text(second))
}

/// Returns the characters of a token as a person writes it.
fn read(token: &str) -> Vec<u8> {
    let characters = token.bytes().filter(|byte| !matches!(byte, b'-' | b' '));
    characters.map(|byte| byte.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFETIME: Duration = Duration::from_secs(300);

    fn call(argument: &str) -> ExactCall {
        ExactCall {
            function: "DeleteUser".to_owned(),
            arguments: vec![("userName".to_owned(), argument.to_owned())],
        }
    }

    fn start() -> (Confirmations, Instant) {
        (Confirmations::new(LIFETIME), Instant::now())
    }

    #[test]
    fn a_token_confirms_one_call_once() {
        let (mut confirmations, now) = start();
        let token = confirmations.request(call("jane"), now).unwrap();
        assert_eq!(token.len(), LENGTH + 1, "{token}");
        assert_eq!(confirmations.redeem(&call("jane"), &token, now), Ok(()));
        assert_eq!(
            confirmations.redeem(&call("jane"), &token, now),
            Err(NotConfirmed::NotRequested)
        );
    }

    #[test]
    fn a_token_may_be_written_in_lower_case_and_without_its_hyphen() {
        let (mut confirmations, now) = start();
        let token = confirmations.request(call("jane"), now).unwrap();
        let token = token.to_lowercase().replace('-', " ");
        assert_eq!(confirmations.redeem(&call("jane"), &token, now), Ok(()));
    }

    #[test]
    fn a_token_is_not_valid_for_other_arguments_or_functions() {
        let (mut confirmations, now) = start();
        let token = confirmations.request(call("jane"), now).unwrap();
        let mut other = call("jane");
        "DeleteStore".clone_into(&mut other.function);
        for other in [call("john"), other] {
            assert_eq!(
                confirmations.redeem(&other, &token, now),
                Err(NotConfirmed::NotRequested)
            );
        }
        let _ = confirmations.request(call("john"), now).unwrap();
        assert_eq!(
            confirmations.redeem(&call("john"), &token, now),
            Err(NotConfirmed::Wrong)
        );
    }

    #[test]
    fn a_token_expires() {
        let (mut confirmations, now) = start();
        let token = confirmations.request(call("jane"), now).unwrap();
        assert_eq!(
            confirmations.redeem(&call("jane"), &token, now + LIFETIME),
            Err(NotConfirmed::Expired)
        );
        let token = confirmations.request(call("jane"), now).unwrap();
        let before = now + LIFETIME - Duration::from_millis(1);
        assert_eq!(confirmations.redeem(&call("jane"), &token, before), Ok(()));
    }

    #[test]
    fn a_new_token_replaces_the_earlier_one() {
        let (mut confirmations, now) = start();
        let first = confirmations.request(call("jane"), now).unwrap();
        let second = confirmations.request(call("jane"), now).unwrap();
        assert_ne!(first, second);
        assert_eq!(
            confirmations.redeem(&call("jane"), &first, now),
            Err(NotConfirmed::Wrong)
        );
        assert_eq!(confirmations.redeem(&call("jane"), &second, now), Ok(()));
    }

    #[test]
    fn the_third_wrong_token_ends_the_right_one() {
        let (mut confirmations, now) = start();
        let token = confirmations.request(call("jane"), now).unwrap();
        for (wrong, reason) in [
            ("", NotConfirmed::Wrong),
            ("22222-22222", NotConfirmed::Wrong),
            ("22222-22222-2", NotConfirmed::TooManyTries),
        ] {
            assert_eq!(confirmations.redeem(&call("jane"), wrong, now), Err(reason));
        }
        assert_eq!(
            confirmations.redeem(&call("jane"), &token, now),
            Err(NotConfirmed::NotRequested)
        );
    }

    #[test]
    fn ten_wrong_tokens_lock_every_call() {
        let (mut confirmations, now) = start();
        let token = confirmations.request(call("john"), now).unwrap();
        let mut reasons = Vec::new();
        for _ in 0..10 {
            reasons.push(confirmations.redeem(&call("jane"), "22222-22222", now));
        }
        assert_eq!(reasons[8], Err(NotConfirmed::NotRequested));
        assert_eq!(reasons[9], Err(NotConfirmed::Locked));
        assert_eq!(
            confirmations.redeem(&call("john"), &token, now),
            Err(NotConfirmed::Locked)
        );
        assert_eq!(
            confirmations.request(call("jane"), now),
            Err(NotConfirmed::Locked)
        );
    }

    #[test]
    fn few_calls_wait_at_the_same_time() {
        let (mut confirmations, now) = start();
        for number in 0..MOST_WAITING {
            confirmations.request(call(&number.to_string()), now).unwrap();
        }
        assert_eq!(
            confirmations.request(call("one more"), now),
            Err(NotConfirmed::TooManyWaiting)
        );
        // The others are forgotten when they expire.
        let later = now + LIFETIME;
        confirmations.request(call("one more"), later).unwrap();
    }
}
