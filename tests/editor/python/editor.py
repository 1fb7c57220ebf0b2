"""An editor's side of the protocol: texts as they are typed, places told by what stands there, answers drawn below it.

Positions are counted as the protocol has them where nothing else is agreed on, in UTF-16; nothing else is offered.
"""

import asyncio
import difflib
from collections.abc import Callable
from pathlib import Path

from lsprotocol import types
from pytest_lsp import LanguageClient


def units(text: str) -> int:
    """How long a text is, in UTF-16."""
    return len(text.encode("utf-16-le")) // 2


def offset(text: str, position: types.Position) -> int:
    """The character at which a position stands; beyond a line's end is its end."""
    lines = text.split("\n")
    before = sum(len(line) + 1 for line in lines[: position.line])
    line, counted, characters = lines[position.line], 0, 0
    while counted < position.character and characters < len(line):
        counted += units(line[characters])
        characters += 1
    return before + characters


def position(text: str, character: int) -> types.Position:
    before = text[:character]
    return types.Position(line=before.count("\n"), character=units(before.rpartition("\n")[2]))


def edited(text: str, edits: list[types.TextEdit]) -> str:
    """The text after edits that do not touch each other, the last one first."""
    for edit in sorted(edits, key=lambda edit: (edit.range.start.line, edit.range.start.character), reverse=True):
        start, end = offset(text, edit.range.start), offset(text, edit.range.end)
        text = text[:start] + edit.new_text + text[end:]
    return text


def changed(before: str, after: str) -> str:
    """The lines that are others: `-` one that is no more, `+` one that is new, each with its number."""
    old, new = before.split("\n"), after.split("\n")
    shown: list[str] = []
    compared = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, old_from, old_to, new_from, new_to in compared.get_opcodes():
        if kind != "equal":
            shown += [f"{number + 1:>4} - {old[number]}" for number in range(old_from, old_to)]
            shown += [f"{number + 1:>4} + {new[number]}" for number in range(new_from, new_to)]
    return "\n".join(shown)


class Document:
    """One open file, and where the cursor is."""

    def __init__(self, editor: "Editor", path: Path, text: str) -> None:
        self.editor, self.path, self.text = editor, path, text
        self.uri, self.version, self.cursor = path.as_uri(), 1, len(text)
        self.identifier = types.TextDocumentIdentifier(uri=self.uri)

    def place(self, found: str, nth: int = 1, right: int = 0) -> types.Position:
        """Where the nth of a piece of the text begins, and so many characters behind that."""
        at = -1
        for _ in range(nth):
            at = self.text.index(found, at + 1)
        return position(self.text, at + right)

    def go(self, found: str, nth: int = 1, right: int = 0) -> None:
        """Puts the cursor there."""
        self.cursor = offset(self.text, self.place(found, nth, right))

    def here(self) -> types.Position:
        return position(self.text, self.cursor)

    def type(self, text: str) -> None:
        """Key by key, as somebody types; no answer is waited for."""
        for key in text:
            self.replace(self.cursor, self.cursor, key)

    async def type_slowly(self, text: str) -> None:
        """Key by key; after each line the server may say something."""
        for line in text.splitlines(keepends=True):
            self.type(line)
            await asyncio.sleep(0)

    def erase(self, characters: int) -> None:
        """To the left of the cursor, key by key."""
        for _ in range(characters):
            self.replace(self.cursor - 1, self.cursor, "")

    def replace(self, start: int, end: int, text: str) -> None:
        """One change, told as a range; the cursor is behind it."""
        change = types.TextDocumentContentChangePartial(
            range=types.Range(start=position(self.text, start), end=position(self.text, end)), text=text
        )
        self.text = self.text[:start] + text + self.text[end:]
        self.cursor = start + len(text)
        self.version += 1
        self.editor.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                text_document=types.VersionedTextDocumentIdentifier(uri=self.uri, version=self.version),
                content_changes=[change],
            )
        )

    def take(self, edits: list[types.TextEdit]) -> None:
        """Edits of the server's, told back to it as an editor does."""
        for edit in sorted(edits, key=lambda edit: (edit.range.start.line, edit.range.start.character), reverse=True):
            self.replace(offset(self.text, edit.range.start), offset(self.text, edit.range.end), edit.new_text)

    def drawn(self, where: types.Range) -> str:
        """The lines of a range with `^` below what is in it."""
        start, end = offset(self.text, where.start), offset(self.text, where.end)
        shown, at = [], 0
        for number, line in enumerate(self.text.split("\n")):
            if where.start.line <= number <= where.end.line:
                left, right = max(start - at, 0), min(end - at, len(line))
                shown += [f"{number + 1:>4} | {line}", "     | " + " " * left + "^" * max(right - left, 1)]
            at += len(line) + 1
        return "\n".join(shown)


class Editor:
    """What is open, over one connection."""

    def __init__(self, client: LanguageClient, root: Path) -> None:
        self.client, self.root = client, root
        self.documents: dict[str, Document] = {}

    def open(self, file: str, text: str | None = None) -> Document:
        """A file of the workspace, or a new one that has that text and is on no disk."""
        path = self.root / file
        document = Document(self, path, path.read_text() if text is None else text)
        self.documents[document.uri] = document
        self.client.text_document_did_open(
            types.DidOpenTextDocumentParams(
                text_document=types.TextDocumentItem(
                    uri=document.uri, language_id="playbook", version=1, text=document.text
                )
            )
        )
        return document

    def close(self, document: Document) -> None:
        del self.documents[document.uri]
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(text_document=document.identifier))

    def save(self, document: Document) -> None:
        document.path.write_text(document.text)
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(text_document=document.identifier))

    def apply(self, edit: types.WorkspaceEdit) -> None:
        """An edit of several files: open ones change as if typed, others on the disk."""
        edits = dict(edit.changes or {})
        for change in edit.document_changes or []:
            assert isinstance(change, types.TextDocumentEdit), change
            edits[change.text_document.uri] = [one for one in change.edits if isinstance(one, types.TextEdit)]
        for uri, changes in edits.items():
            if uri in self.documents:
                self.documents[uri].take(list(changes))
            else:
                path = Path(uri.removeprefix("file://"))
                path.write_text(edited(path.read_text(), list(changes)))

    async def proposals(self, document: Document) -> list[types.CompletionItem]:
        """What could stand at the cursor, the likeliest first."""
        asked = types.CompletionParams(document.identifier, document.here())
        offered = await self.client.text_document_completion_async(asked)
        items = offered.items if isinstance(offered, types.CompletionList) else offered or []
        return sorted(items, key=lambda item: item.sort_text or item.label)

    async def findings(self, document: Document) -> list[types.Diagnostic]:
        """What there is to be said of a document as it is now, asked for."""
        asked = types.DocumentDiagnosticParams(document.identifier)
        report = await self.client.text_document_diagnostic_async(asked)
        assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
        return sorted(report.items, key=lambda one: (one.range.start.line, one.range.start.character))

    async def diagnostics(
        self, document: Document, holds: Callable[[list[types.Diagnostic]], bool]
    ) -> list[types.Diagnostic]:
        """What is pushed for a document, once it is as it should be."""
        for _ in range(500):
            found = self.client.diagnostics.get(document.uri)
            if found is not None and holds(list(found)):
                return list(found)
            await asyncio.sleep(0.02)
        raise AssertionError([(one.range.start.line + 1, one.code, one.message) for one in found or []])
