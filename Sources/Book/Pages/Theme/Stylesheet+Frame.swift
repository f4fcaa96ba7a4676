/// What surrounds the text: the bar, the sidebar, the contents of the page.
extension Stylesheet {
  static let frame = #"""
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
}
