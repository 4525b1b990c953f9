//! Types of overlays: one small snapshot for each kind.

use insta::assert_snapshot;

use crate::support::{file, generate, short};

#[test]
fn sets() {
    let overlay = r#"
        [functions.GetRights]
        result = "Rights"
        [types.Rights]
        kind = "set"
        doc = "What a user may do."
        item = "Right"
        empty = "none"
        evidence = "documented"
        since = "9.0"
        [types.Rights.alone]
        none = "Nothing."
        Admin = "Everything."
        "2fa-only" = { name = "SecondFactor", doc = "Hm." }
        [types.Right]
        kind = "enum"
        doc = "One thing."
        values = { login = "Log in." }
    "#;
    let generated = generate(short(&["GetRights()"]), &[overlay]);
    assert_snapshot!("sets_types", file(&generated, "types/functions.rs"));
    assert_snapshot!("sets_listing", generated.listing());
}

const OBJECTS: &str = r#"
    [types.Config]
    kind = "struct"
    doc = "A configuration."
    since = "12"
    [types.Config.fields]
    from = { type = "datetime", doc = "" }
    at = { type = "[time]", doc = "" }
    pause = { type = "seconds", doc = "" }
    port = { type = "port", doc = "" }
    rights = { type = "Rights", doc = "" }
    rules = { type = "[Rule]", doc = "" }
    nothing = { type = "Nothing", doc = "" }
    [types.Rule]
    kind = "struct"
    doc = "A rule."
    fields = { name = { type = "string", always = true, doc = "Its name." } }
    [types.Nothing]
    kind = "struct"
    doc = "Its members are unknown."
    [types.Rights]
    kind = "set"
    doc = "Rights."
    item = "Right"
    empty = "none"
    alone = { none = "Nothing." }
    [types.Right]
    kind = "enum"
    doc = "A right."
    values = { login = "Log in." }
"#;

/// Programs create the objects that they send, so they can set all members and change unknown ones.
#[test]
fn objects_that_are_sent_and_objects_that_are_only_read() {
    let types = |overlay: &str| {
        let generated = generate(short(&["A(config: json)"]), &[overlay, OBJECTS]);
        let text = file(&generated, "types/functions.rs");
        let objects = text.split_once("/// A configuration.").unwrap().1.to_owned();
        (objects, generated.listing())
    };
    let (read, listing) = types("functions.A.result = \"Config\"");
    assert_snapshot!("objects_read", read);
    assert_snapshot!("objects_read_listing", listing);
    let (sent, listing) =
        types("functions.A.args.config = { type = \"[Config]\", doc = \"Configurations.\" }");
    assert_snapshot!("objects_sent", sent);
    assert_snapshot!("objects_sent_listing", listing);
}

#[test]
fn dates_in_results() {
    let overlay = r#"
        [functions.A]
        result = "datetime"
        [functions.B]
        result = "[time]"
        [functions.C]
        result = "epoch_milliseconds"
        [functions.D]
        result = "seconds"
        [functions.E]
        result = "port"
        [functions.F]
        result = "[Run]"
        [types.Run]
        kind = "struct"
        doc = "A run."
        [types.Run.fields]
        begin = { type = "utc", always = true, doc = "When it began." }
        ends = { type = "[epoch_milliseconds]", doc = "When its parts ended." }
    "#;
    let dump = short(&["A()", "B()", "C()", "D()", "E()", "F()"]);
    let generated = generate(dump, &[overlay]);
    assert_snapshot!("dates_listing", generated.listing());
    assert_snapshot!("dates_types", file(&generated, "types/functions.rs"));
}

/// Hand-written types are re-exported in place of generated types. The types in their entries count as used.
#[test]
fn hand_written_types() {
    let overlay = r#"
        [surface]
        name = "spe"
        title = "SPE"
        port = 1
        handle = { argument = "instanceID", type = "InstanceId", name = "Instance", method = "instance", doc = "" }
        [types.InstanceId]
        kind = "id"
        of = "string"
        rust = "crate::InstanceId"
        doc = "Hand-written."
        [functions.A]
        result = "[Profile]"
        [functions.A.args]
        id = { type = "ProfileId", doc = "" }
        zone = { type = "TimeZone", doc = "" }
        zones = { type = "[TimeZone]", doc = "" }
        day = { type = "Weekday", doc = "" }
        days = { type = "Weekdays", doc = "" }
        profile = { type = "Profile", doc = "" }
        profiles = { type = "[Profile]", doc = "" }
        [types.ProfileId]
        kind = "id"
        rust = "my_types::ProfileId"
        doc = ""
        [types.TimeZone]
        kind = "id"
        of = "string"
        rust = "my_types::zones::TimeZone"
        doc = ""
        [types.Weekday]
        kind = "enum"
        rust = "my_types::Weekday"
        doc = ""
        values = { Sunday = "" }
        [types.Weekdays]
        kind = "set"
        rust = "my_types::Weekdays"
        doc = ""
        item = "Day"
        alone = { none = "" }
        empty = "none"
        [types.Day]
        kind = "enum"
        doc = "A day."
        values = { Sunday = "Sunday." }
        [types.Profile]
        kind = "struct"
        rust = "my_types::Profile"
        doc = ""
        fields = { details = { type = "Details", doc = "" } }
        [types.Details]
        kind = "struct"
        doc = "Details."
        fields = { zone = { type = "TimeZone", doc = "The zone." } }
    "#;
    let dump = short(&["A(instanceID, id: number, zone, zones, day, days, profile: json, profiles?: json)"]);
    let generated = generate(dump, &[overlay]);
    assert_snapshot!("written_functions", file(&generated, "functions.rs"));
    assert_snapshot!("written_types", file(&generated, "types/functions.rs"));
    assert_snapshot!("written_listing", generated.listing());
}
