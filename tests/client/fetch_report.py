#!/usr/bin/env python3
"""Fetches a report with a client generated from the OpenAPI document.

    fetch_report.py OPENAPI_FILE BASE_URL

Generates a client into a temporary folder, lists the reports of one township
on one year with it, fetches the permanent address of the first, and prints

    {"agency": "沂源县张家坡镇人民政府", "year": 2023, "received": 0}

as the generated types read them: `received` is `requests.received.total`.
Ends with 1 and a sentence where the generator warns of anything it has to
leave out, or an answer is not what the document says. Needs
openapi-python-client (`tests/requirements.txt`).
"""

import argparse
import importlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

REGION, YEAR = "370323108", 2023
LIST_PATH = "/api/v1/reports"
REPORT_PATH = "/api/v1/agencies/{id}/reports/{year}"
PACKAGE = "gongkai_client"
GENERATE_SECONDS = 120
ANSWER_SECONDS = 30


class Failed(Exception):
    """One sentence on what is wrong."""


def generate(document, folder):
    config = folder / "config.yaml"
    config.write_text("post_hooks: []\n")  # the code is run, not read: no formatter
    command = [
        sys.executable, "-m", "openapi_python_client", "generate", "--path", str(document), "--config", str(config),
        "--meta", "none", "--output-path", str(folder / PACKAGE), "--fail-on-warning",
    ]
    try:
        made = subprocess.run(command, capture_output=True, text=True, timeout=GENERATE_SECONDS)
    except subprocess.TimeoutExpired:
        raise Failed(f"the generator took more than {GENERATE_SECONDS} s") from None
    if made.returncode:
        raise Failed(f"the generator does not take {document}:\n{made.stdout}{made.stderr}".rstrip())


def operation(document, path):
    """The generated module that asks `path`: named by the operation's first tag and its id."""
    try:
        described = json.loads(document.read_text())["paths"][path]["get"]
        tag, name = described["tags"][0], described["operationId"]
    except (KeyError, IndexError):
        raise Failed(f"{document} has no GET {path} with a tag and an operationId") from None
    module = ".".join([PACKAGE, "api", *(word.lower().replace(" ", "_").replace("-", "_") for word in (tag, name))])
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise Failed(f"the generated client has no working {module}: {error}") from None


def asked(module, path, *arguments, **named):
    """The parsed answer of 200; whatever else comes is a failure."""
    try:
        answer = module.sync_detailed(*arguments, **named)
    except Exception as error:  # whatever the generated code trips over
        raise Failed(f"the generated client fails on GET {path}: {type(error).__name__}: {error}") from None
    if answer.status_code != 200 or answer.parsed is None:
        raise Failed(f"GET {path} answers {answer.status_code.value}: {answer.content.decode(errors='replace')[:500]}")
    return answer.parsed


def fetch(document, base):
    import httpx  # the generated client's own need

    client = importlib.import_module(PACKAGE).Client(
        base_url=base, timeout=httpx.Timeout(ANSWER_SECONDS), raise_on_unexpected_status=True)
    with client:
        listed = asked(operation(document, LIST_PATH), LIST_PATH, client=client, region=REGION, year=str(YEAR), limit=1)
        if len(listed.data) != 1:
            raise Failed(f"GET {LIST_PATH} with a limit of 1 lists {len(listed.data)} reports of {REGION} on {YEAR}")
        agency = listed.data[0].agency
        report = asked(operation(document, REPORT_PATH), REPORT_PATH, agency.id, YEAR, client=client)
    try:
        received = report.requests["received"]["total"]
    except (AttributeError, KeyError, TypeError) as error:
        raise Failed(f"the generated report has no requests.received.total: {error!r}") from None
    return {"agency": report.agency.name, "year": report.year, "received": received}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("document", metavar="OPENAPI_FILE", type=Path)
    arguments.add_argument("base", metavar="BASE_URL")
    given = arguments.parse_args()
    if not given.document.is_file():
        raise Failed(f"{given.document} is no file")
    with tempfile.TemporaryDirectory(prefix="gongkai-client-") as folder:
        generate(given.document.resolve(), Path(folder))
        sys.path.insert(0, folder)
        print(json.dumps(fetch(given.document, given.base.rstrip("/")), ensure_ascii=False))


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        print(f"failed: {failure}", file=sys.stderr)
        sys.exit(1)
