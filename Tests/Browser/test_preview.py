"""What a writer sees while `sslbook serve` follows the files, in a real browser."""

import os
import pathlib
import subprocess
import tempfile
import unittest

from browser import Browser

TOOL = os.environ["SSLBOOK_BROWSER_TOOL"]
PART = "## Part {0}\n\nThe text of part {0} is long enough to fill some lines. " + "Words. " * 60
OVERLAY = "#preview-problems"


class Book:
    """A book of one long chapter, which runs nothing."""

    def __init__(self, folder):
        self.chapter = pathlib.Path(folder, "chapters", "long.md")
        self.chapter.parent.mkdir()
        self.parts = [PART.format(number) for number in range(1, 31)]
        self.chapter.with_name("SUMMARY.md").write_text("# A book\n\n- [Long](long.md)\n")
        self.save()

    def text(self):
        return "# Long\n\n" + "\n\n".join(self.parts) + "\n"

    def save(self):
        self.chapter.write_text(self.text())

    def line(self, words):
        return next(number for number, line in enumerate(self.text().split("\n"), 1)
                    if words in line)


class Preview(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="sslbook-preview-")
        self.addCleanup(folder.cleanup)
        self.book = Book(folder.name)
        self.log = tempfile.TemporaryFile("w+")
        self.addCleanup(self.log.close)
        self.server = subprocess.Popen(
            [TOOL, "serve", "--book", folder.name], stdout=subprocess.PIPE, stderr=self.log,
            text=True)
        self.addCleanup(self.stop)
        words = self.server.stdout.readline().split()
        if not words:
            self.log.seek(0)
            self.fail("the preview does not start:\n" + self.log.read())
        self.address = words[0]

    def stop(self):
        self.server.terminate()
        self.server.wait(timeout=10)
        self.server.stdout.close()

    def top(self, page):
        return page.locator("#part-20").evaluate("node => node.getBoundingClientRect().top")

    def test_the_page_follows_every_save_and_stays_where_it_is(self):
        with self.browser.page() as page:
            # The page may come before the first build is done: it then waits for it.
            page.goto(self.address + "long.html")
            page.wait_for_selector("#part-20")
            page.wait_for_function("document.fonts.status === 'loaded'")
            page.locator("#part-20").evaluate("node => node.scrollIntoView()")
            self.assertGreater(page.evaluate("scrollY"), 1000)
            top = self.top(page)

            with self.subTest("an edit, with the page growing above"):
                self.book.parts[0] += "\n\n" + "A new paragraph. " * 40
                self.book.parts[19] += " Edited once."
                self.book.save()
                page.wait_for_selector("text=Edited once.")
                page.wait_for_load_state("load")
                self.assertAlmostEqual(self.top(page), top, delta=2)

            with self.subTest("an error"):
                whole = self.book.parts[20]
                self.book.parts[20] += " And $\\frac{1$ is no formula."
                self.book.save()
                page.wait_for_selector(OVERLAY)
                overlay = page.locator(f"{OVERLAY} .error").inner_text()
                line = self.book.line("frac")
                self.assertIn(f"chapters/long.md:{line}:", overlay)
                self.assertIn("is no formula", overlay)
                self.assertTrue(page.get_by_text("Edited once.").is_visible())
                self.assertAlmostEqual(self.top(page), top, delta=2)

            with self.subTest("the error undone"):
                self.book.parts[20] = whole
                self.book.save()
                page.wait_for_selector(OVERLAY, state="detached")
                self.assertTrue(page.get_by_text("Edited once.").is_visible())

            with self.subTest("another error, mended by other words"):
                self.book.parts[20] = whole + " See [](#nowhere)."
                self.book.save()
                page.wait_for_selector(f"{OVERLAY} >> text=nowhere")
                self.book.parts[20] = whole + " Edited twice, with $x^2$."
                self.book.save()
                page.wait_for_selector("text=Edited twice")
                page.wait_for_load_state("load")
                self.assertEqual(page.locator(OVERLAY).count(), 0)
                self.assertAlmostEqual(self.top(page), top, delta=2)

            # The browser says so when the first page had to wait.
            problems = [text for text in page.problems if "503" not in text]
            self.assertEqual(problems, [])
            self.assertEqual(
                [url for url in page.requests_made if not url.startswith(self.address)
                 and not url.startswith("data:")], [])


if __name__ == "__main__":
    unittest.main()
