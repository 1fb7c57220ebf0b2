"""The tree-sitter grammar of editors/, made by the machine's C compiler and read through tree-sitter's own library."""

import ctypes
import subprocess
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from tree_sitter import Language, Node, Parser, Tree

ROOT = Path(__file__).resolve().parents[3]
GRAMMAR = ROOT / "editors" / "tree-sitter-playbook"


@cache
def language() -> Language:
    library = Path(mkdtemp(prefix="playbook-grammar-")) / "playbook.so"
    sources = [GRAMMAR / "src" / name for name in ("parser.c", "scanner.c")]
    command = ["cc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-I", GRAMMAR / "src", "-o", library, *sources]
    subprocess.run(command, check=True)
    loaded = ctypes.CDLL(str(library)).tree_sitter_playbook
    loaded.restype = ctypes.c_void_p
    capsule = ctypes.pythonapi.PyCapsule_New
    capsule.restype = ctypes.py_object
    capsule.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
    return Language(capsule(loaded(), b"tree_sitter.Language", None))


def parse(text: bytes) -> Tree:
    return Parser(language()).parse(text)


def nodes(node: Node) -> list[Node]:
    """It and all below it, in the order of the text."""
    found, waiting = [], [node]
    while waiting:
        at = waiting.pop()
        found.append(at)
        waiting.extend(reversed(at.children))
    return found


def mistakes(text: bytes) -> list[str]:
    """Where something was not understood, as `line:column text`."""
    return [
        f"{node.start_point.row + 1}:{node.start_point.column + 1} {node.text[:40]!r}"
        for node in nodes(parse(text).root_node)
        if node.type == "ERROR" or node.is_missing
    ]


def playbooks() -> list[Path]:
    """Every playbook that is kept here. What tests state beside the text of one is no playbook, nor is a template."""
    listed = subprocess.run(["git", "ls-files", "*.playbook"], cwd=ROOT, check=True, capture_output=True, text=True)
    apart = ("editors/", "cli/template/")
    return [ROOT / line for line in listed.stdout.splitlines() if not line.startswith(apart)]
