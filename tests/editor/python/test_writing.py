"""A consultant writes the Sneakers playbook from an empty file, key by key, with what one does in an editor on the way.

What is written is the playbook of this repository: with one blank where columns are, with an event that gets its name
only in the end, with a field that is misspelt, and with a stage that is given up. In the end it is the very same text.
"""

import re
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from lsprotocol import types
from syrupy.assertion import SnapshotAssertion

from conftest import ROOT
from editor import Document, Editor, changed

Greet = Callable[..., Awaitable[Editor]]
Detour = Callable[[Document], Awaitable[None]]
SNEAKERS = ROOT / "playbooks" / "sneakers"
FOLDER = "playbooks/sneakers"
HEAD = "refine workflow LeadGeneration {\n  stage"


def loosely(name: str) -> str:
    """A file as it is typed: columns are the server's, and the event is still called otherwise."""
    text = (SNEAKERS / name).read_text().replace("assessment.booked", "survey.booked")
    return re.sub(r"(?<=\S) {2,}", " ", text)


async def typed(document: Document, text: str, detours: dict[str, Detour] | None = None) -> None:
    """Types a text. In the place of some pieces of it something else is done, after which they stand there."""
    for piece, detour in (detours or {}).items():
        before, found, text = text.partition(piece)
        assert found, piece
        await document.type_slowly(before)
        start = document.cursor
        await detour(document)
        assert document.text[start : document.cursor] == piece
    await document.type_slowly(text)


class Consultant:
    """One who looks at what the editor shows."""

    def __init__(self, editor: Editor, snapshot: SnapshotAssertion) -> None:
        self.editor, self.client, self.snapshot = editor, editor.client, snapshot

    def sees(self, what: str, shown: str) -> None:
        assert shown.replace(self.editor.root.as_uri(), "…") == self.snapshot(name=what)

    def completing(self, what: str, begun: str, label: str, more: str = "") -> Detour:
        """Types a beginning, looks at what is proposed, takes one of it and types what is left."""

        async def detour(document: Document) -> None:
            await document.type_slowly(begun)
            offered = await self.editor.proposals(document)
            self.sees(what, "\n".join(f"{one.label}  {one.detail or ''}".rstrip() for one in offered))
            [taken] = [one for one in offered if one.label == label]
            assert isinstance(taken.text_edit, types.TextEdit)
            document.take([taken.text_edit])
            document.type(more)

        return detour

    def hovering(self, what: str, piece: str, word: str) -> Detour:
        """Types something and lets the mouse rest on a word of it."""

        async def detour(document: Document) -> None:
            await document.type_slowly(piece)
            place = types.HoverParams(document.identifier, document.place(piece, right=piece.index(word)))
            hover = await self.client.text_document_hover_async(place)
            assert hover is not None and hover.range is not None
            assert isinstance(hover.contents, types.MarkupContent)
            self.sees(what, document.drawn(hover.range) + "\n\n" + hover.contents.value)

        return detour

    def mending(self, what: str, wrong: str) -> Detour:
        """Misspells a name, sees that it is unknown, and takes the mending that is offered."""

        async def detour(document: Document) -> None:
            start = document.cursor
            await document.type_slowly(wrong)
            finding = (await self.editor.findings(document))[-1]
            shown = document.drawn(finding.range) + "\n\n" + finding.message
            context = types.CodeActionContext([finding], only=[types.CodeActionKind.QuickFix])
            asked = types.CodeActionParams(document.identifier, finding.range, context)
            offered = await self.client.text_document_code_action_async(asked) or []
            actions = [one for one in offered if isinstance(one, types.CodeAction)]
            shown += "\n\n" + "\n".join(f"offered: {one.title}" for one in actions)
            before = document.text
            assert actions and actions[0].edit is not None
            after = len(document.text) - document.cursor
            self.editor.apply(actions[0].edit)
            document.cursor = len(document.text) - after
            self.sees(what, shown + "\n" + changed(before, document.text))
            assert document.cursor > start

        return detour

    async def renames(self, what: str, document: Document, place: types.Position, name: str) -> None:
        """Gives something another name, in all files."""
        before = {one.path.name: one.text for one in self.editor.documents.values()}
        edit = await self.client.text_document_rename_async(types.RenameParams(document.identifier, place, name))
        assert edit is not None
        self.editor.apply(edit)
        texts = {one.path.name: one.text for one in self.editor.documents.values()}
        touched = [(file, text) for file, text in sorted(texts.items()) if text != before[file]]
        shown = [f"{file}\n{changed(before[file], text)}" for file, text in touched]
        self.sees(what, "\n".join(shown))

    async def follows(self, what: str, document: Document, place: types.Position) -> None:
        """Goes to where something is declared."""
        found = await self.client.text_document_definition_async(types.DefinitionParams(document.identifier, place))
        assert isinstance(found, list) and len(found) == 1
        [target] = found
        uri, where = (
            (target.target_uri, target.target_selection_range)
            if isinstance(target, types.LocationLink)
            else (target.uri, target.range)
        )
        path = Path(uri.removeprefix("file://"))
        declared = Document(self.editor, path, path.read_text())
        self.sees(what, f"{path.parent.name}/{path.name}\n{declared.drawn(where)}")

    async def lays_out(self, document: Document) -> str:
        """Formats the document; what has changed."""
        before = document.text
        options = types.FormattingOptions(tab_size=2, insert_spaces=True)
        asked = types.DocumentFormattingParams(document.identifier, options)
        document.take(list(await self.client.text_document_formatting_async(asked) or []))
        return changed(before, document.text)

    async def outline(self, document: Document) -> str:
        asked = types.DocumentSymbolParams(document.identifier)
        symbols = await self.client.text_document_document_symbol_async(asked)
        lines: list[str] = []

        def show(symbol: types.DocumentSymbol, depth: int) -> None:
            lines.append(
                f"{symbol.range.start.line + 1:>3}-{symbol.range.end.line + 1:<3} {'  ' * depth}"
                f"{symbol.kind.name} {symbol.name}  {symbol.detail or ''}".rstrip()
            )
            for child in symbol.children or []:
                show(child, depth + 1)

        for symbol in symbols or []:
            assert isinstance(symbol, types.DocumentSymbol)
            show(symbol, 0)
        return "\n".join(lines)

    async def folds(self, document: Document) -> str:
        """The lines that can be folded: where each begins `╭`, where it ends `╰`."""
        asked = types.FoldingRangeParams(document.identifier)
        lines = document.text.split("\n")
        marks = [""] * len(lines)
        found = await self.client.text_document_folding_range_async(asked) or []
        for fold in sorted(found, key=lambda one: (one.start_line, -one.end_line)):
            for line in range(fold.start_line, fold.end_line + 1):
                marks[line] += "╭" if line == fold.start_line else "╰" if line == fold.end_line else "│"
        return "\n".join(f"{mark:<3}{line}".rstrip() for mark, line in zip(marks, lines, strict=True))


