//! What the explorer refuses before anything is sent to the MailStore server.

use mailstore_sim::Simulator;

use crate::support::Page;

const PATH: &str = "/api/invoke/GetUsers";

/// The headers of the page, with other values for some of them. `None` leaves a header out.
fn changed(page: &Page, changes: &[(&str, Option<&str>)]) -> Vec<(String, String)> {
    let mut headers = page.headers();
    for (name, value) in changes {
        headers.retain(|(header, _)| header != name);
        headers.extend(value.map(|value| ((*name).to_owned(), value.to_owned())));
    }
    headers
}

#[tokio::test]
async fn a_request_that_is_not_from_the_page_is_refused() {
    let simulator = Simulator::start().unwrap();
    let page = Page::read_only(&simulator).await;
    let other_port = "http://127.0.0.1:9";
    let localhost = page.host.replace("127.0.0.1", "localhost");
    let short = &page.token[1..];
    let wrong = page.token.replace(['0', '1'], "2");
    let table: [(&str, Option<&str>, u16); 14] = [
        ("Host", None, 400),
        ("Host", Some("evil.example"), 421),
        ("Host", Some("127.0.0.1"), 421),
        ("Host", Some(&localhost), 421),
        ("Origin", Some("https://evil.example"), 403),
        ("Origin", Some(other_port), 403),
        ("Origin", Some("null"), 403),
        ("Sec-Fetch-Site", Some("cross-site"), 403),
        ("Sec-Fetch-Site", Some("same-site"), 403),
        ("Sec-Fetch-Site", Some("none"), 403),
        ("X-Explorer-Token", None, 401),
        ("X-Explorer-Token", Some(""), 403),
        ("X-Explorer-Token", Some(short), 403),
        ("X-Explorer-Token", Some(&wrong), 403),
    ];
    for (name, value, status) in table {
        let headers = changed(&page, &[(name, value)]);
        for (method, path) in [("POST", PATH), ("GET", "/openapi.json"), ("GET", "/api/none")] {
            let response = page.send(method, path, &headers, b"").await;
            // hyper itself rejects HTTP/1.1 without a host, or passes it on.
            let expected = if value.is_none() && name == "Host" {
                response.status.max(400)
            } else {
                status
            };
            assert_eq!(response.status, expected, "{name}: {value:?} for {path}");
            assert!(response.header("www-authenticate").is_none());
        }
    }
    assert!(simulator.received().is_empty());
    assert_eq!(
        page.post(PATH, "").await.status,
        200,
        "the unchanged request is allowed"
    );
}

#[tokio::test]
async fn two_headers_of_the_same_name_are_refused() {
    let simulator = Simulator::start().unwrap();
    let page = Page::read_only(&simulator).await;
    for (name, status) in [
        ("Host", 421),
        ("Origin", 403),
        ("Sec-Fetch-Site", 403),
        ("X-Explorer-Token", 401),
    ] {
        let mut headers = page.headers();
        let twice = headers.iter().find(|(header, _)| header == name).unwrap().clone();
        headers.push(twice);
        let response = page.send("POST", PATH, &headers, b"").await;
        assert!(
            [status, 400].contains(&response.status),
            "{name}: {}",
            response.status
        );
    }
    assert!(simulator.received().is_empty());
}

#[tokio::test]
async fn a_program_that_is_not_a_browser_needs_only_the_token() {
    let simulator = Simulator::start().unwrap();
    let page = Page::read_only(&simulator).await;
    let headers = changed(&page, &[("Origin", None), ("Sec-Fetch-Site", None)]);
    assert_eq!(page.send("POST", PATH, &headers, b"").await.status, 200);
}

