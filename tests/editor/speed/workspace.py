"""The workspaces: fifty clients, one of which has a playbook of 2,000 lines, and a Python file of as many lines.

The long playbook is the larger client of this repository, whose scores, templates, workflows and tests come again
under other names, as a firm has them that sells in several countries. The other clients are copies of the two clients.
"""

import argparse
import ast
import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
KINDS = ("score ", "fact ", "template ", "workflow ", "test ")
DECLARATION = re.compile(r"^(?=[a-z])", re.MULTILINE)
NAMED = re.compile(r"^(?:score|fact|template|workflow) (\w+)|^  layer (\w+)", re.MULTILINE)
CLIENTS = 50
# So many of the copies take who may touch what from a file that they share.
SHARING = 10
LONG = "playbooks/long/long.playbook"


def clients(root: Path, lines: int) -> None:
    """Writes all clients below a folder."""
    playbooks = root / "playbooks"
    long = root / LONG
    long.parent.mkdir(parents=True)
    long.write_text(long_playbook(lines))
    (playbooks / "shared").mkdir()
    shutil.copy(ROOT / "playbooks/stackmates/team.playbook", playbooks / "shared" / "rights.playbook")
    for number in range(1, CLIENTS):
        original = "stackmates" if number % 2 else "sneakers"
        folder = playbooks / f"{original}-{number:02}"
        folder.mkdir()
        shares = original == "stackmates" and number < 2 * SHARING
        for file in sorted((ROOT / "playbooks" / original).glob("*.playbook")):
            if shares and file.name == "team.playbook":
                continue
            text = re.sub(r'^client "([^"]+)"', rf'client "\1 {number}"', file.read_text(), flags=re.MULTILINE)
            if shares:
                text = re.sub(r"^use std\.crm ", "use shared.rights\n\\g<0>", text, flags=re.MULTILINE)
            (folder / file.name).write_text(text)


def long_playbook(lines: int) -> str:
    """So many lines, and no error."""
    order = ("stackmates", "data", "team", "workflows", "tests")
    base = "\n".join((ROOT / f"playbooks/stackmates/{name}.playbook").read_text() for name in order)
    names = {one for pair in NAMED.findall(base) for one in pair if one}
    again = [part for part in DECLARATION.split(base) if part.startswith(KINDS)]
    copies: list[str] = []
    rights: list[str] = []
    left = lines - base.count("\n")
    for number in range(2, 100):
        for part in again:
            # Each score may be written by whom the first one may be written by.
            row = [f"  | Contact.icp_{number} | read | write | read | read |\n"] * part.startswith("score")
            copy = renamed(part, names, number)
            if (needed := copy.count("\n") + len(row)) > left:
                copies.append("// …\n" * left)
                first = re.search(r"^  \| Contact\.icp .*\n", base, re.MULTILINE)
                assert first is not None
                return base.replace(first[0], first[0] + "".join(rights), 1) + "".join(copies)
            left -= needed
            copies.append(copy)
            rights += row
    raise AssertionError("so many lines are not to be had")


def renamed(part: str, names: set[str], number: int) -> str:
    for name in sorted(names):
        own = f"{name}_{number}" if name[0].islower() else f"{name}{number}"
        part = re.sub(rf'(?<![\w"/.]){name}\b(?!")', own, part)
    return re.sub(r'^test "', f'test "{number}: ', part)


def python_file(path: Path, lines: int) -> None:
    """So many lines of the standard library's `argparse`, in whole statements; the rest are comments."""
    text = Path(argparse.__file__).read_text()
    ends = [statement.end_lineno or 0 for statement in ast.parse(text).body]
    last = max(end for end in ends if end <= lines)
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = text.split("\n")[:last]
    path.write_text("\n".join(kept + ["# …"] * (lines - last)) + "\n")
