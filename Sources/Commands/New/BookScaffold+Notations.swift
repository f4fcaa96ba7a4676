extension BookScaffold {
  static let notations = ##"""
    # Every notation {#sec-notations}

    What a chapter can hold, in order; delete this file when you know it. The rest is CommonMark: *words*
    and **words**, lists, quotes, `code`, [links](halves.md), pictures.

    ## Cells {#sec-cells}

    Options stand in a cell's first lines. This one is shown folded and may take five seconds; its table
    has a label, and is @tbl-powers.

    ```swift
    //| label: tbl-powers
    //| caption: Powers of two, which a cell computed.
    //| echo: fold
    //| timeout: 5
    show(Table(columns: ["n", "2ⁿ"], rows: [2, 8, 16].map { [$0, 1 << $0] }))
    ```

    A file of the book comes through `readData`; a long loop says how far it is; a claim may stand in
    the code.

    ```swift
    let text = String(decoding: readData("chapters/data/steps.txt"), as: UTF8.self)
    let steps = text.split { $0.isWhitespace }.compactMap { Int($0) }
    var sum = 0
    for step in progress(steps, "adding") {
      sum += step
      report(loss: Double(sum))
    }
    claim("the steps are Fibonacci's", zip(steps, steps.dropFirst(2)).allSatisfy { $0 < $1 })
    ```

    This one is compiled and does not run; the next is only shown; the last must stop, with these words.

    ```swift norun
    while true { print("again") }
    ```

    ```swift text
    let pseudo = code
    ```

    ```swift
    //| label: lst-mistake
    //| caption: A mistake, shown on purpose.
    //| expect: error: out of range
    print(steps[sum])
    ```

    ## Numbers in sentences

    The sum is `{claim} sum = 19`, its root `{swift} format(Double(sum).squareRoot(), digits: 3)`, nearly
    `{claim} Double(sum).squareRoot() ≈ 4.4 ± 2 %`, and less than `{claim} sum < 20`. A caption, a title
    and a heading may hold such numbers, too.

    ### Nobody counts this heading {.unnumbered}

    ## Formulas, tables, notes

    Inline $a^2$ or \(a^2\), alone

    $$
    \sum_{k=0}^{n-1} 2^k = 2^n - 1
    $$ {#eq-geometric}

    and without a number

    \[ 1 + 1 = 2 \]

    | name | of what |
    |------|--------:|
    | left | $x$ |
    | right | `{swift} sum` |
    : Written by hand. {#tbl-hand}

    A footnote stands below.[^1] Works are cited in brackets [see @hardy1949, p. 3; -@hardy1949] or in the
    sentence, as @hardy1949 is.

    [^1]: Its text may hold `{claim} 6 * 7 = 42`.

    ## Blocks and references

    ::: {.theorem #thm-geometric title="Powers of two"}
    @eq-geometric holds for every $n$.
    :::

    ::: proof
    Both sides are 1 for $n = 1$, and grow by $2^n$.
    :::

    ::: note
    Also `tip` and `warning`, `definition`, `lemma`, `corollary`, `example`.
    :::

    ::: {.tabs}
    ### One
    A tab begins at each heading.

    ### Two
    The second.
    :::

    @thm-geometric, @tbl-hand, @lst-mistake, @sec-cells and, in another chapter, @fig-walk.

    """##
}
