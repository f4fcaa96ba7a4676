// The buttons of the bar.
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
