/// What pages do when scripts are on. One classic script, since modules do not load from disk; it
/// stands in the head so that the theme is set before anything is painted.
enum PageScript {
  static let source = [
    "(function () {\n\"use strict\";", theme, tools, contents, keys, listings, previews, tabs,
    reading, PageScript.search, start, "})();\n",
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

  private static let tools = #"""
    const icons = {
      menu: "M3 6h18M3 12h18M3 18h18",
      search: "M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M15.5 15.5L21 21",
      theme: "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18"
    };
    const button = (name, label, icon, action) => {
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      svg.setAttribute("viewBox", "0 0 24 24");
      svg.setAttribute("aria-hidden", "true");
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", icons[icon]);
      svg.append(path);
      const node = element("button", { type: "button", class: "tool " + name,
        "aria-label": label, title: label }, svg);
      node.addEventListener("click", action);
      return node;
    };
    const setUpTools = () => {
      const place = document.getElementById("tools");
      if (!place) return;
      const menu = button("menu-button", "Contents", "menu", () => showContents());
      menu.setAttribute("aria-expanded", "false");
      menu.setAttribute("aria-controls", "contents");
      place.before(menu);
      place.parentElement.prepend(menu);
      const themeButton = button("theme-button", "", "theme", () => {
        root.dataset.theme = isDark() ? "light" : "dark";
        remember("sslbook-theme", root.dataset.theme);
        nameTheme();
      });
      const nameTheme = () => {
        const label = isDark() ? "Light theme" : "Dark theme";
        themeButton.setAttribute("aria-label", label);
        themeButton.title = label;
        paintBrowser();
      };
      nameTheme();
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", nameTheme);
      place.append(button("search-button", "Search (/)", "search", () => openSearch()),
        themeButton);
    };
    """#

  /// The sidebar: filled from the one script that lists all chapters; on a narrow screen it slides
  /// over the text.
  private static let contents = #"""
    const setUpContents = () => {
      const nav = document.getElementById("contents");
      if (!nav || !book.contents) return;
      nav.innerHTML = book.contents;
      const page = root.dataset.page;
      for (const link of nav.querySelectorAll("a")) {
        if (link.getAttribute("href") !== page) continue;
        link.setAttribute("aria-current", "page");
        // Only the sidebar scrolls, never the page.
        nav.scrollTop = Math.max(0, link.offsetTop - nav.clientHeight / 3);
      }
      if (base !== new URL(".", location.href).href)
        for (const link of nav.querySelectorAll("a")) link.href = base + link.getAttribute("href");
    };
    const isDrawer = () => getComputedStyle(document.querySelector(".menu-button")).display
      !== "none";
    const showContents = show => {
      const menu = document.querySelector(".menu-button");
      const isOpen = root.classList.contains("contents-open");
      const open = show === undefined ? !isOpen : show;
      if (open === isOpen) return;
      root.classList.toggle("contents-open", open);
      menu.setAttribute("aria-expanded", String(open));
      const main = document.getElementById("text");
      if (main) main.inert = open;
      const nav = document.getElementById("contents");
      if (open) (nav.querySelector("[aria-current]") || nav.querySelector("a")).focus();
      else menu.focus();
    };
    const closeContentsOutside = () => document.addEventListener("click", event => {
      if (root.classList.contains("contents-open")
        && !event.target.closest("#contents, .menu-button")) showContents(false);
    });
    """#

  private static let keys = #"""
    const isTyping = target => target.closest
      && target.closest("input, textarea, select, [contenteditable], dialog, pre, [role=tablist]");
    const setUpKeys = () => document.addEventListener("keydown", event => {
      if (event.key === "Escape") {
        hidePreview();
        if (root.classList.contains("contents-open")) showContents(false);
        return;
      }
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target)) return;
      if (event.key === "/") {
        event.preventDefault();
        openSearch();
      } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
        if (event.shiftKey || event.target.closest("[tabindex='0'], button, input")) return;
        const link = document.querySelector(event.key === "ArrowLeft"
          ? "nav.turn a.prev" : "nav.turn a.next");
        if (link) location.href = link.href;
      }
    });
    """#

  private static let listings = #"""
    const setUpListings = () => {
      for (const listing of document.querySelectorAll(".listing")) {
        const copy = element("button", { type: "button", class: "copy" }, "Copy");
        copy.addEventListener("click", async () => {
          const text = listing.querySelector("code").textContent;
          try {
            await navigator.clipboard.writeText(text);
          } catch {
            // From disk the clipboard may be closed to scripts; a selection is not.
            const area = element("textarea", { class: "visually-hidden", "aria-hidden": "true" });
            area.value = text;
            document.body.append(area);
            area.select();
            document.execCommand("copy");
            area.remove();
          }
          copy.textContent = "Copied";
          setTimeout(() => { copy.textContent = "Copy"; }, 1600);
        });
        listing.append(copy);
      }
      markOverflow();
      addEventListener("resize", markOverflow);
      if (document.fonts) document.fonts.ready.then(markOverflow);
      document.addEventListener("toggle", markOverflow, true);
    };
    // What scrolls must be reachable by keyboard, and only what scrolls.
    const markOverflow = () => {
      for (const node of document.querySelectorAll(
        "pre, .table-scroll, .equation, .steps, .katex-display, .drawing")) {
        const scrolls = node.scrollWidth > node.clientWidth + 1;
        if (scrolls === node.hasAttribute("tabindex")) continue;
        if (scrolls) node.setAttribute("tabindex", "0"); else node.removeAttribute("tabindex");
      }
    };
    """#

  /// References show what they lead to. Targets on this page are copied from it; those of another
  /// page come from that page's own script, loaded once.
  private static let previews = #"""
    let preview = null, previewTimer = 0, previewLink = null;
    const previewsOfPage = {}, waiting = {};
    book.previews = (page, list) => {
      previewsOfPage[page] = list;
      for (const resume of waiting[page] || []) resume();
      waiting[page] = null;
    };
    const withPreview = (link, show) => {
      const href = link.getAttribute("href");
      const [page, anchor] = [href.slice(0, href.indexOf("#")), href.slice(href.indexOf("#") + 1)];
      if (!page || page === root.dataset.page) {
        const target = document.getElementById(anchor);
        if (target) show(copyOf(target));
        return;
      }
      const slug = page.replace(/\.html$/, "");
      const answer = () => {
        const html = (previewsOfPage[slug] || {})[anchor];
        if (!html) return;
        const holder = element("div", {});
        holder.innerHTML = html;
        show(holder);
      };
      if (previewsOfPage[slug]) return answer();
      if (waiting[slug]) { waiting[slug].push(answer); return; }
      waiting[slug] = [answer];
      load("previews/" + slug + ".js");
    };
    const copyOf = target => {
      if (/^H[1-6]$/.test(target.tagName)) {
        const holder = element("div", {});
        const title = element("p", { class: "preview-title" });
        for (const node of target.childNodes)
          if (!(node.classList && node.classList.contains("permalink")))
            title.append(node.cloneNode(true));
        holder.append(title);
        let next = target.nextElementSibling;
        if (next && next.tagName === "P") holder.append(next.cloneNode(true));
        return holder;
      }
      const holder = element("div", {});
      if (target.tagName === "LI") holder.append(...target.cloneNode(true).childNodes);
      else holder.append(target.cloneNode(true));
      return holder;
    };
    const hidePreview = () => {
      clearTimeout(previewTimer);
      previewLink = null;
      if (preview) preview.remove();
      preview = null;
    };
    const showPreview = (link, content) => {
      if (previewLink !== link) return;
      if (preview) preview.remove();
      for (const node of content.querySelectorAll(".copy, .back, .mark, .evidence, .permalink"))
        node.remove();
      for (const node of [content, ...content.querySelectorAll("*")]) {
        if (!node.closest("svg")) node.removeAttribute("id");
        if (node.tagName === "A") node.setAttribute("tabindex", "-1");
      }
      preview = element("div", { class: "preview", role: "tooltip", id: "preview" }, content);
      preview.addEventListener("mouseenter", () => clearTimeout(previewTimer));
      preview.addEventListener("mouseleave", leave);
      document.body.append(preview);
      link.setAttribute("aria-describedby", "preview");
      const box = link.getBoundingClientRect();
      const width = preview.offsetWidth, height = preview.offsetHeight;
      const left = Math.max(12, Math.min(box.left + box.width / 2 - width / 2,
        document.documentElement.clientWidth - width - 12));
      const under = innerHeight - box.bottom - 20, over = box.top - 20;
      const below = height <= under || under >= over;
      preview.style.maxHeight = Math.max(140, below ? under : over) + "px";
      const shown = preview.offsetHeight;
      preview.style.left = left + scrollX + "px";
      preview.style.top = (below ? box.bottom + 8 : box.top - shown - 8) + scrollY + "px";
    };
    const enter = (link, delay) => {
      if (previewLink === link) { clearTimeout(previewTimer); return; }
      hidePreview();
      previewLink = link;
      previewTimer = setTimeout(() => withPreview(link, content => showPreview(link, content)),
        delay);
    };
    const leave = () => {
      clearTimeout(previewTimer);
      previewTimer = setTimeout(hidePreview, 220);
    };
    const setUpPreviews = () => {
      const linkOf = event => event.target.closest && event.target.closest("a.ref, a.cite, a.note");
      document.addEventListener("mouseover", event => {
        const link = linkOf(event);
        if (link) enter(link, 180);
      });
      document.addEventListener("mouseout", event => { if (linkOf(event)) leave(); });
      document.addEventListener("focusin", event => {
        const link = linkOf(event);
        if (link && link.matches(":focus-visible")) enter(link, 0);
      });
      document.addEventListener("focusout", event => { if (linkOf(event)) leave(); });
    };
    """#

  private static let tabs = #"""
    const setUpTabs = () => {
      let count = 0;
      for (const group of document.querySelectorAll(".tabs")) {
        const panels = [...group.children].filter(child => child.classList.contains("tab"));
        if (panels.length < 2) continue;
        const list = element("div", { role: "tablist", class: "tab-list" });
        const buttons = panels.map(panel => {
          const title = panel.querySelector(".tab-title");
          const id = "tab-" + (++count);
          panel.id = panel.id || id + "-panel";
          panel.setAttribute("role", "tabpanel");
          panel.setAttribute("aria-labelledby", id);
          const tab = element("button", { type: "button", role: "tab", id,
            "aria-controls": panel.id });
          tab.append(...title.childNodes);
          title.remove();
          list.append(tab);
          return tab;
        });
        const select = (index, focus) => {
          buttons.forEach((tab, i) => {
            tab.setAttribute("aria-selected", String(i === index));
            tab.tabIndex = i === index ? 0 : -1;
            panels[i].hidden = i !== index;
          });
          if (focus) buttons[index].focus();
        };
        buttons.forEach((tab, i) => {
          tab.addEventListener("click", () => select(i));
          tab.addEventListener("keydown", event => {
            const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
            if (!step) return;
            event.preventDefault();
            select((i + step + buttons.length) % buttons.length, true);
          });
        });
        group.prepend(list);
        group.classList.add("is-tabbed");
        select(0);
      }
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
