//! Calls that may delete data are sent only after the user typed a name.

use mailstore_sim::{Edition, Simulator};

use crate::support::{Page, surface};

#[tokio::test]
async fn a_destructive_call_is_sent_only_after_the_name_was_typed() {
    let simulator = Simulator::start().unwrap();
    let page = Page::with_writes(&simulator).await;
    let path = "/api/invoke/DeleteUser";
    let response = page.post(path, "userName=jane.doe").await;
    assert_eq!(response.status, 428);
    assert_eq!(response.json()["confirm"], "jane.doe");
    for typed in ["", "jane", "JANE.DOE", "jane.doe%20", "DeleteUser"] {
        let response = page.post_confirmed(path, "userName=jane.doe", typed).await;
        assert_eq!(response.status, 428, "{typed}");
    }
    assert_eq!(simulator.starts("DeleteUser"), 0);
    let response = page.post_confirmed(path, "userName=jane.doe", "jane.doe").await;
    assert_eq!(response.json()["statusCode"], "succeeded");
    assert_eq!(simulator.starts("DeleteUser"), 1);
}

#[tokio::test]
async fn a_name_with_any_characters_can_be_typed() {
    let simulator = Simulator::start().unwrap();
    let page = Page::with_writes(&simulator).await;
    let path = "/api/invoke/DeleteUser";
    let body = "userName=J%C3%BCrgen+%26+100+%25";
    assert_eq!(page.post(path, body).await.json()["confirm"], "Jürgen & 100 %");
    let response = page
        .post_confirmed(path, body, "J%C3%BCrgen%20%26%20100%20%25")
        .await;
    assert_eq!(response.status, 200);
}

/// It is the same rule as that of `mailstore call`.
#[tokio::test]
async fn exactly_dangerous_functions_are_confirmed() {
    for edition in [Edition::Server, Edition::Spe] {
        let simulator = Simulator::builder(edition).start().unwrap();
        let page = Page::with_writes(&simulator).await;
        let mut confirmed = 0;
        for function in surface(edition).functions {
            let pairs = function
                .arguments
                .iter()
                .map(|argument| format!("{0}=of-{0}", argument.name));
            let body = pairs.collect::<Vec<_>>().join("&");
            let response = page
                .post(&format!("/{}{}", function.path, function.name), &body)
                .await;
            let is_dangerous = mailstore_reach::danger(function.name, function.effect).is_some();
            assert_eq!(response.status == 428, is_dangerous, "{}", function.name);
            if is_dangerous {
                confirmed += 1;
                let required = || {
                    function
                        .arguments
                        .iter()
                        .filter(|argument| !argument.nullable && !argument.secret)
                };
                let named = required().find(|argument| argument.name != "instanceID");
                let target = named.or_else(|| required().next()).map_or_else(
                    || function.name.to_owned(),
                    |argument| format!("of-{}", argument.name),
                );
                assert_eq!(response.json()["confirm"], target, "{}", function.name);
                assert_eq!(simulator.starts(function.name), 0);
            }
        }
        assert!(confirmed > 3, "{confirmed}");
    }
}
