#!/usr/bin/env python3
"""Opens the pages of a running server in Chromium and tries what a reader would.

    pages.py BASE_URL [REPORT_FILE] [--screenshots DIR]

Prints a line for each check; ends with 1 and a sentence at the first that
fails. A request to another host, a console error, a violation of the
Content-Security-Policy or an answer of 400 and above fails whatever page it
is on. Needs Playwright (`pip install playwright`) and a Chromium: the
executable in CHROMIUM, else `chromium` on PATH.
"""

import argparse
import base64
import os
import shutil
import sys
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Error, expect, sync_playwright

CHROMIUM_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]
WAIT_MS = 15_000
# Swagger UI spares localhost what it does elsewhere (asking a validator): a
# server on this machine is opened under a name that looks public.
LOCAL_HOSTS = ("127.0.0.1", "localhost")
PUBLIC_NAME = "gongkai.test"
PAGES = {
    "home": "/", "docs": "/docs", "graphiql": "/graphiql",
    "summary": "/api/v1/regions/370323/summary/2023",
}
SCREENSHOT_WIDTHS = (360, 1280)


class Failed(Exception):
    """One sentence on what is wrong."""


class Watch:
    """What went wrong on a page, beside what is looked at."""

    def __init__(self, page, host):
        self.page, self.host, self.faults = page, host, []
        page.on("request", self.request)
        page.on("response", self.response)
        page.on("requestfailed", self.request_failed)
        page.on("console", self.console)
        page.on("pageerror", lambda error: self.faults.append(f"the script failed: {error}"))
        page.expose_binding("reportViolation", lambda _, text: self.faults.append(f"the Content-Security-Policy was violated: {text}"))
        page.add_init_script(
            "addEventListener('securitypolicyviolation', e => reportViolation(`${e.violatedDirective} ${e.blockedURI}`))")

    def request(self, request):
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.netloc != self.host:
            self.faults.append(f"a request went to another host: {request.url}")

    def response(self, response):
        if response.status >= 400:
            self.faults.append(f"{response.url} answered {response.status}")

    def request_failed(self, request):
        # a question asked anew aborts the one before it
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"{request.url} failed: {request.failure}")

    def console(self, message):
        if message.type == "error":
            self.faults.append(f"the console shows an error: {message.text}")

    def settle(self, name):
        self.page.wait_for_load_state("networkidle")
        if self.faults:
            raise Failed(f"{name}: " + "; ".join(self.faults))
        passed(f"{name}: own host only, no console error, no policy violation, no answer of 400 and above")


def passed(sentence):
    print(f"ok  {sentence}", flush=True)


def must(condition, sentence):
    if not condition:
        raise Failed(sentence)


def see(locator, what):
    try:
        expect(locator).to_be_visible(timeout=WAIT_MS)
    except AssertionError:
        raise Failed(f"{what} did not appear") from None
    return locator


def check_home(page, report_file):
    see(page.locator("#years tbody tr").first, "/: a row of the years table")
    passed(f"/: the years table has {page.locator('#years tbody tr').count()} rows")
    if report_file is None:
        return
    # Dropped, as by a reader's hand: the page must read the file from the drop.
    transfer = page.evaluate_handle(
        """([name, bytes]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([Uint8Array.from(atob(bytes), one => one.charCodeAt(0))], name));
            return transfer;
        }""", [report_file.name, base64_of(report_file)])
    page.dispatch_event("#check-form", "drop", {"dataTransfer": transfer})
    name = see(page.locator("#check-answer .facts dd").first, "/: the checked report's agency").inner_text().strip()
    must(len(name) > 1 and "—" not in name, f"/: {report_file.name} was read without an agency's name")
    passed(f"/: {report_file.name} dropped and checked: {name}")
    page.set_input_files("#check-file", str(report_file))
    see(page.locator("#check-answer .facts dd").first, "/: the chosen report's agency")
    passed(f"/: {report_file.name} chosen and checked")


def base64_of(path):
    return base64.b64encode(path.read_bytes()).decode()


def check_docs(page):
    see(page.locator(".opblock").first, "/docs: an operation")
    passed(f"/docs: {page.locator('.opblock').count()} operations")
    years = page.locator(".opblock", has=page.locator("[data-path='/api/v1/years']"))
    years.locator(".opblock-summary").click()
    years.locator(".try-out__btn").click()
    years.locator(".execute").click()
    status = see(years.locator(".live-responses-table tbody .response-col_status"), "/docs: the answer of an operation tried out")
    must("200" in status.inner_text(), f"/docs: trying out /api/v1/years shows {status.inner_text()!r}, not 200")
    passed("/docs: an operation tried out answers 200")


