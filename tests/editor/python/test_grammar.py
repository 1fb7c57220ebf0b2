"""The tree-sitter grammar reads what the language reads, and its queries say of each word what it is."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from tree_sitter import Query, QueryCursor

import grammar
from grammar import GRAMMAR, ROOT


def unreadable(program: Path, files: list[Path]) -> set[Path]:
    """Those of which the language itself cannot read something: the formatter leaves that as it is, and says so."""
    said = subprocess.run(
        [program, "fmt", "--check", "--color", "never", *files], capture_output=True, text=True, cwd=ROOT
    )
    assert said.returncode in (0, 1), said.stderr
    return {ROOT / file for file in re.findall(r"^left as it is: (.+):\d+,", said.stderr, re.MULTILINE)}


def test_every_playbook_that_the_language_reads_is_read(program: Path) -> None:
    files = grammar.playbooks()
    broken = unreadable(program, files)
    assert len(files) - len(broken) > 400
    wrong = {
        str(file.relative_to(ROOT)): found
        for file in files
        if file not in broken and (found := grammar.mistakes(file.read_bytes()))
    }
    assert wrong == {}


def test_most_that_the_language_cannot_read_is_not_read(program: Path) -> None:
    """The grammar may wave through what only the compiler can refuse, such as a number out of range; not much more."""
    broken = unreadable(program, grammar.playbooks())
    waved_through = [str(file.relative_to(ROOT)) for file in broken if not grammar.mistakes(file.read_bytes())]
    assert len(broken) >= 25
    assert len(waved_through) <= len(broken) // 3, sorted(waved_through)


def test_what_is_broken_off_leaves_the_next_declaration_alone() -> None:
    """Somebody types in the middle of a file, all the time: what stands below keeps its colours."""
    cut_off = 0
    for name in ("sneakers/sneakers", "stackmates/stackmates", "stackmates/workflows"):
        source = (ROOT / "playbooks" / f"{name}.playbook").read_bytes()
        for end in range(0, len(source), 5):
            cut = source[:end]
            # A text that is still open takes in what follows, by the language's own rule as well.
            if cut.count(b'"') % 2 == 0:
                cut_off += 1
                tree = grammar.parse(cut + b'\nphrases behind { "so" }\n')
                last = [node for node in grammar.nodes(tree.root_node) if node.type == "phrases_declaration"][-1:]
                assert [node.text for node in last] == [b'phrases behind { "so" }'], cut[-60:]
    assert cut_off > 1500


CASE = re.compile(r"^=+\n(?P<name>[^\n]+)\n=+\n(?P<text>.*?)\n---\n(?P<tree>.*?)(?=^=+\n|\Z)", re.MULTILINE | re.DOTALL)


def cases() -> list[tuple[str, str, str]]:
    files = sorted((GRAMMAR / "test" / "corpus").glob("*.txt"))
    found = [case for file in files for case in CASE.finditer(file.read_text())]
    return [(case["name"], case["text"], case["tree"]) for case in found]


def test_the_corpus_is_found() -> None:
    assert len(cases()) >= 13


@pytest.mark.parametrize(("name", "text", "tree"), cases(), ids=[name for name, _, _ in cases()])
def test_corpus(name: str, text: str, tree: str) -> None:
    """The same cases and the same answers as `tree-sitter test` reads, which cannot be installed everywhere."""
    without_fields = re.sub(r"\b[a-z_]+: ", "", str(grammar.parse(text.encode()).root_node))
    assert re.sub(r"\s+", " ", without_fields) == re.sub(r"\s+", " ", tree).strip().replace("( ", "(")


def captures(text: bytes, query: str) -> list[tuple[int, int, int, str]]:
    """What a query says of each piece of text: line, columns, name; the innermost comes last, then the last pattern."""
    found = QueryCursor(Query(grammar.language(), query)).matches(grammar.parse(text).root_node)
    named = [(node, pattern, name) for pattern, captured in found for name, at in captured.items() for node in at]
    named.sort(key=lambda one: (one[0].start_byte - one[0].end_byte, one[1]))
    return [
        (
            node.start_point.row,
            node.start_point.column,
            node.end_point.column if node.end_point.row == node.start_point.row else 10_000,
            name,
        )
        for node, _, name in named
    ]


HIGHLIGHTS = (GRAMMAR / "queries" / "highlights.scm").read_text()


@pytest.mark.parametrize(
    "file", sorted((GRAMMAR / "test" / "highlight").glob("*.playbook")), ids=lambda file: file.stem
)
def test_highlights(file: Path) -> None:
    """`// ^^^ name` says what the characters above it are; `// <- name` what the first one is."""
    text = file.read_text()
    names: dict[tuple[int, int], str] = {}
    for row, start, end, name in captures(text.encode(), HIGHLIGHTS):
        names.update({(row, column): name for column in range(start, min(end, start + 400))})
    wrong, stated, about = [], 0, 0
    for row, line in enumerate(text.splitlines()):
        mark = re.fullmatch(r"//( *)(\^+) ([\w.]+)|//( *)<- ([\w.]+)", line)
        if mark is None:
            about = row
            continue
        start = 0 if mark[5] else 2 + len(mark[1])
        expected = mark[5] or mark[3]
        for column in range(start, start + (1 if mark[5] else len(mark[2]))):
            stated += 1
            if names.get((about, column)) != expected:
                wrong.append((about + 1, column + 1, expected, names.get((about, column))))
    assert stated > 100
    assert wrong == []


def test_every_keyword_is_highlighted() -> None:
    types = json.loads((GRAMMAR / "src" / "node-types.json").read_text())
    words = {kind["type"] for kind in types if not kind["named"] and re.fullmatch(r"[a-z]+", kind["type"])}
    quoted = set(re.findall(r'"([a-z]+)"', HIGHLIGHTS))
    # Words that a named node consists of have its colour.
    inside = {"yes", "no", "sun", "mon", "tue", "wed", "thu", "fri", "sat", "draft", "documented", "measured"}
    units = {
        word + ending for word in ("second", "minute", "hour", "day", "week", "month", "year") for ending in ("", "s")
    }
    assert words - quoted - inside - units == set()


def test_every_word_of_the_language_is_a_keyword_of_the_grammar() -> None:
    table = (ROOT / "language" / "src" / "token" / "mod.rs").read_text()
    listed = re.search(r"keywords \{\n(.*?)\n    \}\n\}", table, re.DOTALL)
    assert listed is not None
    known = set(re.findall(r'"([a-z]+)"', listed[1]))
    assert len(known) > 150
    source = (GRAMMAR / "grammar.js").read_text()
    # `open questions` is read as a name and what is meant of it, there as here.
    assert known - set(re.findall(r"'([a-z]+)'", source)) == {"open"}


def test_queries_of_all_editors_are_right() -> None:
    files = [file for file in (ROOT / "editors").rglob("*.scm") if "node_modules" not in file.parts]
    assert len(files) >= 12
    for file in files:
        Query(grammar.language(), file.read_text())


# What Helix calls what the others call otherwise.
HELIX = {
    "boolean": "constant.builtin.boolean",
    "comment.documentation": "comment.line.documentation",
    "function.call": "function",
    "module": "namespace",
    "number": "constant.numeric",
    "property": "variable.other.member",
    "string.escape": "constant.character.escape",
}


def test_helix_has_the_same_highlights_in_its_own_words() -> None:
    file = ROOT / "editors" / "helix" / "runtime" / "queries" / "playbook" / "highlights.scm"
    first, _, rest = file.read_text().partition("\n")
    assert first.startswith("; ")
    assert rest == re.sub(r"@([a-z.]+)", lambda name: "@" + HELIX.get(name[1], name[1]), HIGHLIGHTS)
