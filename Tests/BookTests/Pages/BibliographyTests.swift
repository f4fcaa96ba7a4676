import Book
import Testing

@Suite("Bibliography") struct BibliographyTests {
  private func read(_ text: String) -> Bibliography {
    Bibliography.read(Array(text.utf8), path: "chapters/references.bib").0
  }

  private func faults(_ text: String) -> [String] {
    Bibliography.read(Array(text.utf8), path: "chapters/references.bib").1
      .map { "\($0.line):\($0.column) \($0.message)" }
  }

  @Test(
    "TeX becomes text",
    arguments: [
      (#"Kurt G{\"o}del"#, "Kurt Gödel"), (#"Kurt G\"odel"#, "Kurt Gödel"),
      (#"{\L}ukasz"#, "Łukasz"), (#"Fran{\c{c}}ois"#, "François"), (#"Fran\c cois"#, "François"),
      (#"na\"{\i}ve"#, "naïve"), (#"{\'E}variste"#, "Évariste"), (#"\v{S}idák"#, "Šidák"),
      (#"Erd{\H o}s"#, "Erdős"), (#"Stra{\ss}e"#, "Straße"),
      (
        #"\emph{BERT}: {Pre-training}"#,
        "BERT: Pre-training"
      ), ("1--7", "1–7"), ("a---b", "a—b"), ("``x''", "“x”"),
      (#"$\alpha$-divergence"#, "α-divergence"), (#"R\&D \_ 5\%"#, "R&D _ 5%"),
      ("two\n   lines", "two lines"), (#"\"#, ""), (#"\""#, ""), ("{{{", ""),
    ])
  func texText(tex: String, text: String) { #expect(TeXText.plain(tex) == text) }

  @Test("an entry is read whole") func entry() throws {
    let reference = try #require(
      read(
        #"""
        % a comment, with an @ in it {
        @comment{ignored}
        @string{nips = "Advances in " # {NeurIPS}}
        @Article{oord2018,
          author  = {van den Oord, A{\"a}ron and Yazhe Li and Vinyals, Oriol},
          title   = "Representation {Learning} with "# {Contrastive} # " Predictive Coding",
          journal = nips, year = 2018, volume=3, pages = {1--9},
          eprint = {1807.03748}, archivePrefix = {arXiv}
        }
        """#)["oord2018"])
    #expect(reference.title == "Representation Learning with Contrastive Predictive Coding")
    #expect(
      reference.authors.map(\.inverted) == ["van den Oord, A.", "Li, Y.", "Vinyals, O."])
    #expect(reference.authorsInText == "van den Oord et al.")
    #expect(reference.venue == "Advances in NeurIPS")
    #expect(reference.pages == "1–9")
    #expect(reference.address == "https://arxiv.org/abs/1807.03748")
    #expect(reference.addressName == "arXiv:1807.03748")
  }

  @Test(
    "names are split as BibTeX does",
    arguments: [
      ("Ludwig van Beethoven", "van Beethoven, L."), ("Jean-Luc Picard", "Picard, J.-L."),
      ("King, Jr, Martin Luther", "King, M. L., Jr"),
      ("{Open AI and Friends}", "Open AI and Friends"),
      ("Madonna", "Madonna"), ("{\\'E}mile Borel", "Borel, É."),
      ("de la Cruz, Ana", "de la Cruz, A."),
    ])
  func names(text: String, expected: String) throws {
    let reference = try #require(
      read("@misc{k, author = {\(text)}, title = {T}, year = 2000}")["k"])
    #expect(reference.authors.map(\.inverted) == [expected])
  }

  @Test("works that would be called alike are told apart, in the order they are listed")
  func disambiguation() {
    let bibliography = read(
      """
      @misc{two, author = {Chen, T. and He, K. and Li, Y.}, title = {Zebra}, year = 2020}
      @misc{one, author = {Chen, T. and He, K. and Li, Y.}, title = {Apple}, year = 2020}
      @misc{three, author = {Chen, T.}, title = {Pear}, year = 2020}
      """)
    #expect(bibliography["one"]?.yearInText == "2020a")
    #expect(bibliography["two"]?.yearInText == "2020b")
    #expect(bibliography["three"]?.yearInText == "2020")
    #expect(bibliography.keys == ["three", "one", "two"])
  }

  @Test("accents do not disturb the order") func order() {
    let bibliography = read(
      """
      @misc{z, author = {Zorn, M.}, title = {T}, year = 1935}
      @misc{e, author = {{\\'E}lie, B.}, title = {T}, year = 1935}
      @misc{f, author = {Fano, R.}, title = {T}, year = 1935}
      """)
    #expect(bibliography.keys == ["e", "f", "z"])
  }

  @Test("an address that a browser would run is none") func address() {
    let bibliography = read(
      """
      @misc{a, title = {T}, url = {javascript:alert(1)}}
      @misc{b, title = {T}, url = {https://example.org/a\\_b}}
      @misc{c, title = {T}, doi = {https://doi.org/10.1000/182}}
      """)
    #expect(bibliography["a"]?.address == nil)
    #expect(bibliography["b"]?.address == "https://example.org/a_b")
    #expect(bibliography["c"]?.address == "https://doi.org/10.1000/182")
  }

  @Test("a broken entry is reported at its line and the next one is read")
  func broken() {
    let text = """
      @article{good, title = {A}}
      @article{bad, title = {A} year = 3}
      @article{, title = {A}}
      @article no brace
      @article{twin, title = {B}}
      @article{twin, title = {C}}
      @misc{untitled, year = 1}
      @article{open, title = {A
      """
    #expect(
      faults(text) == [
        "2:1 the entry 'bad' is not written as name = {value}, to its end",
        "3:1 this '@article' has no key",
        "4:1 '@article' is not followed by '{'",
        "8:1 a '{' is never closed",
        "6:1 the key 'twin' is taken already, in line 5",
        "7:1 the entry 'untitled' has no title",
      ])
    #expect(read(text).keys.sorted() == ["good", "twin", "untitled"])
  }

  @Test("any bytes end without a crash") func noise() {
    var state: UInt64 = 7
    let alphabet = Array("@{}(),=#\"\\'%abc \n~-$".utf8) + [0xFF, 0x00]
    for _ in 0..<2000 {
      var bytes: [UInt8] = []
      for _ in 0..<40 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes.append(alphabet[Int(state >> 33) % alphabet.count])
      }
      _ = Bibliography.read(Array("@misc{k, author={".utf8) + bytes, path: "b")
      _ = Bibliography.read(bytes, path: "b")
    }
    _ = TeXText.plain(String(repeating: #"\"{"#, count: 10_000))
  }
}
