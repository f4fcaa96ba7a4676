/// What surrounds the text: the buttons of the bar, the sidebar, the keys.
extension PageScript {
  static let tools = #"""
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
  static let contents = #"""
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

  static let keys = #"""
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
}
