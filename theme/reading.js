// Where the reader is: the section in view, and what an address names.
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
