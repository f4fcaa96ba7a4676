/// What pages do when scripts are on. One classic script, since modules do not load from disk; it
/// stands in the head so that the theme is set before anything is painted.
enum PageScript {
  static let source = [
    "(function () {\n\"use strict\";", theme, tools, contents, keys, listings, previews, tabs,
    reading, search, start, "})();\n",
  ].joined(separator: "\n")

  /// `base` is the site's top folder, wherever the site stands; a choice of theme is remembered
  /// where the browser allows it.
  private static let theme = #"""
    const root = document.documentElement;
    const script = document.currentScript.src;
    const base = script.slice(0, script.lastIndexOf("assets/"));
    const book = window.sslbook = {};
    root.classList.add("js");
    const remembered = key => { try { return localStorage.getItem(key); } catch { return null; } };
    const remember = (key, value) => {
      try { localStorage.setItem(key, value); } catch { /* The choice lasts for this page. */ }
    };
    const chosen = remembered("sslbook-theme");
    if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
    const isDark = () => (root.dataset.theme
      || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
    const paintBrowser = () => {
      if (!root.dataset.theme) return;
      for (const meta of document.querySelectorAll("meta[name=theme-color]"))
        meta.content = isDark() ? "#17181b" : "#fffdf8";
    };
    const element = (name, attributes, ...children) => {
      const node = document.createElement(name);
      for (const key in attributes) node.setAttribute(key, attributes[key]);
      node.append(...children);
      return node;
    };
    const load = (path, then, failed) => {
      const node = element("script", { src: base + path });
      node.onload = then;
      node.onerror = failed || null;
      document.head.append(node);
    };
    """#

  /// Where the reader is: the section in view, and what an address names.
  private static let reading = #"""
    const setUpReading = () => {
      const links = [...document.querySelectorAll(".page-contents a")];
      const heads = links.map(link => document.getElementById(
        decodeURIComponent(link.getAttribute("href").slice(1))));
      if (links.length) {
        let scheduled = false;
        const mark = () => {
          scheduled = false;
          let current = -1;
          heads.forEach((head, i) => {
            if (head && head.getBoundingClientRect().top < innerHeight * .3) current = i;
          });
          links.forEach((link, i) => link.classList.toggle("current", i === current));
        };
        addEventListener("scroll", () => {
          if (!scheduled) { scheduled = true; requestAnimationFrame(mark); }
        }, { passive: true });
        mark();
      }
      const reveal = () => {
        let node = null;
        try { node = document.getElementById(decodeURIComponent(location.hash.slice(1))); }
        catch { return; }
        if (!node || !location.hash) return;
        for (let at = node; at; at = at.parentElement) {
          if (at.tagName === "DETAILS") at.open = true;
          if (at.getAttribute("role") === "tabpanel" && at.hidden)
            document.getElementById(at.getAttribute("aria-labelledby")).click();
        }
        node.scrollIntoView();
      };
      addEventListener("hashchange", reveal);
      if (location.hash) reveal();
      placeEvidence();
    };
    // Where the style sheet cannot anchor the evidence to its claim, the script does.
    const placeEvidence = () => {
      if (CSS.supports("position-area: bottom")) return;
      document.addEventListener("toggle", event => {
        const panel = event.target;
        if (!panel.classList || !panel.classList.contains("evidence")
          || event.newState !== "open") return;
        const box = panel.parentElement.getBoundingClientRect();
        panel.style.margin = "0";
        panel.style.left = Math.max(12, Math.min(box.left, innerWidth - panel.offsetWidth - 12))
          + "px";
        panel.style.top = (box.bottom + panel.offsetHeight + 14 < innerHeight
          ? box.bottom + 6 : box.top - panel.offsetHeight - 6) + "px";
      }, true);
    };
    """#

  private static let start = #"""
    document.addEventListener("DOMContentLoaded", () => {
      setUpTools();
      setUpContents();
      closeContentsOutside();
      setUpKeys();
      setUpTabs();
      setUpListings();
      setUpPreviews();
      setUpReading();
    });
    """#
}
