//! The classes, constants and result forms of the module, as far as they are known.

use python_bridge::{Class, FirstResult};

/// The name of the module in the Dispatcher.
pub(crate) const MODULE: &str = "MDispatcherAPI";

/// The module with the constructors.
const CLIENT: &str = "MClientAPI";

/// The getters of the error object that each function returns first.
pub(crate) const FIRST_RESULT: FirstResult = FirstResult {
    code: "getErrorCode",
    description: "getDescription",
};

/// The constants whose names are known. Their values are not known, so the client asks for them.
pub(crate) const CONSTANTS: &[&str] = &[
    "kJobDependSuccess",
    "kJobTypeJob",
    "kJobsBackupRestoreActionDuplicateEntry",
    "kJobsBackupRestoreActionRestoreParents",
    "kSkipWarnings",
];

/// The classes. A snapshot has the getters that are known.
pub(crate) const CLASSES: &[Class] = &[
    Class::new("MJob")
        .module(CLIENT)
        .snapshot(&["getJobId", "getName", "getStatus"])
        .reads(&["attributeGetString"])
        .methods(&[
            "attributeGetString",
            "attributeSetFloat",
            "attributeSetString",
            "getJobId",
            "getName",
            "getStatus",
            "setDepartment",
            "setDependMode",
            "setDepends",
            "setIncludedPools",
            "setJobType",
            "setLogsErrorCheckType",
            "setMaximumNodes",
            "setName",
            "setPacketSize",
            "setPacketType",
            "setParentId",
            "setPriority",
            "setProject",
            "setTemplateID",
        ]),
    Class::new("MChunk")
        .snapshot(&["getChunkId", "getEndFrame", "getStartFrame"])
        .methods(&["getChunkId", "getEndFrame", "getStartFrame"]),
    Class::new("MBackupQuery").module(CLIENT),
    Class::new("MBackupQueryBoundaries")
        .module(CLIENT)
        .snapshot(&["getJobsCount"])
        .methods(&["getJobsCount"]),
    Class::new("MBackupJob").snapshot(&["getId"]).methods(&["getId"]),
    // The module of this class is not known.
    Class::new("MStringRef").module(CLIENT).methods(&["setString"]),
    Class::new("MHistoryChunk"),
    Class::new("MNode"),
    Class::new("MClient"),
    Class::new("MNClient"),
    Class::new("MDispatcherConfiguration"),
    Class::new("MUser"),
    Class::new("MGroup"),
    Class::new("MPool"),
    Class::new("MRepository"),
];
