"""Holds a data package against its files: types, constraints, keys, bytes and checksums."""

import sys

import frictionless

report = frictionless.Package(sys.argv[1]).validate()
for task in report.tasks:
    for error in task.errors:
        print(task.name, error.message)
sys.exit(not report.valid)
