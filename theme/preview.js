// The part of 'sslbook serve' that lives in the page. It asks the server for news and is answered
// when there are some. A hidden page asks nothing: browsers open few connections to one host, and
// many tabs would use them up.
(() => {
  "use strict";
  const page = document.currentScript.dataset.site;
  const placeKey = "preview-place:" + location.pathname;
  let announcement = "", request = null, panel = null, dismissed = "";

  // The place is remembered as a distance from the nearest anchor above, so that the text
  // being written stays where it was when the page grows or shrinks above it.
  const keepPlace = () => {
    let anchor = "", offset = scrollY;
    for (const element of document.querySelectorAll("[id]")) {
      const top = element.getBoundingClientRect().top;
      if (top > 80) break;
      if (element.getClientRects().length && getComputedStyle(element).position !== "fixed") {
        anchor = element.id;
        offset = -top;
      }
    }
    try {
      sessionStorage.setItem(placeKey, JSON.stringify({ anchor, offset, y: scrollY }));
    } catch { /* Without storage the browser's own memory of the place has to do. */ }
  };

  const returnToPlace = () => {
    let place = null;
    try {
      place = JSON.parse(sessionStorage.getItem(placeKey));
    } catch { return; }
    if (!place) return;
    const element = place.anchor && document.getElementById(place.anchor);
    const y = element
      ? element.getBoundingClientRect().top + scrollY + place.offset : place.y;
    scrollTo({ top: y, behavior: "instant" });
  };

  const show = problems => {
    panel?.remove();
    panel = null;
    const key = JSON.stringify(problems);
    if (!problems.length || key === dismissed) return;
    panel = document.createElement("div");
    panel.id = "preview-problems";
    panel.setAttribute("role", "alert");
    const root = panel.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
      :host { all: initial; position: fixed; inset: auto 0 0 0; z-index: 2147483647; }
      section { font: 15px/1.5 system-ui, sans-serif; color: #f4f1ee; background: #221a1a;
        border-top: 3px solid #ff6b5e; max-height: 45vh; overflow: auto;
        padding: 14px 20px 16px; box-shadow: 0 -6px 30px #0006; }
      h2 { font-size: 15px; margin: 0 40px 8px 0; }
      article { margin: 12px 0 0; }
      .place { font-family: ui-monospace, monospace; font-size: 13px; color: #ffb3ab; }
      .warning .place { color: #ffd479; }
      p { margin: 2px 0; }
      pre { font: 13px/1.45 ui-monospace, monospace; margin: 6px 0; padding: 8px 12px;
        background: #0005; border-radius: 4px; overflow-x: auto; tab-size: 2; }
      .hint { color: #cfc6c0; }
      button { position: absolute; top: 10px; right: 16px; font: inherit; color: inherit;
        background: none; border: 1px solid #fff5; border-radius: 4px; cursor: pointer; }`);
    root.adoptedStyleSheets = [sheet];
    const add = (parent, name, text, kind) => {
      const element = document.createElement(name);
      if (kind) element.className = kind;
      element.textContent = text;
      return parent.appendChild(element);
    };
    const section = add(root, "section", "");
    add(section, "h2", page === "none" ? "The book cannot be built as it stands."
      : "The book cannot be built as it stands; this is the last page that was whole.");
    for (const problem of problems) {
      const article = add(section, "article", "", problem.severity);
      add(article, "div", problem.place, "place");
      add(article, "p", problem.message);
      if (problem.source) add(article, "pre", problem.source);
      if (problem.hint) add(article, "p", problem.hint, "hint");
    }
    const button = add(section, "button", "Hide");
    button.addEventListener("click", () => { dismissed = key; panel.remove(); });
    document.body.append(panel);
  };

  const listen = async () => {
    while (!document.hidden) {
      request = new AbortController();
      try {
        const answer = await fetch(
          "/.preview/events?known=" + encodeURIComponent(announcement),
          { signal: request.signal, cache: "no-store" });
        if (!answer.ok) throw new Error(answer.statusText);
        const news = await answer.json();
        announcement = news.announcement;
        if (news.site !== page) {
          keepPlace();
          location.reload();
          return;
        }
        show(news.problems);
      } catch {
        // The server is gone or restarting: it is asked again, less often than it answers.
        if (document.hidden) return;
        await new Promise(resume => setTimeout(resume, 1000));
      }
    }
  };

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) request?.abort(); else listen();
  });
  // Once before the images are there, so that nothing jumps under the reader's eyes.
  returnToPlace();
  addEventListener("load", () => { returnToPlace(); sessionStorage.removeItem(placeKey); });
  listen();
})();
