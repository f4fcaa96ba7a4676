// Tabs.
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
