/// What blocks of the text can do: listings that copy, tabs.
extension PageScript {
  static let listings = #"""
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

  static let tabs = #"""
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
}
