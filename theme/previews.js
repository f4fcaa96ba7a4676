// References show what they lead to. Targets on this page are copied from it; those of another
// page come from that page's own script, loaded once.
let preview = null, previewTimer = 0, previewLink = null;
const previewsOfPage = {}, waiting = {};
book.previews = (page, list) => {
  previewsOfPage[page] = list;
  for (const resume of waiting[page] || []) resume();
  waiting[page] = null;
};
const withPreview = (link, show) => {
  const href = link.getAttribute("href");
  const [page, anchor] = [href.slice(0, href.indexOf("#")), href.slice(href.indexOf("#") + 1)];
  if (!page || page === root.dataset.page) {
    const target = document.getElementById(anchor);
    if (target) show(copyOf(target));
    return;
  }
  const slug = page.replace(/\.html$/, "");
  const answer = () => {
    const html = (previewsOfPage[slug] || {})[anchor];
    if (!html) return;
    const holder = element("div", {});
    holder.innerHTML = html;
    show(holder);
  };
  if (previewsOfPage[slug]) return answer();
  if (waiting[slug]) { waiting[slug].push(answer); return; }
  waiting[slug] = [answer];
  load("previews/" + slug + ".js");
};
const copyOf = target => {
  if (/^H[1-6]$/.test(target.tagName)) {
    const holder = element("div", {});
    const title = element("p", { class: "preview-title" });
    for (const node of target.childNodes)
      if (!(node.classList && node.classList.contains("permalink")))
        title.append(node.cloneNode(true));
    holder.append(title);
    let next = target.nextElementSibling;
    if (next && next.tagName === "P") holder.append(next.cloneNode(true));
    return holder;
  }
  const holder = element("div", {});
  if (target.tagName === "LI") holder.append(...target.cloneNode(true).childNodes);
  else holder.append(target.cloneNode(true));
  return holder;
};
const hidePreview = () => {
  clearTimeout(previewTimer);
  previewLink = null;
  if (preview) preview.remove();
  preview = null;
};
const showPreview = (link, content) => {
  if (previewLink !== link) return;
  if (preview) preview.remove();
  for (const node of content.querySelectorAll(".copy, .back, .mark, .evidence, .permalink"))
    node.remove();
  for (const node of [content, ...content.querySelectorAll("*")]) {
    if (!node.closest("svg")) node.removeAttribute("id");
    if (node.tagName === "A") node.setAttribute("tabindex", "-1");
  }
  preview = element("div", { class: "preview", role: "tooltip", id: "preview" }, content);
  preview.addEventListener("mouseenter", () => clearTimeout(previewTimer));
  preview.addEventListener("mouseleave", leave);
  document.body.append(preview);
  link.setAttribute("aria-describedby", "preview");
  const box = link.getBoundingClientRect();
  const width = preview.offsetWidth, height = preview.offsetHeight;
  const left = Math.max(12, Math.min(box.left + box.width / 2 - width / 2,
    document.documentElement.clientWidth - width - 12));
  const under = innerHeight - box.bottom - 20, over = box.top - 20;
  const below = height <= under || under >= over;
  preview.style.maxHeight = Math.max(140, below ? under : over) + "px";
  const shown = preview.offsetHeight;
  preview.style.left = left + scrollX + "px";
  preview.style.top = (below ? box.bottom + 8 : box.top - shown - 8) + scrollY + "px";
};
const enter = (link, delay) => {
  if (previewLink === link) { clearTimeout(previewTimer); return; }
  hidePreview();
  previewLink = link;
  previewTimer = setTimeout(() => withPreview(link, content => showPreview(link, content)),
    delay);
};
const leave = () => {
  clearTimeout(previewTimer);
  previewTimer = setTimeout(hidePreview, 220);
};
const setUpPreviews = () => {
  const linkOf = event => event.target.closest && event.target.closest("a.ref, a.cite, a.note");
  document.addEventListener("mouseover", event => {
    const link = linkOf(event);
    if (link) enter(link, 180);
  });
  document.addEventListener("mouseout", event => { if (linkOf(event)) leave(); });
  document.addEventListener("focusin", event => {
    const link = linkOf(event);
    if (link && link.matches(":focus-visible")) enter(link, 0);
  });
  document.addEventListener("focusout", event => { if (linkOf(event)) leave(); });
};
