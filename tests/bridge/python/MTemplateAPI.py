"""A fake of Muster's module MTemplateAPI, written from notes. It keeps the installed templates.

Whether the class MTemplate has the callbacks is not known. It has them unless MUSTER_FAKE_BASE is `bare`.
"""

import os

CALLBACKS = [
    "onDispatcherOverrideImpersonationUser",
    "onValidateJobSubmission",
    "onDeleteJob",
    "onSubmitJob",
    "onReinitJob",
    "onEditJob",
    "onJobPropertiesChanged",
    "onJobCompleted",
    "onValidateJobDependancies",
    "onValidateChunkDependancies",
    "onJobStart",
    "onJobEnd",
    "onDispatcherIdling",
]


class MTemplateError(object):
    def __init__(self, code=0, description=""):
        self.code = code
        self.description = description

    def getErrorCode(self):
        return self.code

    def getDescription(self):
        return self.description


class MTemplate(object):
    def __init__(self):
        self.fake_base_was_called = True


def add_callbacks():
    for name in CALLBACKS:

        def callback(self, *arguments, **_keywords):
            return MTemplateError(0, "inherited %s" % list(arguments))

        setattr(MTemplate, name, callback)


if os.environ.get("MUSTER_FAKE_BASE") != "bare":
    add_callbacks()


class MManager(object):
    unique = None

    def __init__(self):
        self.templates = []

    @classmethod
    def getUniqueClass(cls):
        if cls.unique is None:
            cls.unique = cls()
        return cls.unique

    def installPyTemplate(self, template):
        if not isinstance(template, MTemplate):
            raise TypeError("a template must be derived from MTemplate")
        self.templates.append(template)
        return MTemplateError()
