/// What stands in the text: formulas, code, figures and tables, statements.
extension Stylesheet {
  /// KaTeX draws at the size of Computer Modern; this brings its lower case to the text's height.
  static let mathematics = #"""
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

  static let code = #"""
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

  static let figures = #"""
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

  static let blocks = #"""
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
}