def check_graphiql(page):
    options = page.locator("#examples option:not([disabled])")
    with_rows = 0
    for index in range(options.count()):
        title = options.nth(index).inner_text()
        with page.expect_response(lambda response: urlsplit(response.url).path == "/graphql") as answered:
            if index:
                page.select_option("#examples", str(index))
            else:  # there from the start
                page.click("#run")
        answer = answered.value.json()
        must(not answer.get("errors"), f"/graphiql: the example “{title}” answers with errors: {answer.get('errors')}")
        # Not wait_for_function: it evaluates text in the page, which the page's policy forbids.
        page.locator("#status", has_text=" ms").wait_for(timeout=WAIT_MS)
        with_rows += page.locator("#table tbody tr").count() > 0
    must(with_rows, "/graphiql: no example question shows a row")
    passed(f"/graphiql: {options.count()} example questions run, {with_rows} with rows in the table")

    with page.expect_download() as downloaded:
        page.select_option("#examples", "0")
        see(page.locator("#table tbody tr").first, "/graphiql: a row of the first example")
        page.click("#csv")
    must(Path(downloaded.value.path()).read_bytes().startswith(b"\xef\xbb\xbf"), "/graphiql: the CSV does not begin with a byte order mark")
    passed(f"/graphiql: the CSV downloads as {downloaded.value.suggested_filename}")

    page.click("#docs-open")
    page.locator("#docs-page .link", has_text="Query").first.click()
    see(page.locator("#docs-page [data-field=reports]"), "/graphiql: the documentation of `reports`")
    passed("/graphiql: the documentation opens")
    page.click("#docs-close")

    page.fill("#query", "")
    page.focus("#query")
    page.keyboard.type("{ rep")
    see(page.locator("#offers [role=option]", has_text="reports").first, "/graphiql: the completion of `rep`")
    page.keyboard.press("Enter")
    must("{ report" in page.input_value("#query"), "/graphiql: Enter does not take the completion")
    passed("/graphiql: a field is completed")


def check_summary(page):
    see(page.locator("h1", has_text="汇总表"), "/summary: the title")
    numbers = page.locator("table.form td.n").count()
    must(numbers > 200, f"/summary: {numbers} numbers are not the form's 200 and the differences")
    passed(f"/summary: {numbers} numbers")


def take_screenshots(browser, base, folder, report_file):
    folder.mkdir(parents=True, exist_ok=True)
    for width in SCREENSHOT_WIDTHS:
        for scheme in ("light", "dark"):
            context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
            page = context.new_page()
            for name, path in PAGES.items():
                page.goto(base + path, wait_until="networkidle")
                if name == "home" and report_file:
                    page.set_input_files("#check-file", str(report_file))
                    see(page.locator("#check-answer .answer"), "/: the checked report")
                if name == "graphiql":
                    page.click("#run")
                    page.wait_for_load_state("networkidle")
                page.screenshot(path=str(folder / f"{name}-{width}-{scheme}.png"), full_page=True)
                # Swagger UI's own pages are not ours to hold to a phone's width
                wide = page.evaluate("document.documentElement.scrollWidth")
                must(name == "docs" or wide <= width, f"{path}: {wide} px wide in a window of {width}")
            context.close()
    passed(f"screenshots in {folder}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("base", metavar="BASE_URL")
    arguments.add_argument("report_file", metavar="REPORT_FILE", nargs="?", type=Path)
    arguments.add_argument("--screenshots", metavar="DIR", type=Path)
    given = arguments.parse_args()
    base = given.base.rstrip("/")
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    must(chromium, "no Chromium: name one in CHROMIUM")
    chromium_arguments = list(CHROMIUM_ARGUMENTS)
    host = urlsplit(base).hostname
    if host in LOCAL_HOSTS:
        base = base.replace(host, PUBLIC_NAME, 1)
        chromium_arguments.append(f"--host-resolver-rules=MAP {PUBLIC_NAME} {host}")

    checks = {"home": lambda page: check_home(page, given.report_file), "docs": check_docs,
              "graphiql": check_graphiql, "summary": check_summary}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=chromium_arguments)
        try:
            for name, path in PAGES.items():
                page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
                page.set_default_timeout(WAIT_MS)
                watch = Watch(page, urlsplit(base).netloc)
                page.goto(base + path, wait_until="load")
                try:
                    checks[name](page)
                except (Failed, Error) as failure:
                    raise Failed("; ".join([str(failure), *watch.faults])) from None
                watch.settle(path)
                page.context.close()
            if given.screenshots:
                take_screenshots(browser, base, given.screenshots, given.report_file)
        finally:
            browser.close()


if __name__ == "__main__":
    try:
        main()
    except (Failed, Error) as failure:
        print(f"failed: {failure}", file=sys.stderr)
        sys.exit(1)
