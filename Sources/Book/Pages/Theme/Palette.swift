/// The colours of both themes, and of the figures in them. Text has a contrast of at least 4.5
/// with what it stands on; the browser tests measure it.
enum PagePalette {
  static let css = """
    :root { color-scheme: light; \(light) }
    @media screen and (prefers-color-scheme: dark) {
      :root:not([data-theme=light]) { color-scheme: dark; \(dark) }
    }
    @media screen { :root[data-theme=dark] { color-scheme: dark; \(dark) } }

    """

  private static let light = """
    --paper: #fffdf8; --ink: #211e1a; --strong: #14110d; --muted: #655e54; --rule: #e3dccf;
    --tint: #f7f3ea; --tint-2: #efe9dc; --accent: #8a2a1c; --accent-soft: #f6e9e2;
    --link: #8a2a1c; --link-rule: #d8b3a8; --true: #2c6a3c; --true-soft: #e9f1e6;
    --false: #b3261e; --false-soft: #fbe9e6; --info: #245a86; --info-soft: #e8f0f6;
    --warn: #84540a; --warn-soft: #fbf1dc; --shadow: 0 8px 30px rgb(60 40 10 / .16);
    --code-keyword: #8a2a1c; --code-string: #3c6423; --code-number: #205b8c;
    --code-comment: #6c6558; --code-name: #5d3d8c; --code-type: #176061;
    --mark: #fdeeb8; --plot-paper: #fffdf8; --plot-high: #083f7d; --plot-low: #b0350b;
    --series-1: #1766ae; --series-2: #c2410c; --series-3: #0b7a5c; --series-4: #661a78;
    --series-5: #5c4a10; --series-6: #0b4660; --series-7: #6b7280; --series-8: #c1408a;
    """

  private static let dark = """
    --paper: #17181b; --ink: #d9d5cc; --strong: #f2efe8; --muted: #a59f93; --rule: #35363b;
    --tint: #1f2024; --tint-2: #2a2b30; --accent: #eb9a84; --accent-soft: #33231f;
    --link: #eb9a84; --link-rule: #6d4a40; --true: #8cc795; --true-soft: #1e2a20;
    --false: #ff9a90; --false-soft: #361f1d; --info: #93bfe4; --info-soft: #1c2731;
    --warn: #e3b866; --warn-soft: #2e2617; --shadow: 0 10px 36px rgb(0 0 0 / .6);
    --code-keyword: #eb9a84; --code-string: #a5c98a; --code-number: #8fbde6;
    --code-comment: #a09a8e; --code-name: #c9aef0; --code-type: #84cccb;
    --mark: #5c4d1c; --plot-paper: #17181b; --plot-high: #7db8f2; --plot-low: #f2925f;
    --series-1: #6fb1ee; --series-2: #f3965e; --series-3: #52c49d; --series-4: #f2bdee;
    --series-5: #b59a1e; --series-6: #3f9fa6; --series-7: #a8b1be; --series-8: #dd86bb;
    """
}
