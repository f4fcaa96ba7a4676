"""One headless Chromium for all tests, and pages that remember everything that went wrong."""

import contextlib
import os
import pathlib
import shutil

from playwright.sync_api import sync_playwright

SITE = pathlib.Path(os.environ["SSLBOOK_BROWSER_SITE"]).resolve()
# The book of this repository.
BOOK = pathlib.Path(__file__).resolve().parents[2] / "site"


def executable():
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        found = shutil.which(name)
        if found:
            return found
    mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    if os.path.exists(mac):
        return mac
    raise SystemExit("browser tests: no Chromium is installed; run 'make deps'")


class Browser:
    """Starts once; `page` gives a fresh context each time."""

    def __init__(self):
        self.playwright = sync_playwright().start()
        # As root, and in most containers, Chromium's own sandbox cannot start.
        self.browser = self.playwright.chromium.launch(
            executable_path=executable(), args=["--no-sandbox"])

    def close(self):
        self.browser.close()
        self.playwright.stop()

    @contextlib.contextmanager
    def page(self, width=1280, height=900, scheme="light", scripts=True):
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme,
            java_script_enabled=scripts, reduced_motion="reduce")
        page = context.new_page()
        page.problems = []
        page.requests_made = []
        page.on("console", lambda message: message.type in ("error", "warning")
                and page.problems.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: page.problems.append(f"exception: {error}"))
        page.on("requestfailed", lambda request: page.problems.append(f"failed: {request.url}"))
        page.on("request", lambda request: page.requests_made.append(request.url))
        try:
            yield page
        finally:
            context.close()


def address(name):
    """Of a page of the site on disk, with a fragment or without."""
    path, _, fragment = name.partition("#")
    return (SITE / path).as_uri() + ("#" + fragment if fragment else "")
