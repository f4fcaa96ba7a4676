"""A deterministic synthetic book, written for sslbook, for plain CommonMark tools and for Hugo.

The same abstract content (headings, wrapped prose with inline code, emphasis, formulas and links,
display equations, code blocks, lists, tables, quotes, footnotes, cross references) is written in
each tool's dialect, so that build times can be compared on equal input. With cells > 0 every
chapter also gets that many small Swift cells to be executed.

Same arguments give the same bytes on every machine: only an integer generator of our own is used.
"""
import os
import re

WORDS = """the a of to and in that is for with on as by from at which each
encoder projector predictor representation embedding feature batch sample view
augmentation crop pair positive negative anchor target teacher student network
gradient loss temperature similarity cosine norm variance covariance collapse
dimension matrix vector eigenvalue spectrum entropy information mutual bound
estimate sampling noise mask patch token attention decoder reconstruction pixel
prior posterior likelihood expectation minimum optimum schedule momentum decay
weight layer normalization linear probe accuracy transfer evaluation invariant
alignment uniformity sphere kernel whitening redundancy clustering prototype
assignment transport queue memory contrastive predictive distillation training
small large smooth sharp stable unstable shared random fixed learned measured
shows gives keeps moves maps pulls pushes computes averages predicts prevents
becomes vanishes grows shrinks depends remains follows because while when where
therefore however almost exactly roughly never always often only also then"""
WORDS = WORDS.split()

MATH_INLINE = [
    r"z_i", r"\tau > 0", r"\lVert z \rVert_2 = 1", r"f_\theta(x)",
    r"p_{ij} \propto e^{s_{ij}/\tau}", r"\mathbb{E}_{x \sim p}[\ell(x)]",
    r"d \ll n", r"W \in \mathbb{R}^{d \times k}", r"\nabla_\theta L",
    r"\lambda_1 \ge \dots \ge \lambda_d", r"10^{-6}", r"O(n^2 d)",
]
MATH_DISPLAY = [
    r"L_i = -\log \frac{\exp(s_{ij}/\tau)}{\sum_{k \ne i} \exp(s_{ik}/\tau)}",
    r"\frac{\partial L_i}{\partial s_{ik}} = \frac{1}{\tau}"
    r"\left(p_{ik} - \mathbf{1}[k = j]\right)",
    r"C_{ab} = \frac{\sum_n z^A_{na} z^B_{nb}}"
    r"{\sqrt{\sum_n (z^A_{na})^2}\sqrt{\sum_n (z^B_{nb})^2}}",
    r"L = \sum_a (1 - C_{aa})^2 + \lambda \sum_a \sum_{b \ne a} C_{ab}^2",
    r"\theta_t^{\mathrm{EMA}} = m\,\theta_{t-1}^{\mathrm{EMA}} + (1-m)\,\theta_t",
    r"I(X;Y) \ge \log N - L_{\mathrm{NCE}}",
    r"\max_{Q \in \mathcal{Q}} \operatorname{Tr}(Q^\top S) + \varepsilon H(Q)",
    r"\begin{aligned} v(Z) &= \frac{1}{d}\sum_{j=1}^{d}"
    r"\max\left(0, \gamma - \sqrt{\operatorname{Var}(z_j) + \epsilon}\right) \\"
    r" c(Z) &= \frac{1}{d} \sum_{i \ne j} C(Z)_{ij}^2 \end{aligned}",
]
CODE = [
    "def {f}(z, tau={t}):",
    "    \"\"\"Similarity matrix of {w} rows.\"\"\"",
    "    n = len(z)",
    "    out = [[0.0] * n for _ in range(n)]",
    "    for i in range(n):",
    "        for k in range(n):",
    "            s = sum(a * b for a, b in zip(z[i], z[k]))",
    "            out[i][k] = s / tau",
    "    return out  # {w}",
]
CELL = [
    "let xs{i} = (0..<1000).map {{ ($0 * {a} + {b}) % 101 }}",
    "let total{i} = xs{i}.reduce(0) {{ $0 + $1 * $1 }}",
    "print(\"cell {i}:\", total{i}, xs{i}.max()!, xs{i}.min()!)",
]


