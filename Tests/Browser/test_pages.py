"""What a reader does with the pages, in a real browser and from disk."""

import gzip
import unittest

from axe_playwright_python.sync_playwright import Axe

from browser import BOOK, SITE, Browser, address

CHAPTER = "everything.html"
PAGES = [
    "index.html", CHAPTER, "second.html", "third.html", "claims.html", "bibliography.html",
]
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


class PageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = Browser()

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()

    def open(self, page, name):
        page.goto(address(name))
        page.wait_for_function("document.fonts.status === 'loaded'")


class Loading(PageTest):
    def test_no_page_has_an_error_or_leaves_the_machine(self):
        for name in PAGES + ["print.html"]:
            with self.subTest(name), self.browser.page() as page:
                self.open(page, name)
                self.assertEqual(page.problems, [])
                self.assertEqual(
                    [url for url in page.requests_made if not url.startswith(SITE.as_uri())
                     and not url.startswith("data:")], [])

    def test_every_formula_is_drawn_from_a_font_of_the_book(self):
        # A character missing from a cut font would come from another one, with another width.
        with self.browser.page() as page:
            self.open(page, CHAPTER)
            session = page.context.new_cdp_session(page)
            session.send("DOM.enable")
            session.send("CSS.enable")
            root = session.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
            nodes = session.send(
                "DOM.querySelectorAll", {"nodeId": root, "selector": ".katex-html"})["nodeIds"]
            self.assertGreater(len(nodes), 8)
            for node in nodes:
                used = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
                names = {font["familyName"] for font in used if font["glyphCount"]}
                self.assertTrue(all(name.startswith("KaTeX") for name in names), names)

    def weight(self, site, name):
        """Of a first visit, as a server that compresses text sends it."""
        with self.browser.page() as page:
            page.goto((site / name).as_uri())
            page.wait_for_load_state("networkidle")
            page.wait_for_function("document.fonts.status === 'loaded'")
            total = 0
            for url in set(page.requests_made):
                if url.startswith("data:"):
                    continue
                data = (site / url.removeprefix(site.as_uri() + "/")).read_bytes()
                isText = url.endswith((".html", ".css", ".js", ".svg"))
                total += len(gzip.compress(data, 6)) if isText else len(data)
            return total

    def test_first_visit_is_light(self):
        self.assertLessEqual(self.weight(SITE, CHAPTER), 150_000)

    def test_first_visit_to_every_chapter_of_the_book_is_light(self):
        chapters = sorted(BOOK.glob("*.html"))
        self.assertGreater(len(chapters), 14)
        for chapter in chapters:
            if chapter.name != "print.html":
                with self.subTest(chapter.name):
                    self.assertLessEqual(self.weight(BOOK, chapter.name), 150_000)

    def test_the_sidebar_is_not_copied_into_pages(self):
        source = (SITE / CHAPTER).read_text()
        self.assertEqual(source.count("third.html"), 0)


