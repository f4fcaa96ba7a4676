// Search: a dialog that loads the book's words and Lunr when it is first opened. Both are classic
// scripts, so it works from disk.
let dialog = null, input = null, results = null, state = "none", index = null, entries = [];
// Letters, digits and marks of any script make words; half of a surrogate pair is part of a letter.
const notOfWord = /[^\p{L}\p{N}\p{M}\p{Cs}]/u;
// Scripts that put no space between words: any part of a run of letters may be one.
const isUnspaced = word => /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u
  .test(word);
book.search = (lunrPath, pages) => {
  for (const [page, title, sections] of pages)
    for (const [anchor, name, text] of sections)
      entries.push({ page, anchor, chapter: title, title: (name || title).normalize(),
        text: text.normalize() });
  load(lunrPath, () => {
    // Lunr's own splitting, trimming and stop words are made for English alone.
    lunr.tokenizer.separator = notOfWord;
    index = lunr(function () {
      this.pipeline.reset();
      this.pipeline.add(lunr.stemmer);
      this.ref("i");
      this.field("title", { boost: 8 });
      this.field("chapter", { boost: 2 });
      this.field("text");
      this.metadataWhitelist = ["position"];
      entries.forEach((entry, i) => this.add({ i, title: entry.title,
        chapter: entry.chapter, text: entry.text }));
    });
    state = "ready";
    find();
  }, () => say("Search could not be loaded."));
};
const say = text => {
  dialog.querySelector(".search-state").textContent = text;
};
const openSearch = () => {
  if (!dialog) makeDialog();
  if (dialog.open) return;
  hidePreview();
  showContents(false);
  dialog.showModal();
  input.select();
  if (state === "none") {
    state = "loading";
    say("Loading the book’s words …");
    load("search.js", null, () => say("Search could not be loaded."));
  }
};
const makeDialog = () => {
  input = element("input", { type: "search", "aria-label": "Search the book",
    placeholder: "Search the book", autocomplete: "off", spellcheck: "false" });
  results = element("ul", { id: "search-results", "aria-label": "Results" });
  const close = element("button", { type: "button", class: "search-close" }, "Close");
  dialog = element("dialog", { class: "search", "aria-label": "Search" },
    element("div", { class: "search-field" }, input, close),
    element("p", { class: "search-state", "aria-live": "polite" }), results);
  close.addEventListener("click", () => dialog.close());
  input.addEventListener("input", find);
  dialog.addEventListener("keydown", event => {
    const links = [...results.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = at + (event.key === "ArrowDown" ? 1 : -1);
      (next < 0 ? input : links[Math.min(next, links.length - 1)] || input).focus();
    } else if (event.key === "Enter" && event.target === input && links.length) {
      event.preventDefault();
      links[0].click();
    } else if (event.key === "Escape") {
      // A search field would first be emptied.
      event.preventDefault();
      dialog.close();
    }
  });
  dialog.addEventListener("click", event => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
};
const find = () => {
  if (state !== "ready") return;
  const text = input.value.trim();
  results.replaceChildren();
  if (!text) return say("");
  const words = text.normalize().toLowerCase().split(notOfWord).filter(Boolean);
  const hits = index.query(query => {
    for (const word of words) {
      query.term(lunr.tokenizer(word), { boost: 10 });
      if (isUnspaced(word)) query.term(word, { boost: 4, usePipeline: false,
        wildcard: lunr.Query.wildcard.LEADING | lunr.Query.wildcard.TRAILING });
      query.term(word, { boost: 4, wildcard: lunr.Query.wildcard.TRAILING,
        usePipeline: false });
      if (word.length > 4) query.term(word, { editDistance: 1, usePipeline: false });
    }
  });
  // A section that has every word stands before one that has some.
  const count = hit => words.filter(word => {
    const entry = entries[hit.ref];
    return (entry.title + " " + entry.text).toLowerCase().includes(word);
  }).length;
  const ranked = hits.slice(0, 60).map(hit => ({ hit, words: count(hit) }))
    .sort((a, b) => b.words - a.words || b.hit.score - a.hit.score).slice(0, 20);
  say(ranked.length === 0 ? "Nothing in the book matches."
    : ranked.length === 1 ? "One place" : ranked.length + " places");
  ranked.forEach(({ hit }) => {
    const entry = entries[hit.ref];
    const link = element("a", { href: base + entry.page
      + (entry.anchor ? "#" + entry.anchor : "") });
    link.append(element("span", { class: "result-title" },
      ...highlighted(entry.title, words)));
    if (entry.title !== entry.chapter)
      link.append(element("span", { class: "result-chapter" }, entry.chapter));
    link.append(element("span", { class: "result-text" },
      ...highlighted(excerpt(entry.text, hit, words), words)));
    link.addEventListener("click", () => dialog.close());
    results.append(element("li", {}, link));
  });
};
// Some words around the first place that matches.
const excerpt = (text, hit, words) => {
  let at = Infinity;
  for (const word of words) {
    const found = text.toLowerCase().indexOf(word);
    if (found >= 0) at = Math.min(at, found);
  }
  if (at === Infinity)
    for (const term of Object.values(hit.matchData.metadata))
      for (const [start] of (term.text && term.text.position) || []) at = Math.min(at, start);
  if (at === Infinity) at = 0;
  const start = at > 60 ? text.indexOf(" ", at - 60) + 1 : 0;
  const end = Math.min(text.length, start + 190);
  return (start ? "… " : "") + text.slice(start, end) + (end < text.length ? " …" : "");
};
const highlighted = (text, words) => {
  const parts = [];
  const pattern = new RegExp("(" + words.map(word =>
    word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|") + ")", "giu");
  text.split(pattern).forEach((part, i) => {
    if (part) parts.push(i % 2 ? element("mark", {}, part) : part);
  });
  return parts;
};