class Rng:
    """64-bit LCG with an xorshift output step; integers only."""

    def __init__(self, seed):
        self.s = (seed * 6364136223846793005 + 1442695040888963407) % 2 ** 64

    def next(self, n):
        self.s = (self.s * 6364136223846793005 + 1442695040888963407) % 2 ** 64
        x = self.s
        x ^= x >> 33
        return (x % 2 ** 53) % n

    def pick(self, seq):
        return seq[self.next(len(seq))]


def wrap(text, width=78):
    out, line = [], ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > width:
            out.append(line)
            line = word
        else:
            line = word if not line else line + " " + word
    if line:
        out.append(line)
    return out


class Chapter:
    """Abstract chapter: a list of (kind, data) blocks, about `lines` lines."""

    def __init__(self, index, lines, cells, seed):
        r = Rng(seed * 100003 + index)
        self.index, self.blocks = index, []
        self.title = "Chapter %d: %s" % (index, self.phrase(r, 3).title())
        used, section, eqs, notes, made = 2, 0, 0, 0, 0
        plan = "PPEPCPLPEPTPQPCPFP"  # one section's rhythm
        while used < lines:
            section += 1
            self.add("head", (2, self.phrase(r, 4).capitalize(),
                              "c%d-s%d" % (index, section)))
            used += 2
            for step, kind in enumerate(plan):
                if used >= lines:
                    break
                if kind == "P":
                    text = self.para(r, index, eqs, section)
                    self.add("para", text)
                    used += len(wrap(text)) + 1
                elif kind == "E":
                    eqs += 1
                    self.add("math", (r.pick(MATH_DISPLAY),
                                      "eq-c%d-%d" % (index, eqs)))
                    used += 4
                elif kind == "C":
                    self.add("code", (r.pick(WORDS), r.next(90) + 10,
                                      r.pick(WORDS)))
                    used += 12
                elif kind == "L":
                    items = [self.sentence(r, 9) for _ in range(5)]
                    self.add("list", items)
                    used += 6
                elif kind == "T":
                    rows = [[r.pick(WORDS), str(r.next(1000)),
                             "0.%03d" % r.next(1000)] for _ in range(6)]
                    self.add("table", rows)
                    used += 9
                elif kind == "Q":
                    self.add("quote", self.sentence(r, 24))
                    used += 3
                elif kind == "F":
                    notes += 1
                    self.add("note", ("n%d-%d" % (index, notes),
                                      self.sentence(r, 12)))
                    used += 2
                if made < cells and step % 2 == 1:
                    made += 1
                    self.add("cell", (made, r.next(97) + 3, r.next(97)))
                    used += 6
        while made < cells:
            made += 1
            self.add("cell", (made, r.next(97) + 3, r.next(97)))

    def add(self, kind, data):
        self.blocks.append((kind, data))

    @staticmethod
    def phrase(r, n):
        return " ".join(r.pick(WORDS) for _ in range(n))

    def sentence(self, r, n):
        s = self.phrase(r, n + r.next(6))
        return s[0].upper() + s[1:] + "."

    def para(self, r, index, eqs, section):
        parts = []
        for _ in range(4 + r.next(3)):
            s = self.sentence(r, 11)
            roll = r.next(10)
            if roll < 4:
                s = s[:-1] + " with @M@%s@/M@." % r.pick(MATH_INLINE).replace(
                    " ", "\x00")
            elif roll == 4:
                s = s[:-1] + " as `%s` does." % r.pick(WORDS)
            elif roll == 5:
                s = "*%s* and **%s**: %s" % (r.pick(WORDS), r.pick(WORDS),
                                             s[0].lower() + s[1:])
            elif roll == 6 and eqs:
                s = s[:-1] + ", see @EQ@eq-c%d-%d@/EQ@." % (
                    index, 1 + r.next(eqs))
            elif roll == 7 and section > 1:
                s = s[:-1] + ", see @SEC@c%d-s%d@/SEC@." % (
                    index, 1 + r.next(section - 1))
            elif roll == 8:
                s = s[:-1] + " ([notes](https://example.org/n/%d))." % r.next(
                    10000)
            parts.append(s)
        return " ".join(parts)


