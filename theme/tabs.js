// Tabs.
const setUpTabs = () => {
  const shown = new Map();
  let count = 0;
  // A heading may be called "Tab 1".
  const name = () => {
    do { count += 1; } while (document.getElementById("tab-" + count));
    return "tab-" + count;
  };
  for (const group of document.querySelectorAll(".tabs")) {
    const panels = [...group.children].filter(child => child.classList.contains("tab"));
    if (panels.length < 2) continue;
    const list = element("div", { role: "tablist", class: "tab-list" });
    const buttons = panels.map(panel => {
      const title = panel.querySelector(".tab-title");
      const id = name();
      panel.id = panel.id || id + "-panel";
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", id);
      const tab = element("button", { type: "button", role: "tab", id,
        "aria-controls": panel.id });
      // The title stays for paper.
      tab.append(...title.cloneNode(true).childNodes);
      for (const named of tab.querySelectorAll("[id]")) named.removeAttribute("id");
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
    panels.forEach((panel, i) => shown.set(panel, () => select(i)));
    group.prepend(list);
    group.classList.add("is-tabbed");
    select(0);
  }
  // What a link leads to may lie in a tab that is not shown.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    let hidden = false;
    for (let node = target; node; node = node.parentElement) {
      if (!shown.has(node) || !node.hidden) continue;
      shown.get(node)();
      hidden = true;
    }
    if (hidden) target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();
};
