"""How fast the editor's server is, beside `ruff server` in the same run. BENCHMARKS.md says what was measured.

    cargo build --release && python3 tests/editor/speed

Needs the command `ruff`. Every figure is of the client: from before a key is told until the answer is here.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import crm
import workspace
from connection import Connection
from figures import Times, against
from keys import LETTERS, Key, mistaken, places, retyped

# Between two keys: a quick typist takes four times as long.
PAUSE = 0.03
# So long the server counts contacts after a key, and more.
COUNTED = 1.0
MIB = 1024
PARTS = ("asked", "told", "completed", "crm")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--playbook", type=Path, default=workspace.ROOT / "target" / "release" / "playbook")
    parser.add_argument("--ruff", default=shutil.which("ruff"))
    parser.add_argument("--keys", type=int, default=500, help="how many of each kind")
    parser.add_argument("--lines", type=int, default=2000)
    parser.add_argument("--contacts", type=int, default=5000)
    parser.add_argument("--only", choices=PARTS, nargs="*", default=PARTS)
    arguments = parser.parse_args()
    assert arguments.playbook.exists(), f"{arguments.playbook} is not there: cargo build --release"
    with tempfile.TemporaryDirectory(prefix="playbook-speed-") as folder:
        Run(arguments, Path(folder).resolve()).all()


class Run:
    def __init__(self, arguments: argparse.Namespace, folder: Path) -> None:
        self.arguments, self.keys = arguments, arguments.keys
        self.program = arguments.playbook.resolve()
        self.resident: list[str] = []
        self.plain, self.crm, self.python = folder / "plain", folder / "crm", folder / "python"
        workspace.clients(self.plain, arguments.lines)
        workspace.clients(self.crm, arguments.lines)
        workspace.python_file(self.python / "long.py", arguments.lines)
        crm.fill(self.program, (self.crm / workspace.LONG).parent, arguments.contacts)

    def playbook(self, root: Path, pulls: bool) -> Connection:
        return Connection([self.program, "lsp"], root, root / workspace.LONG, "playbook", pulls)

    def ruff(self, pulls: bool) -> Connection:
        return Connection([self.arguments.ruff, "server"], self.python, self.python / "long.py", "python", pulls)

    def all(self) -> None:
        lines, clients = self.arguments.lines, workspace.CLIENTS
        version = subprocess.run([self.arguments.ruff, "--version"], capture_output=True, text=True, check=True).stdout
        print(f"### {lines:,} lines, {clients} clients, {self.keys} keys each; {version.strip()}\n")
        print("| | median ms | p95 ms | × ruff | × ruff, p95 | bar |\n|---|---|---|---|---|---|")
        parts = (self.asked_for, self.told, self.completed, self.beside_a_crm)
        for name, part in zip(PARTS, parts, strict=True):
            if name in self.arguments.only:
                part()
        for resident in self.resident:
            show(f"- memory with all {clients} clients loaded, after {self.keys} keys: {resident}")

    def asked_for(self) -> None:
        """A key, then `textDocument/diagnostic`."""
        ruff, ours = self.ruff(pulls=True), self.playbook(self.plain, pulls=True)
        ours.ask("workspace/diagnostic", {"previousResultIds": []})
        times = self.by_turns([ruff, ours], asked, retyped)
        show(times[0].row("`ruff server`, findings asked for after a key"))
        show(times[1].row("`playbook lsp`, the same", times[0]))
        self.memory(ours)
        for one in (ruff, ours):
            one.close()

    def memory(self, ours: Connection) -> None:
        """What the server has now, all clients compiled."""
        now, most = (kib / MIB for kib in ours.resident())
        self.resident.append(f"{against(now, 150, 'MiB')}, at most {most:.1f} MiB")

    def told(self) -> None:
        """A key, after which the findings are others; they come without being asked for."""
        ruff, ours = self.ruff(pulls=False), self.playbook(self.plain, pulls=False)
        for one in (ruff, ours):
            one.rest(5)
        times = self.by_turns([ruff, ours], told, mistaken)
        show(times[0].row("`ruff server`, findings told after a key that changes them"))
        show(times[1].row("`playbook lsp`, the same", times[0]))
        for one in (ruff, ours):
            one.close()

    def completed(self) -> None:
        """A letter, then `textDocument/completion` behind it."""
        ours = self.playbook(self.plain, pulls=True)
        ours.ask("workspace/diagnostic", {"previousResultIds": []})
        all_keys, offered = [], 0
        for place in places(ours.file.lines, self.keys // 5):
            for key in retyped(place):
                if not key.text:
                    ours.change(key.line, key.start, key.end, key.text)
                    ours.rest(PAUSE / 5)
                    continue
                ours.rest(PAUSE)
                begun = time.perf_counter()
                ours.change(key.line, key.start, key.end, key.text)
                here = {"line": key.line, "character": key.start + 1}
                at, items = ours.answer(
                    ours.request("textDocument/completion", {"textDocument": {"uri": ours.file.uri}, "position": here})
                )
                all_keys.append(at - begun)
                offered += len((items["items"] if isinstance(items, dict) else items) or [])
        times = Times(all_keys)
        show(
            f"\n- completion after a letter, checked anew: median {times.median:.2f} ms, p95 "
            f"{against(times.p95, 10, 'ms')}; {offered / len(all_keys):.0f} proposals on average"
        )
        self.memory(ours)
        ours.close()

    def beside_a_crm(self) -> None:
        """Words of reasons, with a CRM and without it by turns. Each key has all of it counted anew."""
        both = [self.playbook(root, pulls=True) for root in (self.plain, self.crm)]
        for one in both:
            one.ask("workspace/diagnostic", {"previousResultIds": []})
            one.rest(3)
        times: list[list[float]] = [[], []]
        for place in places(both[0].file.lines, self.keys // 10, behind='because "'):
            for server, kept in zip(both, times, strict=True):
                for key in retyped(place):
                    kept.append(asked(server, key))
                    server.rest(PAUSE)
                server.rest(COUNTED)
        without, beside = (Times(one) for one in times)
        show(
            f"- with a CRM of {self.arguments.contacts:,} contacts counted meanwhile: median {beside.median:.2f} ms, "
            f"p95 {beside.p95:.2f} ms; without one, by turns: {without.median:.2f} and {without.p95:.2f} ms"
        )
        both[1].rest(COUNTED)
        shown = both[1].ask("textDocument/codeLens", {"textDocument": {"uri": both[1].file.uri}})
        counted = [title for one in shown if "·" in (title := one["command"]["title"])]
        assert counted, "nobody was counted"
        self.memory(both[1])
        for one in both:
            one.close()

    def by_turns(
        self,
        servers: list[Connection],
        act: Callable[[Connection, Key], float],
        keys: Callable[[tuple[int, int, str]], Iterable[Key]],
    ) -> list[Times]:
        """The same number of keys for each server, one here, one there."""
        each = len(list(keys((0, LETTERS, "x" * LETTERS))))
        lists = [
            [key for place in places(server.file.lines, self.keys // each) for key in keys(place)] for server in servers
        ]
        times: list[list[float]] = [[] for _ in servers]
        for turn in zip(*lists, strict=True):
            for server, key, kept in zip(servers, turn, times, strict=True):
                kept.append(act(server, key))
                server.rest(PAUSE)
        return [Times(one) for one in times]


def asked(server: Connection, key: Key) -> float:
    begun = time.perf_counter()
    server.change(key.line, key.start, key.end, key.text)
    at, _ = server.answer(server.request("textDocument/diagnostic", {"textDocument": {"uri": server.file.uri}}))
    return at - begun


def told(server: Connection, key: Key) -> float:
    begun = time.perf_counter()
    server.change(key.line, key.start, key.end, key.text)
    at, _ = server.published(server.file.version)
    return at - begun


def show(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