class Plain:
    """CommonMark with dollar formulas, for cmark and pandoc."""

    folder = ""

    def refs(self, text):
        text = re.sub(r"@EQ@(.*?)@/EQ@", lambda m: self.equation(m.group(1)), text)
        return re.sub(r"@SEC@(.*?)@/SEC@", lambda m: self.section(m.group(1)), text)

    def equation(self, label):
        return "equation " + label

    def section(self, label):
        return "section " + label

    def title(self, chapter):
        return ["# " + chapter.title, ""]

    def head(self, level, text, label):
        return ["#" * level + " " + text, ""]

    def para(self, text):
        text = self.refs(text.replace("@M@", "$").replace("@/M@", "$"))
        return [line.replace("\x00", " ") for line in wrap(text)] + [""]

    def math(self, tex, label):
        return ["$$", tex, "$$", ""]

    def code(self, name, t, word):
        body = [line.format(f="sim_" + name, t="0.%d" % t, w=word) for line in CODE]
        return ["```python"] + body + ["```", ""]

    def cell(self, i, a, b):
        return ["```swift"] + [line.format(i=i, a=a, b=b) for line in CELL] + ["```", ""]

    def list(self, items):
        return ["- " + item for item in items] + [""]

    def table(self, rows):
        out = ["| name | count | value |", "| :--- | ---: | ---: |"]
        return out + ["| " + " | ".join(row) + " |" for row in rows] + [""]

    def quote(self, text):
        return ["> " + line for line in wrap(text, 76)] + [""]

    def note(self, label, text):
        return ["A remark[^%s]." % label, "", "[^%s]: %s" % (label, text), ""]

    def chapter(self, chapter):
        out = self.title(chapter)
        for kind, data in chapter.blocks:
            write_block = getattr(self, kind)
            out += write_block(*data) if isinstance(data, tuple) else write_block(data)
        return "\n".join(out).rstrip("\n") + "\n"

    def project(self, chapters):
        """Further files: {path: text}."""
        return {}


class Sslbook(Plain):
    """Labelled equations and sections, so that numbering and references are part of the work."""

    folder = "chapters"

    def equation(self, label):
        return "@" + label

    def section(self, label):
        return "@sec-" + label

    def head(self, level, text, label):
        return ["%s %s {#sec-%s}" % ("#" * level, text, label), ""]

    def math(self, tex, label):
        return ["$$", tex, "$$ {#%s}" % label, ""]

    def project(self, chapters):
        toc = "".join("- [%s](%s)\n" % (c.title, file_name(c)) for c in chapters)
        return {"chapters/SUMMARY.md": "# Synthetic Book\n\n" + toc,
                "chapters/book.json": '{ "title": "Synthetic Book" }\n'}


class Hugo(Plain):
    folder = "content/docs"

    def title(self, chapter):
        return ["---", 'title: "%s"' % chapter.title, "weight: %d" % chapter.index, "---", ""]

    def project(self, chapters):
        page = ("<!doctype html><html><head><meta charset=utf-8><title>{{ .Title }}</title></head>"
                "<body><h1>{{ .Title }}</h1>{{ .TableOfContents }}{{ .Content }}"
                "{{ with .PrevInSection }}<a href=\"{{ .RelPermalink }}\">prev</a>{{ end }}"
                "</body></html>\n")
        listing = ("<!doctype html><html><body><ul>{{ range .Pages }}"
                   "<li><a href=\"{{ .RelPermalink }}\">{{ .Title }}</a></li>{{ end }}</ul>"
                   "</body></html>\n")
        return {"config.toml": 'baseURL = "https://example.org/"\ntitle = "Synthetic Book"\n'
                               'disableKinds = ["taxonomy", "term", "RSS"]\n',
                "layouts/_default/single.html": page,
                "layouts/_default/list.html": listing,
                "content/_index.md": "---\ntitle: Synthetic Book\n---\n",
                "content/docs/_index.md": "---\ntitle: Chapters\n---\n"}


DIALECTS = {"plain": Plain, "sslbook": Sslbook, "hugo": Hugo}


def file_name(chapter):
    return "ch%04d.md" % chapter.index


def write(path, text):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def make_book(dialect, folder, chapters, lines=300, cells=0, seed=1):
    """Writes the book into `folder`; returns the paths of its chapters."""
    writer = DIALECTS[dialect]()
    made = [Chapter(i + 1, lines, cells, seed) for i in range(chapters)]
    paths = []
    for chapter in made:
        paths.append(os.path.join(folder, writer.folder, file_name(chapter)))
        write(paths[-1], writer.chapter(chapter))
    for name, text in writer.project(made).items():
        write(os.path.join(folder, name), text)
    return paths
