"""The mathematics in a reader's browser: the same checks as under Node, the same numbers."""

import base64
import pathlib
import unittest

from browser import Browser

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHECKS = ROOT / "Tests/PortableChecks"
BUILD = ROOT / ".build/wasm/checks.wasm"


@unittest.skipUnless(BUILD.exists(), "'make wasm' builds what is tested here")
class Mathematics(unittest.TestCase):
    def test_what_a_browser_computes_is_what_was_computed_natively(self):
        def encoded(path):
            return base64.b64encode(path.read_bytes()).decode()

        browser = Browser()
        try:
            with browser.page() as page:
                found = page.evaluate(
                    """async ([script, build, expected]) => {
                      const url = `data:text/javascript;base64,${script}`;
                      return (await import(url)).difference(build, expected);
                    }""",
                    [encoded(CHECKS / "run.mjs"), encoded(BUILD),
                     (CHECKS / "expected.txt").read_text()])
                self.assertEqual(found, [])
                self.assertEqual(page.problems, [])
        finally:
            browser.close()
