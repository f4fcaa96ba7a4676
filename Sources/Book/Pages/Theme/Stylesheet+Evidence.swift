/// Claims and derivations, with what was measured.
extension Stylesheet {
  static let evidence = #"""
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
}
