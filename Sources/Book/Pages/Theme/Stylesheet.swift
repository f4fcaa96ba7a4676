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

  private static let frame = #"""
    .skip { position: absolute; left: -999rem; top: .5rem; z-index: 9; padding: .5rem .9rem;
      background: var(--paper); font: 600 .9rem var(--sans); }
    .skip:focus { left: .5rem; }
    .bar { display: flex; align-items: center; gap: .5rem; height: 3.25rem; padding: 0 1.25rem;
      font: 500 .875rem/1.3 var(--sans); border-bottom: 1px solid var(--rule);
      background: var(--paper); }
    .book-title { color: var(--strong); text-decoration: none; flex: 1; min-width: 0;
      overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .book-title:hover { color: var(--link); }
    .tools { display: flex; gap: .25rem; }
    .tool { display: grid; place-items: center; width: 2.5rem; height: 2.5rem; padding: 0;
      border: 0; border-radius: .4rem; background: none; color: var(--muted); cursor: pointer; }
    .tool:hover { color: var(--strong); background: var(--tint); }
    .tool svg { width: 1.2rem; height: 1.2rem; fill: none; stroke: currentColor;
      stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
    .theme-button path { fill: none; }
    .menu-button { display: none; }
    .frame { display: grid; justify-content: center;
      grid-template-columns: minmax(0, 16.5rem) minmax(0, 1fr) minmax(0, 15rem); }
    main { min-width: 0; padding: 3.6rem 2rem 4rem; }
    article, .turn, main > footer { max-width: var(--measure); margin-inline: auto; }
    .contents, .page-contents { position: sticky; top: 3.25rem; align-self: start;
      max-height: calc(100vh - 3.25rem); overflow-y: auto; overscroll-behavior: contain;
      padding: 2rem 1.25rem 3rem; font: .875rem/1.4 var(--sans); scrollbar-width: thin; }
    .contents a, .page-contents a { color: var(--muted); text-decoration: none; display: block; }
    .contents a:hover, .page-contents a:hover { color: var(--strong); }
    .contents ol, .page-contents ol { list-style: none; margin: 0; padding: 0; }
    .contents li { margin: 0; }
    .contents li > a { display: grid; grid-template-columns: 2.1rem 1fr; padding: .32rem .5rem;
      border-radius: .35rem; }
    .contents li > a > .n { font-variant-numeric: tabular-nums; }
    .contents .plain > a { grid-template-columns: 1fr; }
    .contents .depth-1 > a { padding-left: 1.4rem; }
    .contents .depth-2 > a, .contents .depth-3 > a { padding-left: 2.4rem; }
    .contents [aria-current] { color: var(--accent); background: var(--accent-soft);
      font-weight: 600; }
    .contents [aria-current]:hover { color: var(--accent); }
    .contents .part, .nav-title { font: 600 .7rem/1.4 var(--sans); letter-spacing: .11em;
      text-transform: uppercase; color: var(--muted); margin: 1.6rem 0 .45rem; padding: 0 .5rem; }
    .contents .extra { margin-top: 1.4rem; padding-top: .9rem; border-top: 1px solid var(--rule); }
    .page-contents .nav-title { margin-top: .2rem; padding: 0 0 0 .85rem; }
    .page-contents a { padding: .24rem 0 .24rem .85rem; border-left: 2px solid var(--rule);
      font-size: .82rem; }
    .page-contents .level-3 a { padding-left: 1.75rem; }
    .page-contents a.current { color: var(--accent); border-left-color: var(--accent); }
    .turn { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; margin-top: 4rem; }
    .turn a { display: block; padding: .9rem 1.1rem; border: 1px solid var(--rule);
      border-radius: .5rem; text-decoration: none; line-height: 1.35; }
    .turn a:hover { border-color: var(--accent); }
    .turn .next { grid-column: 2; text-align: right; }
    .turn-word { display: block; font: 600 .7rem/1.4 var(--sans); letter-spacing: .11em;
      text-transform: uppercase; color: var(--muted); margin-bottom: .2rem; }
    .turn-title { font-size: 1rem; }
    main > footer { margin-top: 2.4rem; padding-top: 1.1rem; border-top: 1px solid var(--rule); }
    main > footer p { margin: 0 0 .3rem; font: .8125rem/1.6 var(--sans); color: var(--muted); }
    .footer-links a { color: var(--muted); margin-right: 1rem; display: inline-block; }
    @media (max-width: 75rem) {
      .frame { grid-template-columns: minmax(0, 15.5rem) minmax(0, 1fr); }
      .page-contents { display: none; }
    }
    @media (min-width: 56.01rem) { .bar { position: sticky; top: 0; z-index: 4; } }
    @media (max-width: 56rem) {
      body { font-size: 1.0938rem; line-height: 1.55; }
      :root { scroll-padding-top: 1rem; }
      .frame { display: block; }
      main { padding: 2.2rem 1.25rem 3rem; }
      .bar { padding: 0 .5rem 0 1.25rem; }
      .js .bar { padding-left: .5rem; }
      .js .menu-button { display: grid; }
      .contents { position: static; max-height: none; padding: .7rem 1.25rem;
        border-bottom: 1px solid var(--rule); }
      .js .contents { position: fixed; z-index: 6; inset: 0 auto 0 0; width: min(20rem, 86vw);
        max-height: none; padding: 1.2rem 1rem 3rem; background: var(--paper);
        box-shadow: var(--shadow); visibility: hidden; transform: translateX(-105%);
        transition: transform .18s, visibility .18s; border: 0; }
      .contents-open .contents { visibility: visible; transform: none; }
      .contents li > a { padding-block: .5rem; }
      h1 { font-size: 1.95em; }
      h2 { font-size: 1.36em; }
      .turn { grid-template-columns: 1fr; margin-top: 3rem; }
      .turn .next { grid-column: 1; }
    }

    """#

  /// KaTeX draws at the size of Computer Modern; this brings its lower case to the text's height.
  private static let mathematics = #"""
    .katex { font-size: 1.09em; }
    .katex-display { margin: 0; text-align: center; }
    .katex-display > .katex { white-space: normal; }
    .equation { margin: 1.25em 0; overflow-x: auto; overflow-y: hidden; padding: .25em 0;
      scrollbar-width: thin; }
    .numbered, .derivation-body { display: grid; grid-template-columns: minmax(0, 1fr) auto;
      align-items: center; gap: .9em; }
    .numbered { padding-left: 2.6em; overflow: visible; }
    .numbered > .katex-display { overflow-x: auto; overflow-y: hidden; padding: .25em 0; }
    .equation-number { font-variant-numeric: lining-nums; color: var(--muted);
      text-decoration: none; }
    .equation-number:hover { text-decoration: underline; }
    .tex { color: var(--false); }
    .unbroken, .ref, .label { white-space: nowrap; }
    .value, .claimed { font-variant-numeric: lining-nums; }
    .claimed { white-space: nowrap; }
    @media (max-width: 56rem) { .numbered { padding-left: 0; } }

    """#

  private static let code = #"""
    code, pre, kbd { font-family: var(--mono); font-size: .735em; font-variant-ligatures: none;
      tab-size: 2; }
    pre code { font-size: 1em; }
    :not(pre) > code { padding: .08em .32em; border-radius: .25em; background: var(--tint);
      font-size: .8em; }
    pre { margin: 0; line-height: 1.55; overflow-x: auto; scrollbar-width: thin; }
    .listing { position: relative; margin: 1.2em calc(-1 * var(--gap)); }
    .listing pre, blockquote pre, li > pre { padding: .95em var(--gap); border-radius: .45rem;
      background: var(--tint); font-size: .735em; }
    .copy { position: absolute; top: .4rem; right: .45rem; padding: .22rem .6rem; opacity: 0;
      font: 500 .72rem/1.4 var(--sans); color: var(--muted); background: var(--paper);
      border: 1px solid var(--rule); border-radius: .3rem; cursor: pointer; }
    .listing:hover .copy, .copy:focus-visible { opacity: 1; }
    .copy:hover { color: var(--strong); }
    @media (hover: none) { .copy { opacity: 1; } }
    .cell { margin: 1.3em 0; }
    .cell > :first-child { margin-top: 0; }
    .cell > :last-child { margin-bottom: 0; }
    .cell .listing { margin-block: 0 .7em; }
    .output, .expected-error pre { padding: .2em 0 .2em calc(var(--gap) - 3px); margin: .5em 0 .7em
      calc(-1 * var(--gap)); border-left: 3px solid var(--rule); }
    .error-stream { border-left-color: var(--warn); }
    .expected-error .block-title { margin: .6em 0 .3em; font: 600 .78rem/1.4 var(--sans);
      color: var(--warn); }
    .expected-error pre { border-left-color: var(--warn); white-space: pre-wrap; }
    .code-fold { margin: .2em 0 .6em; }
    .code-fold > summary { font: .8rem/1.6 var(--sans); color: var(--muted); width: fit-content; }
    .code-fold .listing { margin-top: .5em; }
    summary { cursor: pointer; }
    code .keyword, code .boolean, code .directive { color: var(--code-keyword); }
    code .string, code .char, code .regex, code .inserted { color: var(--code-string); }
    code .number, code .constant, code .symbol { color: var(--code-number); }
    code .comment, code .prolog, code .doctype { color: var(--code-comment); font-style: italic; }
    code .function, code .function-definition, code .attribute { color: var(--code-name); }
    code .class-name, code .builtin, code .tag { color: var(--code-type); }
    code .deleted, code .important { color: var(--false); }
    @media (max-width: 56rem) { .listing pre, .output, pre { font-size: .75em; } }

    """#

  private static let figures = #"""
    figure { margin: 1.7em 0; }
    .drawing, .drawings { text-align: center; }
    .drawing { overflow-x: auto; overflow-y: hidden; }
    .drawing svg { max-width: 100%; height: auto; }
    @media (max-width: 30rem) { .drawing { margin-inline: calc(-1 * var(--gap)); } }
    .drawings { display: flex; flex-wrap: wrap; justify-content: center; gap: 1rem; }
    figcaption, .derivation-caption { font-size: .86em; line-height: 1.45; color: var(--muted);
      margin-top: .7em; text-wrap: pretty; }
    figure.table > figcaption, .listed > figcaption { margin: 0 0 .6em; }
    .label { font: 600 .87em/1.4 var(--sans); color: var(--strong); text-decoration: none;
      margin-right: .3em; letter-spacing: .005em; }
    .label:hover { text-decoration: underline; }
    .table-scroll { position: relative; overflow-x: auto; scrollbar-width: thin; margin: 1.2em 0; }
    figure .table-scroll { margin: 0; }
    table { border-collapse: collapse; margin-inline: auto; font-size: .88em; line-height: 1.4;
      font-variant-numeric: lining-nums tabular-nums; border-block: 1.5px solid var(--strong); }
    th, td { padding: .36em .8em; text-align: left; vertical-align: baseline; }
    th:first-child, td:first-child { padding-left: .2em; }
    th:last-child, td:last-child { padding-right: .2em; }
    thead th { font-weight: 600; color: var(--strong); border-bottom: 1px solid var(--strong);
      padding-block: .45em; }
    tbody tr + tr > * { border-top: 1px solid var(--rule); }
    .align-right { text-align: right; }
    .align-center { text-align: center; }
    .numeric { white-space: nowrap; }

    """#

  private static let blocks = #"""
    .block-title { margin-bottom: .35em; break-after: avoid; }
    .statement, .aside, .solution { margin: 1.6em 0; }
    .statement > :last-child, .aside > :last-child, .solution > :last-child, .proof > :last-child,
    .tab > :last-child { margin-bottom: 0; }
    .statement { padding: .1em 0 .1em calc(var(--gap) + .1rem); border-left: 3px solid var(--accent);
      margin-left: calc(-1 * var(--gap) - .1rem - 3px); }
    .statement .label { font-size: .8em; color: var(--accent); }
    .statement-title { font-weight: 600; color: var(--strong); }
    .definition { border-left-color: var(--info); }
    .definition .label { color: var(--info); }
    .example, .exercise { border-left-color: var(--rule); }
    .example .label, .exercise .label { color: var(--strong); }
    .theorem > p:not(.block-title), .lemma > p:not(.block-title),
    .proposition > p:not(.block-title), .corollary > p:not(.block-title) { font-style: italic; }
    .proof { margin: 1.2em 0 1.6em; }
    .proof::after, .proof > p:last-child::after { content: "∎"; color: var(--muted); }
    .proof::after { display: block; text-align: right; line-height: 1; }
    .proof:has(> p:last-child)::after { content: none; }
    .proof > p:last-child { display: flow-root; }
    .proof > p:last-child::after { float: right; margin-left: 1em; }
    .solution { border: 1px solid var(--rule); border-radius: .45rem; padding: 0 1rem; }
    .solution > summary { font: 600 .84rem/1.4 var(--sans); padding: .65rem 0;
      color: var(--muted); }
    .solution[open] { padding-bottom: .9rem; }
    .solution[open] > summary { margin-bottom: .3rem; }
    .solution > summary:hover, .code-fold > summary:hover { color: var(--strong); }
    .aside { padding: .85rem var(--gap); border-radius: .45rem; background: var(--tint);
      margin-inline: calc(-1 * var(--gap)); font-size: .95em; }
    .aside > .block-title { font: 600 .82rem/1.4 var(--sans); color: var(--strong); }
    .note, .important { background: var(--info-soft); }
    .note > .block-title, .important > .block-title { color: var(--info); }
    .tip { background: var(--true-soft); }
    .tip > .block-title { color: var(--true); }
    .warning, .caution { background: var(--warn-soft); }
    .warning > .block-title, .caution > .block-title { color: var(--warn); }
    .tabs { margin: 1.5em 0; }
    .tab-title { font: 600 .85rem/1.4 var(--sans); color: var(--strong); margin-bottom: .4em; }
    .tab-list { display: flex; gap: 1.2rem; border-bottom: 1px solid var(--rule);
      margin-bottom: 1em; overflow-x: auto; }
    .tab-list button { font: 500 .85rem/1.4 var(--sans); padding: .5rem 0; border: 0;
      background: none; color: var(--muted); cursor: pointer; white-space: nowrap;
      border-bottom: 2px solid transparent; margin-bottom: -1px; }
    .tab-list [aria-selected=true] { color: var(--accent); border-bottom-color: var(--accent); }
    @media (max-width: 56rem) {
      .statement { margin-left: -1rem; padding-left: calc(1rem - 3px); }
    }

    """#

  private static let evidence = #"""
    .claim { position: relative; white-space: nowrap; }
    .mark { font-family: var(--sans); color: var(--true); }
    button.mark { font-size: .62em; line-height: 1; vertical-align: .55em; padding: 0;
      margin: 0 0 0 .12em; border: 0; background: none; cursor: pointer; }
    button.mark::after { content: ""; position: absolute; inset: -.15em -.15em; border-radius: .2em; }
    .claim:hover { background: var(--true-soft); border-radius: .2em; }
    .failed .mark { color: var(--false); }
    .evidence { white-space: normal; }
    .evidence:popover-open { position: fixed; inset: auto; margin: .45rem .6rem; width: max-content;
      max-width: min(26rem, calc(100vw - 1.5rem)); padding: .8rem 1rem; border: 1px solid var(--rule);
      border-radius: .5rem; background: var(--paper); color: var(--ink); box-shadow: var(--shadow);
      font: .84rem/1.5 var(--sans); text-align: left; text-indent: 0; }
    @supports (position-area: bottom) {
      .evidence:popover-open { position-area: bottom span-right; position-try-fallbacks:
        flip-inline, flip-block, flip-block flip-inline; }
    }
    @supports not selector(:popover-open) { .evidence, button.mark { display: none; } }
    .verdict { display: block; font-weight: 600; color: var(--true); margin-bottom: .35rem; }
    .failed .verdict { color: var(--false); }
    .evidence .facts { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .15rem .9rem; }
    .fact { display: contents; }
    .fact-name { color: var(--muted); }
    .fact-value { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
    .evidence code { font-size: .95em; padding: 0; background: none; }
    .cell-claims { list-style: none; padding: 0; margin: .5em 0 0; font: .84rem/1.5 var(--sans); }
    .cell-claims .facts { color: var(--muted); font-variant-numeric: tabular-nums; }
    .derivation { margin: 1.4em 0; }
    .steps { display: grid; row-gap: .1em; min-width: 0; overflow-x: auto; overflow-y: hidden;
      padding: .2em 0; justify-content: safe center; scrollbar-width: thin; }
    .step:not(.first) { padding-left: 1.6em; }
    .steps.beside { grid-template-columns: auto auto; column-gap: .3em; }
    .steps.beside > .first { grid-column: 1; }
    .steps.beside > .first, .steps.beside > .first + .step { align-self: baseline; }
    .steps.beside > .step:not(.first) { grid-column: 2; padding-left: 0; }
    .steps.beside > .first + .step { grid-row: 1; }
    .step { padding-block: .22em; }
    .step > summary { list-style: none; display: flex; align-items: center;
      border-radius: .25em; width: fit-content; padding-right: .4em; }
    .step > summary::-webkit-details-marker { display: none; }
    .step > summary > .mark { font-size: .7em; margin-left: 1.3em; opacity: .75; }
    .step > summary:hover { background: var(--true-soft); }
    .step.failed > summary:hover { background: var(--false-soft); }
    .step > summary:hover > .mark, .step[open] > summary > .mark { opacity: 1; }
    .step-evidence { margin: .3em 0 .8em; padding: .7rem .9rem; background: var(--tint);
      border-radius: .4rem; font-size: .82em; width: fit-content; max-width: 100%;
      overflow-x: auto; }
    .step-evidence p { margin: 0 0 .4em; overflow-wrap: anywhere; }
    .step-evidence code { background: none; padding: 0; }
    .step-evidence table { border: 0; margin: 0; font-family: var(--sans); font-size: .92em; }
    .step-evidence th { font-weight: 400; color: var(--muted); white-space: nowrap; }
    .step-evidence tbody tr + tr > * { border: 0; }
    .step-evidence td, .step-evidence th { padding-block: .12em; }
    .derivation-caption { text-align: center; }
    @media (max-width: 56rem) {
      .step:not(.first) { padding-left: .6em; }
      .step > summary > .mark { margin-left: .8em; }
      .step-evidence { max-width: calc(100vw - 3.6rem); padding: .6rem .7rem; }
      .step-evidence td, .step-evidence th { padding-inline: .3em; }
    }

    """#

  private static let panels = #"""
    .preview { position: absolute; z-index: 8; width: max-content;
      max-width: min(36rem, calc(100vw - 1.5rem)); max-height: 60vh; overflow: auto;
      padding: .9rem 1.1rem; background: var(--paper); border: 1px solid var(--rule);
      border-radius: .5rem; box-shadow: var(--shadow); font-size: .9rem; line-height: 1.5; }
    .preview > div > :first-child { margin-top: 0; }
    .preview > div > :last-child { margin-bottom: 0; }
    .preview .statement, .preview .listing { margin-inline: 0; }
    .preview-title { font-weight: 600; color: var(--strong); margin-bottom: .4em; }
    .search { width: min(42rem, calc(100vw - 1.5rem)); max-height: min(44rem, 84vh); margin: 7vh auto;
      padding: 0; border: 1px solid var(--rule); border-radius: .7rem; background: var(--paper);
      color: var(--ink); box-shadow: var(--shadow); font: .9375rem/1.45 var(--sans); }
    .search::backdrop { background: rgb(20 16 10 / .38); }
    .search-field { display: flex; gap: .5rem; padding: .8rem; border-bottom: 1px solid var(--rule);
      position: sticky; top: 0; background: var(--paper); }
    .search input { flex: 1; min-width: 0; font: 1.0625rem/1.4 var(--sans); padding: .5rem .7rem;
      color: var(--strong); background: var(--tint); border: 1px solid transparent;
      border-radius: .4rem; }
    .search-close { font: inherit; padding: 0 .7rem; color: var(--muted); background: none;
      border: 1px solid var(--rule); border-radius: .4rem; cursor: pointer; }
    .search-state { margin: 0; padding: 0 1.2rem; color: var(--muted); }
    .search-state:not(:empty) { padding-block: .7rem 0; font-size: .8125rem; }
    .search ul { list-style: none; margin: 0; padding: .4rem; }
    .search ul:empty { display: none; }
    .search li { margin: 0; }
    .search li a { display: block; padding: .6rem .8rem; border-radius: .45rem; color: var(--ink);
      text-decoration: none; }
    .search-field:focus-within ~ ul > li:first-child > a, .search li a:focus-visible, .search li a:hover { background: var(--tint); }
    .result-title { font-weight: 600; color: var(--strong); margin-right: .6em; }
    .result-chapter { color: var(--muted); font-size: .85em; }
    .result-text { display: block; color: var(--muted); font-size: .875rem; margin-top: .15rem;
      overflow-wrap: anywhere; }
    mark { background: var(--mark); color: var(--strong); border-radius: .15em; }
    .toc { list-style: none; padding: 0; }
    .toc li { margin: 0; }
    .toc li > a { display: grid; grid-template-columns: 2.6rem 1fr; padding: .42rem 0;
      text-decoration: none; border-bottom: 1px solid var(--rule); }
    .toc .plain > a { grid-template-columns: 1fr; }
    .toc .depth-1 > a { padding-left: 2.6rem; }
    .toc .n { color: var(--muted); }
    .toc .part { font: 600 .74rem/1.4 var(--sans); letter-spacing: .11em;
      text-transform: uppercase; color: var(--muted); margin: 2.2rem 0 .3rem; }
    .book-front { margin: 1rem 0 3rem; }
    .book-front h1 { font-size: 2.9em; }
    .book-front .subtitle { font-size: 1.25em; color: var(--muted); font-style: italic;
      margin: .5em 0 0; }
    .book-front .authors { margin: 1.3em 0 0; }
    .kind-claims article { max-width: 58rem; }
    .claims-table { width: 100%; font-size: .78em; }
    .claims-table code { overflow-wrap: anywhere; background: none; padding: 0; font-size: .88em; }
    .claims-table .numeric { font-family: var(--sans); font-size: .95em; }
    .claims-table th, .claims-table td { padding-inline: .5em; }
    .claims-table td:nth-child(2) { min-width: 11em; }
    .claims-summary td:first-child { min-width: 9em; }
    .claims-table td[colspan] { font-size: 1.1em; }
    .meter { display: inline-block; width: 5rem; height: .5rem; border-radius: .25rem;
      background: var(--tint-2); overflow: hidden; vertical-align: middle; }
    .meter > span { display: block; height: 100%; background: var(--true); }
    @media (max-width: 56rem) { .book-front h1 { font-size: 2.2em; } }

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
      .solution > summary, .solution > summary + * { break-after: avoid; }
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
