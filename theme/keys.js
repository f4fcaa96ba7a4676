// What the keyboard does.
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
