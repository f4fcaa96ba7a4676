// The sidebar: filled from the one script that lists all chapters; on a narrow screen it slides
// over the text.
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
