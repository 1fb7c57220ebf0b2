"""The least of an editor: starts a server, tells it of keys, waits for what comes back, and says when it came.

The same for every server. What arrives is timed before it is read as JSON, so that Python's own work is in no figure.
"""

import json
import os
import select
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CAPABILITIES = {
    "textDocument": {
        "synchronization": {"didSave": True},
        "completion": {"completionItem": {"snippetSupport": True}},
        "publishDiagnostics": {"versionSupport": True, "relatedInformation": True},
        "codeLens": {},
        "inlayHint": {},
    },
    "workspace": {
        "workspaceFolders": True,
        "diagnostics": {"refreshSupport": True},
        "codeLens": {"refreshSupport": True},
        "inlayHint": {"refreshSupport": True},
    },
}

# What is asked for again when the server says that it has changed.
AGAIN = {
    "workspace/codeLens/refresh": ["textDocument/codeLens"],
    "workspace/inlayHint/refresh": ["textDocument/inlayHint"],
}


@dataclass
class Open:
    """A file as the server has it."""

    uri: str
    language: str
    lines: list[str]
    version: int = 1

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


class Connection:
    """A server that was greeted, with one file open."""

    def __init__(self, command: list[str | Path], root: Path, file: Path, language: str, pulls: bool) -> None:
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=root
        )
        assert self.process.stdin is not None and self.process.stdout is not None
        self.input, self.output = self.process.stdin.fileno(), self.process.stdout.fileno()
        self.buffer, self.last_id = b"", 0
        self.waiting: list[tuple[float, dict[str, Any]]] = []
        capabilities = json.loads(json.dumps(CAPABILITIES))
        if pulls:
            capabilities["textDocument"]["diagnostic"] = {"relatedDocumentSupport": True}
        greeting = {
            "processId": os.getpid(),
            "rootUri": root.as_uri(),
            "workspaceFolders": [{"uri": root.as_uri(), "name": root.name}],
            "capabilities": capabilities,
        }
        self.ask("initialize", greeting)
        self.notify("initialized", {})
        self.file = Open(file.as_uri(), language, file.read_text().split("\n"))
        item = {"uri": self.file.uri, "languageId": language, "version": 1, "text": self.file.text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0"} | message).encode()
        whole = b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
        while whole:
            whole = whole[os.write(self.input, whole) :]

    def notify(self, method: str, params: dict[str, Any]) -> None:
        self.send({"method": method, "params": params})

    def request(self, method: str, params: dict[str, Any]) -> int:
        """Asks, and gives the number that the answer will have."""
        self.last_id += 1
        self.send({"id": self.last_id, "method": method, "params": params})
        return self.last_id

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        return self.answer(self.request(method, params))[1]

    def answer(self, number: int) -> tuple[float, Any]:
        """When the answer came, and what it says."""
        while True:
            at, message = self.next(60)
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message
                return at, message["result"]

    def published(self, version: int) -> tuple[float, list[Any]]:
        """When findings came that were told of themselves, for that version of the file, and what they are."""
        while True:
            at, message = self.next(60)
            if message.get("method") == "textDocument/publishDiagnostics":
                params = message["params"]
                if params["uri"] == self.file.uri and params.get("version") == version:
                    return at, params["diagnostics"]

    def next(self, limit: float) -> tuple[float, dict[str, Any]]:
        """What comes next from the server, and when it was here."""
        while True:
            head, found, rest = self.buffer.partition(b"\r\n\r\n")
            if found:
                length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                if len(rest) >= length:
                    at = time.perf_counter()
                    self.buffer = rest[length:]
                    message = json.loads(rest[:length])
                    self.react(message)
                    return at, message
            ready, _, _ = select.select([self.output], [], [], limit)
            assert ready, f"no word from {self.process.args} within {limit} s"
            read = os.read(self.output, 1 << 20)
            assert read, f"{self.process.args} is gone"
            self.buffer += read

    def react(self, message: dict[str, Any]) -> None:
        """Does what an editor does of itself: it answers the server's requests, and asks again for what has changed."""
        if "method" not in message or "id" not in message:
            return
        self.send({"id": message["id"], "result": None})
        whole = {"start": {"line": 0, "character": 0}, "end": {"line": len(self.file.lines), "character": 0}}
        for method in AGAIN.get(message["method"], []):
            params: dict[str, Any] = {"textDocument": {"uri": self.file.uri}}
            self.request(method, params | ({"range": whole} if "inlayHint" in method else {}))

    def rest(self, seconds: float) -> None:
        """Reads what comes for so long, as an editor between two keys."""
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            if self.buffer or select.select([self.output], [], [], left)[0]:
                self.read_a_little()

    def read_a_little(self) -> None:
        try:
            self.next(0.001)
        except AssertionError as error:
            if "no word" not in str(error):
                raise

    def change(self, line: int, start: int, end: int, text: str) -> None:
        """One change in one line."""
        old = self.file.lines[line]
        self.file.lines[line] = old[:start] + text + old[end:]
        self.file.version += 1
        where = {"start": {"line": line, "character": start}, "end": {"line": line, "character": end}}
        identifier = {"uri": self.file.uri, "version": self.file.version}
        change = {"textDocument": identifier, "contentChanges": [{"range": where, "text": text}]}
        self.notify("textDocument/didChange", change)

    def findings(self) -> list[Any]:
        """What there is to be said of the file, asked for."""
        return self.ask("textDocument/diagnostic", {"textDocument": {"uri": self.file.uri}}).get("items", [])

    def resident(self) -> tuple[int, int]:
        """KiB of memory that the server has now, and at most had."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        values = dict(line.split(":", 1) for line in status.splitlines())
        return int(values["VmRSS"].split()[0]), int(values["VmHWM"].split()[0])

    def close(self) -> None:
        self.ask("shutdown", None)  # type: ignore[arg-type]
        self.notify("exit", None)  # type: ignore[arg-type]
        self.process.wait(10)