async def tries_a_stage(at: Consultant, flows: Document, tests: Document) -> None:
    """A stage of their own, which a test asks for; it gets a better name, and is given up."""
    texts = {document: document.text for document in (flows, tests)}
    flows.go("  stage Discovery by")
    await flows.type_slowly(
        "  stage Measuring by human assessor {\n    do rate needs\n    next Discovery when complete\n"
        '    next Nurture after 3 business days because "nobody looked"\n  }\n\n'
    )
    flows.go("next Discovery on visit.held", right=len("next Discovery"))
    flows.erase(len("Discovery"))
    await flows.type_slowly("Measuring")
    tests.cursor = len(tests.text)
    await tests.type_slowly(
        '\ntest "whoever comes looks first" {\n  given contact in LeadQualification.Booked\n  when visit.held\n'
        "  expect contact is in LeadQualification.Measuring\n}\n"
    )
    assert await at.editor.findings(tests) == []
    await at.renames("a stage with another name", flows, flows.place("stage Measuring", right=6), "LookingAround")
    for document in texts:
        assert await at.editor.findings(document) == []
    for document, text in texts.items():
        document.replace(0, len(document.text), text)


@pytest.mark.asyncio
async def test_sneakers_from_an_empty_file(
    greet: Greet, program: Path, workspace: Path, snapshot: SnapshotAssertion
) -> None:
    folder = workspace / FOLDER
    for file in folder.glob("*.playbook"):
        file.unlink()
    (folder / "sneakers.playbook").write_text("")
    editor = await greet("neovim@v0.11.0")
    at = Consultant(editor, snapshot)

    main = editor.open(f"{FOLDER}/sneakers.playbook")
    await typed(
        main,
        loosely("sneakers.playbook"),
        {
            "std.b2c": at.hovering("hover over a module", "std.b2c", "b2c"),
            "std.team": at.completing("modules behind `use std.te`", "std.te", "team"),
            "number?": at.completing("types behind `built: `", "", "number", "?"),
            "page.viewed": at.completing("events behind `page.`", "page.", "viewed"),
            "has any of [condensation": at.completing(
                "values behind `symptoms has any of [`", "has any of [", "condensation"
            ),
            "home_owner is yes": at.mending("a misspelt field", "home_ower is yes"),
        },
    )
    [left] = await editor.findings(main)
    at.sees("what is left to do", f"{main.drawn(left.range)}\n\n{left.message}")
    at.sees("the layout of what was typed", await at.lays_out(main))
    at.sees("the outline", await at.outline(main))
    at.sees("what can be folded", await at.folds(main))
    await at.follows("where a standard field is declared", main, main.place("path starts"))
    editor.save(main)

    data = editor.open(f"{FOLDER}/data.playbook", "")
    await typed(data, loosely("data.playbook"))
    tests = editor.open(f"{FOLDER}/tests.playbook", "")
    await typed(tests, loosely("tests.playbook"))
    flows = editor.open(f"{FOLDER}/workflows.playbook", "")
    await typed(
        flows,
        loosely("workflows.playbook"),
        {
            HEAD: at.hovering("hover over a standard workflow", HEAD, "LeadGeneration"),
            "next Qualify": at.completing("stages behind `next `", "next ", "Qualify"),
        },
    )
    await at.follows("where a refined workflow is declared", flows, flows.place("LeadGeneration"))
    for document in (main, data, tests, flows):
        assert await editor.findings(document) == []

    await tries_a_stage(at, flows, tests)
    await at.renames("an event with another name", main, main.place("survey.booked"), "assessment.booked")
    for document in (main, data, tests, flows):
        await at.lays_out(document)
        assert await editor.findings(document) == []
        editor.save(document)

    written = {file.name: file.read_text() for file in folder.glob("*.playbook")}
    assert written == {file.name: file.read_text() for file in SNEAKERS.glob("*.playbook")}
    checked = subprocess.run([program, "check", "--deny", "warnings", folder], capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, ""), checked.stdout
