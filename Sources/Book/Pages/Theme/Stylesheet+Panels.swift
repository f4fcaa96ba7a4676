/// What opens over the text, and the pages about the whole book.
extension Stylesheet {
  static let panels = #"""
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
}
