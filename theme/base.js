// What pages do when scripts are on. One classic script, since modules do not load from disk; it
// stands in the head so that the theme is set before anything is painted. `base` is the site's top folder,
// wherever the site stands; a choice of theme is remembered where the browser allows it.
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