#[tokio::test]
async fn a_request_that_is_not_a_form_for_a_function_is_refused() {
    let simulator = Simulator::start().unwrap();
    let page = Page::with_writes(&simulator).await;
    let form = "application/x-www-form-urlencoded";
    let large = "a".repeat(1024 * 1024 + 1);
    let table: [(&str, &str, Option<&str>, &str, u16); 20] = [
        ("GET", PATH, Some(form), "", 405),
        ("PUT", PATH, Some(form), "", 405),
        ("OPTIONS", PATH, Some(form), "", 405),
        ("HEAD", PATH, Some(form), "", 405),
        ("POST", "/openapi.json", Some(form), "", 405),
        ("POST", "/", Some(form), "", 405),
        ("POST", PATH, None, "", 415),
        ("POST", PATH, Some("text/plain"), "", 415),
        ("POST", PATH, Some("application/json"), "{}", 415),
        ("POST", PATH, Some("multipart/form-data; boundary=x"), "", 415),
        (
            "POST",
            PATH,
            Some("application/x-www-form-urlencoded; charset=utf-16"),
            "",
            415,
        ),
        (
            "POST",
            PATH,
            Some("application/x-www-form-urlencoded; charset=UTF-8"),
            "",
            200,
        ),
        ("POST", "/api/invoke/NoFunction", Some(form), "", 404),
        ("POST", "/api/invoke/GetUsers/", Some(form), "", 404),
        ("POST", "/api/invoke/../invoke/GetUsers", Some(form), "", 404),
        ("POST", "/api/GetUsers", Some(form), "", 404),
        ("POST", "/admin", Some(form), "", 404),
        ("POST", "/api/invoke/CreateUser", Some(form), &large, 413),
        ("POST", "/api/invoke/GetUserInfo", Some(form), "userName=%FF", 400),
        (
            "POST",
            "/api/get-status",
            Some(form),
            "token=a&lastKnownStatusVersion=1&millisecondsTimeout=60001",
            400,
        ),
    ];
    for (method, path, content_type, body, status) in table {
        let headers = changed(&page, &[("Content-Type", content_type)]);
        let response = page.send(method, path, &headers, body.as_bytes()).await;
        assert_eq!(response.status, status, "{method} {path} {content_type:?}");
        if status == 405 {
            assert!(response.header("allow").is_some(), "{method} {path}");
        }
    }
    assert_eq!(simulator.received().len(), 1, "only the form in UTF-8 was sent");
}

#[tokio::test]
async fn a_form_with_other_fields_than_the_function_is_refused() {
    let simulator = Simulator::start().unwrap();
    let page = Page::with_writes(&simulator).await;
    let table = [
        (
            "/api/invoke/GetUsers",
            "userName=anna",
            "GetUsers has no argument with the name of a field of the form.",
        ),
        (
            "/api/invoke/GetUserInfo",
            "",
            "GetUserInfo needs the argument `userName`.",
        ),
        (
            "/api/invoke/GetUserInfo",
            "userName=",
            "GetUserInfo needs the argument `userName`.",
        ),
        (
            "/api/invoke/GetUserInfo",
            "userName=a&userName=b",
            "The form contains the argument `userName` twice.",
        ),
    ];
    for (path, body, message) in table {
        let response = page.post(path, body).await;
        assert_eq!(response.status, 400, "{path} {body}");
        assert_eq!(response.json()["explorer"], message);
    }
    assert!(simulator.received().is_empty());
}

#[tokio::test]
async fn every_response_has_the_headers_that_protect_the_page() {
    let simulator = Simulator::start().unwrap();
    let page = Page::read_only(&simulator).await;
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/explorer.js"),
        ("POST", PATH),
        ("GET", "/none"),
    ] {
        let response = page.send(method, path, &page.headers(), b"").await;
        let policy = response.header("content-security-policy").unwrap();
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "frame-ancestors 'none'",
            "connect-src 'self'",
        ] {
            assert!(policy.split("; ").any(|found| found == part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(response.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(response.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(response.header("cache-control"), Some("no-store"));
        assert!(response.header("set-cookie").is_none());
        assert!(response.header("access-control-allow-origin").is_none());
    }
}
