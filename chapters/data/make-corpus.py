#!/usr/bin/env python3
"""Makes corpus.txt, the book's own prose as a text to train on.

    python3 make-corpus.py

Read are the chapters, README.md, CONTRIBUTING.md, the articles under Sources and the documentation
comments of the Swift sources, in the order of their paths. Kept are paragraphs, list items and
headings; left out are code, displayed formulas, tables, options and fences. A formula or a piece
of code within a sentence stays if it is a word or a number, otherwise the sentence goes; citations
go, references become words. Sentences shorter than four words go, and those with operators in them. What remains is plain ASCII, one
paragraph a line, an empty line between paragraphs, no paragraph twice.

corpus.txt is a snapshot: a chapter's numbers depend on it, so it is made anew only on purpose.
"""
import os, re

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
REFERENCES = {"sec": "the section", "fig": "the figure", "eq": "the equation", "tbl": "the table",
              "thm": "the theorem", "lst": "the listing"}
ASCII = {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-", "×": "x", "…": "...",
         "ü": "ue", "ö": "oe", "ä": "ae", "é": "e", "\u00a0": " ", "→": "to", "·": "-"}


def files():
    found = []
    for folder in ("chapters", "Sources"):
        for path, names, entries in os.walk(os.path.join(ROOT, folder)):
            names[:] = [name for name in names if name != "data"]
            found += [os.path.join(path, e) for e in entries if e.endswith((".md", ".swift"))]
    found += [os.path.join(ROOT, name) for name in ("README.md", "CONTRIBUTING.md")]
    found = [os.path.relpath(path, ROOT) for path in found]
    return sorted(path for path in found if not path.endswith("SUMMARY.md"))


def comments(text):
    """Documentation comments of a Swift source, as Markdown."""
    out = []
    for line in text.split("\n"):
        match = re.match(r"\s*/// ?(.*)", line)
        out.append(match.group(1) if match else "")
    # What is indented by four in a comment is a sample.
    return "\n".join(line if not line.startswith("    ") else "" for line in out)


def blocks(text):
    """Paragraphs, list items and headings of Markdown."""
    text = re.sub(r"(?ms)^ *(```|~~~).*?^ *\1 *$", "\n", text)
    text = re.sub(r"(?s)\$\$.*?\$\$(\s*\{#[^}]*\})?", "\n\n", text)
    text = re.sub(r"(?s)\\\[.*?\\\]", "\n\n", text)
    text = re.sub(r"(?s)<!--.*?-->", "\n", text)
    block = []
    for line in text.split("\n") + [""]:
        stripped = line.strip()
        starts = re.match(r"(#+|[-*+]|\d+\.|>)\s+(.*)", stripped)
        if (not stripped or starts or stripped.startswith((":::", "|", ":", "!", "<"))
                or line.startswith("    ")):
            if block:
                yield " ".join(block)
            block = []
            if starts:
                word = starts.group(2)
                # Labels of a parameter list say nothing by themselves.
                word = re.sub(r"^(Parameters?|Returns|Source|Precondition)\b[^:]*:\s*", "", word)
                word = re.sub(r"^[a-z][A-Za-z]*:\s+", "", word)
                block = [word] if word else []
                if starts.group(1).startswith("#"):
                    yield " ".join(block)
                    block = []
        else:
            block.append(stripped)


def plain(text):
    """A block without notation; a sentence that cannot do without it is marked by a NUL."""
    text = re.sub(r"\{[#.][^}]*\}", "", text)
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"\s*\[[^\]]*@[^\]]*\]", "", text)
    text = re.sub(r"\[\^[^\]]*\]", "", text)
    text = re.sub(r"@(sec|fig|eq|tbl|thm|lst)-[a-z0-9-]+",
                  lambda m: REFERENCES[m.group(1)], text)
    text = re.sub(r"(?<!\w)@[a-z]+\d{4}[a-z]?", "\0", text)

    def code(match):
        inner = match.group(1) or match.group(2)
        claim = re.match(r"\{claim\}.*(?:≈|=|<|≤|>|≥)\s*(-?[\d.]+)(?:\s*(%))?(\s*±.*)?\s*$", inner)
        if claim:
            return claim.group(1) + (" %" if claim.group(2) else "")
        return inner if re.fullmatch(r"[A-Za-z][A-Za-z ]*", inner) else "\0"

    text = re.sub(r"``([^`]*)``|`([^`]*)`", code, text)

    def formula(match):
        inner = match.group(1).replace("\\,", " ").replace("\\%", "%").replace("{,}", ",").strip()
        return inner if re.fullmatch(r"[A-Za-z]|\d[\d. ]*%?", inner) else "\0"

    text = re.sub(r"\$([^$]*)\$", formula, text)
    text = re.sub(r"\\\((.*?)\\\)", "\0", text)
    text = text.replace("**", "").replace("*", "").replace("\\", "")
    text = re.sub(r"(?<!\w)_([^_]+)_(?!\w)", r"\1", text)
    for old, new in ASCII.items():
        text = text.replace(old, new)
    text = "".join(c if 32 <= ord(c) < 127 else "\0" for c in text)
    return re.sub(r" +", " ", text).strip()


def sentences(text):
    for sentence in re.split(r"(?<=[.!?:;])(?<!e\.g\.)(?<!i\.e\.)(?<!cf\.)\s+(?=[\"(A-Z])", text):
        is_notation = re.search(r"[\0=^_<>|{}`+~#$]|arXiv|doi:| - [A-Z\d]", sentence)
        if not is_notation and len(sentence.split()) >= 4:
            yield re.sub(r"\s+([,.;:!?])", r"\1", sentence)


seen, paragraphs = set(), []
for path in files():
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        text = file.read()
    for block in blocks(comments(text) if path.endswith(".swift") else text):
        paragraph = " ".join(sentences(plain(block)))
        if paragraph and paragraph not in seen:
            seen.add(paragraph)
            paragraphs.append(paragraph)
corpus = "\n\n".join(paragraphs) + "\n"
with open(os.path.join(HERE, "corpus.txt"), "w", encoding="ascii") as out:
    out.write(corpus)
print(len(corpus), "characters,", len(paragraphs), "paragraphs,",
      len(set(corpus)), "different characters")
