// Listings that copy.
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
