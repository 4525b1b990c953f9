"""A fake of Muster's module MClientAPI, written from notes. Members that no note names end with `Fake`."""

import json


class MJob(object):
    # The values of these constants are not known. A program must ask for them.
    kJobsBackupRestoreActionDuplicateEntry = 2
    kJobsBackupRestoreActionRestoreParents = 8
    kJobDependSuccess = 5
    kJobTypeJob = 3
    kSkipWarnings = 64

    def __init__(self):
        self.members = {"JobId": 0, "Status": 0, "Name": ""}
        self.attributes = {}

    def getStatus(self):
        return self.members["Status"]

    def getName(self):
        return self.members["Name"]

    def getJobId(self):
        return self.members["JobId"]

    def membersFake(self):
        return json.dumps(dict(self.members, **self.attributes))

    def attributeGetString(self, name):
        return self.attributes[name]

    def attributeSetString(self, name, value):
        if not isinstance(value, str):
            raise TypeError("attributeSetString() needs a text")
        self.attributes[name] = value

    def attributeSetFloat(self, name, value):
        if not isinstance(value, float):
            raise TypeError("attributeSetFloat() needs a float")
        self.attributes[name] = value


def add_setters():
    kinds = {
        "Name": str,
        "ParentId": int,
        "DependMode": int,
        "JobType": int,
        "Priority": int,
        "TemplateID": int,
        "PacketType": int,
        "PacketSize": int,
        "IncludedPools": str,
        "Project": str,
        "Department": str,
        "LogsErrorCheckType": int,
        "MaximumNodes": int,
        "Depends": str,
    }
    for name, kind in kinds.items():

        def setter(self, value, name=name, kind=kind):
            if type(value) is not kind:
                raise TypeError("set%s() needs %s" % (name, kind.__name__))
            self.members[name] = value

        setattr(MJob, "set" + name, setter)


add_setters()


class MBackupQuery(object):
    pass


class MBackupQueryBoundaries(object):
    count = -1

    def getJobsCount(self):
        return self.count