class Reading(PageTest):
    def test_the_sidebar_lists_the_book_and_marks_the_page(self):
        with self.browser.page() as page:
            self.open(page, CHAPTER)
            self.assertEqual(
                page.locator("#contents .chapters a").evaluate_all(
                    "links => links.map(link => link.getAttribute('href'))"),
                ["everything.html", "second.html", "third.html"])
            current = page.locator("#contents [aria-current=page]")
            self.assertEqual(current.get_attribute("href"), CHAPTER)

    def test_arrow_keys_turn_the_page(self):
        with self.browser.page() as page:
            self.open(page, CHAPTER)
            page.keyboard.press("ArrowRight")
            page.wait_for_url("**/second.html")
            page.keyboard.press("ArrowLeft")
            page.wait_for_url("**/everything.html")

    def test_search_works_from_disk_by_keyboard(self):
        with self.browser.page() as page:
            self.open(page, CHAPTER)
            page.keyboard.press("/")
            page.wait_for_selector("dialog[open]")
            page.keyboard.type("hippopot")
            page.wait_for_selector("#search-results li")
            self.assertIn("hippopot", page.locator("#search-results mark").first.inner_text())
            page.keyboard.press("Enter")
            page.wait_for_url("**/second.html*")
            self.assertEqual(page.problems, [])

    def test_search_says_when_nothing_matches_and_closes_by_escape(self):
        with self.browser.page() as page:
            self.open(page, CHAPTER)
            page.keyboard.press("/")
            page.keyboard.type("zzzqqqxxx")
            page.wait_for_selector(".search-state:has-text('Nothing in the book')")
            page.keyboard.press("Escape")
            page.wait_for_selector("dialog[open]", state="detached")

    def test_the_theme_follows_the_system_and_remembers_a_choice(self):
        background = "getComputedStyle(document.body).backgroundColor"
        with self.browser.page(scheme="dark") as page:
            self.open(page, CHAPTER)
            dark = page.evaluate(background)
            page.click(".theme-button")
            light = page.evaluate(background)
            self.assertNotEqual(dark, light)
            page.reload()
            self.assertEqual(page.evaluate(background), light)

    def test_a_claim_opens_its_evidence(self):
        with self.browser.page() as page:
            self.open(page, CHAPTER)
            page.locator(".claim button").first.click()
            panel = page.locator(".evidence:popover-open")
            self.assertIn("0.3333333", panel.inner_text())
            page.keyboard.press("Escape")
            self.assertEqual(panel.count(), 0)

    def test_a_derivation_unfolds_to_its_numbers(self):
        with self.browser.page() as page:
            self.open(page, CHAPTER)
            step = page.locator("details.step").last
            step.locator("summary").click()
            self.assertIn("n = 3", step.inner_text())
            self.assertIn("≤", step.locator("table").inner_text())

    def test_a_reference_shows_what_it_leads_to(self):
        with self.browser.page() as page:
            self.open(page, "second.html")
            page.locator("a.ref").first.hover()
            page.wait_for_selector(".preview svg")
            page.keyboard.press("Escape")
            page.wait_for_selector(".preview", state="detached")
            self.open(page, CHAPTER)
            page.locator("a.cite").first.hover()
            page.wait_for_selector(".preview:has-text('predictive coding')")
            self.assertEqual(page.problems, [])

    def test_tabs_change_by_click_and_key(self):
        with self.browser.page() as page:
            self.open(page, CHAPTER)
            tabs = page.get_by_role("tab")
            self.assertEqual(tabs.count(), 2)
            tabs.nth(1).click()
            self.assertTrue(page.get_by_text("In Python:").is_visible())
            self.assertFalse(page.get_by_text("In Swift:").is_visible())
            page.keyboard.press("ArrowLeft")
            self.assertTrue(page.get_by_text("In Swift:").is_visible())

    def test_a_link_into_a_tab_opens_it_and_paper_shows_all(self):
        with self.browser.page() as page:
            self.open(page, CHAPTER + "#python")
            page.wait_for_selector("#python:visible")
            self.assertFalse(page.get_by_text("In Swift:").is_visible())
            page.emulate_media(media="print")
            for text in ("In Swift:", "In Python:"):
                self.assertTrue(page.get_by_text(text).is_visible())
            self.assertEqual(page.locator(".tab-title:visible").count(), 2)
            self.assertEqual(page.problems, [])

    def test_search_finds_words_of_any_script_and_stop_words(self):
        with self.browser.page() as page:
            self.open(page, CHAPTER)
            page.keyboard.press("/")
            for word in ("привет", "мир", "café", "cafe\u0301", "Gauß", "after", "検索", "दुनिया"):
                page.fill("dialog input", word)
                page.wait_for_selector("#search-results a[href*='third.html']")
                page.fill("dialog input", "")
                page.wait_for_selector("#search-results a", state="detached")
            self.assertEqual(page.problems, [])

    def test_code_can_be_copied(self):
        with self.browser.page() as page:
            page.context.grant_permissions(["clipboard-read", "clipboard-write"])
            self.open(page, CHAPTER)
            listing = page.locator(".listing").first
            listing.hover()
            listing.locator(".copy").click()
            page.wait_for_selector(".copy:has-text('Copied')")

    def test_an_address_opens_what_is_folded(self):
        with self.browser.page() as page:
            self.open(page, "claims.html")
            page.locator("a[href*='#step-']").first.click()
            page.wait_for_url("**/everything.html#step-*")
            self.assertTrue(page.locator("details.step:target").evaluate("step => step.open"))

    def test_the_contents_slide_in_on_a_telephone(self):
        with self.browser.page(width=360, height=720) as page:
            self.open(page, CHAPTER)
            self.assertFalse(page.locator("#contents").is_visible())
            page.click(".menu-button")
            page.wait_for_selector("#contents a", state="visible")
            page.keyboard.press("Escape")
            page.wait_for_selector("#contents", state="hidden")

    def test_no_page_is_wider_than_a_telephone(self):
        for name in PAGES:
            with self.subTest(name), self.browser.page(width=360, height=720) as page:
                self.open(page, name)
                self.assertLessEqual(
                    page.evaluate("document.documentElement.scrollWidth"), 360)


