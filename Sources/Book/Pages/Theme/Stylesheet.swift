/// The book's own style sheet: a serious serif page, one column of about 68 characters, figures
/// and code flush with the text.
///
/// Parts in reading order: palette, text, frame, mathematics, code, figures and tables, blocks,
/// evidence, panels, print.
enum Stylesheet {
  static let source = [
    PagePalette.css, text, frame, mathematics, code, figures, blocks, evidence, panels, print,
  ].joined()

  private static let text = #"""
    *, ::before, ::after { box-sizing: border-box; }
    :root {
      --serif: "Iowan Old Style", "Palatino Linotype", "URW Palladio L", P052, "Book Antiqua",
        Palatino, "Noto Serif", Georgia, serif;
      --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans",
        "DejaVu Sans", sans-serif;
      --mono: ui-monospace, "SF Mono", "Cascadia Code", "JetBrains Mono", Menlo, Consolas,
        "Liberation Mono", "DejaVu Sans Mono", monospace;
      --measure: min(64ch, 40rem);
      --gap: 1.1rem;
      scroll-padding-top: 4.5rem;
      -webkit-text-size-adjust: 100%; text-size-adjust: 100%;
    }
    body {
      margin: 0; background: var(--paper); color: var(--ink);
      font: 1.1875rem/1.58 var(--serif); font-kerning: normal;
      font-variant-ligatures: common-ligatures; overflow-wrap: break-word;
      text-rendering: optimizeLegibility;
    }
    a { color: var(--link); text-decoration: underline; text-decoration-color: var(--link-rule);
      text-decoration-thickness: 1px; text-underline-offset: .18em; }
    a:hover { text-decoration-color: currentColor; }
    :focus-visible { outline: 2px solid var(--info); outline-offset: 2px; border-radius: 2px; }
    main:focus { outline: none; }
    article p, article li { text-wrap: pretty; hanging-punctuation: first last; }
    p { margin: 0 0 .82em; }
    h1, h2, h3, h4, h5, h6 { color: var(--strong); font-weight: 600; line-height: 1.2;
      margin: 0; text-wrap: balance; break-after: avoid; }
    h1 { font-size: 2.35em; font-weight: 400; line-height: 1.1; letter-spacing: -.012em; }
    h2 { font-size: 1.46em; margin: 2.35em 0 .7em; }
    h3 { font-size: 1.16em; margin: 1.9em 0 .55em; }
    h4, h5, h6 { font-size: 1em; margin: 1.5em 0 .4em; font-style: italic; }
    h2 + h3, h3 + h4 { margin-top: .9em; }
    .chapter-title { margin: 0 0 2.6em; padding-bottom: 1.5em; position: relative; }
    .chapter-title::after { content: ""; position: absolute; left: 0; bottom: 0; width: 3.4rem;
      border-bottom: 3px solid var(--accent); }
    .chapter-number { font: 600 .74rem/1.4 var(--sans); letter-spacing: .13em;
      text-transform: uppercase; color: var(--accent); margin: 0 0 .8em; }
    h2 .number, h3 .number { color: var(--muted); font-weight: 400; margin-right: .3em;
      font-variant-numeric: lining-nums; }
    .permalink { margin-left: .4em; font-weight: 400; color: var(--muted); opacity: 0;
      text-decoration: none; }
    h2:hover .permalink, h3:hover .permalink, h4:hover .permalink, .permalink:focus-visible,
    .permalink:hover { opacity: 1; }
    ul, ol { margin: 0 0 .82em; padding-left: 1.5em; }
    li > ul, li > ol { margin: .2em 0 .3em; }
    li { margin: .18em 0; }
    li::marker { color: var(--muted); font-variant-numeric: lining-nums; }
    li > p:last-child { margin-bottom: .4em; }
    blockquote { margin: 1.2em 0; padding: 0 0 0 1.3em; border-left: 2px solid var(--rule);
      color: var(--muted); font-style: italic; }
    blockquote em { font-style: normal; }
    hr { border: 0; margin: 2.2em auto; width: 5rem; border-top: 1px solid var(--muted); }
    img { max-width: 100%; height: auto; }
    p > img:only-child { display: block; margin: 1.6em auto; }
    strong { color: var(--strong); }
    sup, sub { line-height: 0; font-size: .72em; }
    .footnote-mark a { text-decoration: none; padding: 0 .12em; }
    .footnotes { margin-top: 3em; padding-top: 1.1em; border-top: 1px solid var(--rule);
      font-size: .86em; }
    .back { text-decoration: none; font-family: var(--sans); }
    .references ul { list-style: none; padding: 0; font-size: .86em; }
    .references li { padding-left: 1.6em; text-indent: -1.6em; margin: .45em 0; }
    .references li > * { text-indent: 0; }
    .visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden;
      clip-path: inset(50%); white-space: nowrap; }
    :target { animation: arrive 1.6s ease-out; }
    @keyframes arrive { from { background: var(--mark); } }
    @media (prefers-reduced-motion: reduce) { *, ::before, ::after { animation: none !important;
      transition: none !important; } }
    @media (prefers-reduced-motion: no-preference) { :root { scroll-behavior: smooth; } }

    """#

  private static let print = #"""
    @media print {
      @page { margin: 22mm 20mm; }
      body { font-size: 10.5pt; line-height: 1.45; background: none; }
      .bar, .contents, .page-contents, .turn, main > footer, .skip, .copy, .permalink, .back,
      button.mark, .evidence, .tab-list, .preview { display: none !important; }
      .frame { display: block; }
      main { padding: 0; }
      article { max-width: none; }
      a { color: inherit; text-decoration: none; }
      article a[href^="http"]::after { content: " (" attr(href) ")"; font-size: .82em;
        overflow-wrap: anywhere; }
      .listing, .aside { margin-inline: 0; }
      .drawing svg { max-width: 125mm; }
      .solution > summary { break-after: avoid; }
      .solution > summary { list-style: none; }
      .statement { margin-left: 0; }
      pre { white-space: pre-wrap; overflow: visible; }
      .equation, .steps, .table-scroll, .numbered > .katex-display { overflow: visible; }
      figure, table, .equation, .aside, .step, blockquote, .references li {
        break-inside: avoid; }
      h2, h3, h4, .block-title { break-after: avoid; }
      p, li { orphans: 3; widows: 3; }
      details::details-content { content-visibility: visible; block-size: auto; }
      .code-fold, .step-evidence { display: none; }
      .tab[hidden] { display: block !important; }
      .print-chapter { break-before: page; }
    }

    """#
}