class WithoutScripts(PageTest):
    def test_everything_can_be_read_and_reached(self):
        with self.browser.page(scripts=False) as page:
            page.goto(address(CHAPTER))
            self.assertTrue(page.locator("#contents a").is_visible())
            for text in ("In Swift:", "In Python:"):
                self.assertTrue(page.get_by_text(text).is_visible())
            self.assertGreater(page.locator(".katex-html").count(), 8)
            self.assertTrue(page.locator("figure.figure svg").first.is_visible())
            page.locator(".claim button").first.click()
            self.assertTrue(page.locator(".evidence").first.is_visible())
            page.click("nav.turn a.next")
            page.wait_for_url("**/second.html")
            page.click("#contents a")
            page.wait_for_url("**/index.html")
            self.assertEqual(page.locator(".toc a").count(), 3)


class Printing(PageTest):
    def test_paper_has_the_text_and_no_controls(self):
        with self.browser.page(scheme="dark") as page:
            self.open(page, CHAPTER)
            page.emulate_media(media="print")
            for name in (".bar", "#contents", "nav.turn", ".claim button"):
                self.assertFalse(page.locator(name).first.is_visible(), name)
            self.assertTrue(page.get_by_text("Because it does.").is_visible())
            self.assertEqual(
                page.evaluate("getComputedStyle(document.documentElement)"
                              ".getPropertyValue('--paper').trim()"), "#fffdf8")
            self.assertTrue(page.pdf().startswith(b"%PDF"))

    def test_the_whole_book_is_one_page_with_unique_names(self):
        with self.browser.page() as page:
            self.open(page, "print.html")
            self.assertEqual(page.locator(".print-chapter").count(), 3)
            twice = page.evaluate(
                "(names => names.filter((name, i) => names.indexOf(name) !== i))"
                "([...document.querySelectorAll('[id]')].map(node => node.id))")
            self.assertEqual(twice, [])
            dead = page.evaluate(
                "[...document.querySelectorAll('article a[href^=\"#\"]')]"
                ".map(link => link.getAttribute('href').slice(1))"
                ".filter(name => !document.getElementById(decodeURIComponent(name)))")
            self.assertEqual(dead, [])


class Accessibility(PageTest):
    def check(self, page, name):
        found = Axe().run(page, options=WCAG).response["violations"]
        self.assertEqual(
            [(rule["id"], [node["target"] for node in rule["nodes"]][:3],
              rule["nodes"][0]["failureSummary"]) for rule in found], [], name)

    def test_axe_finds_nothing(self):
        for name in PAGES + ["404.html"]:
            for scheme in ("light", "dark"):
                for width in (1280, 360):
                    with self.subTest(f"{name} {scheme} {width}"), \
                            self.browser.page(width=width, scheme=scheme) as page:
                        self.open(page, name)
                        self.check(page, name)

    def test_axe_finds_nothing_in_what_opens(self):
        for scheme in ("light", "dark"):
            with self.subTest(scheme), self.browser.page(scheme=scheme) as page:
                self.open(page, CHAPTER)
                page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
                page.locator(".claim button").first.click()
                self.check(page, "unfolded")
                page.keyboard.press("Escape")
                page.keyboard.press("/")
                page.keyboard.type("chapter")
                page.wait_for_selector("#search-results li")
                self.check(page, "search")

    def test_the_first_stop_of_the_keyboard_skips_to_the_text(self):
        with self.browser.page() as page:
            self.open(page, CHAPTER)
            page.keyboard.press("Tab")
            self.assertEqual(page.evaluate("document.activeElement.className"), "skip")
            page.keyboard.press("Enter")
            page.keyboard.press("Tab")
            self.assertTrue(page.evaluate("!!document.activeElement.closest('main')"))


if __name__ == "__main__":
    unittest.main()
