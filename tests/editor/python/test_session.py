"""A short session with the server of the built command: a client of the protocol opens a playbook, asks and changes."""

import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from lsprotocol import types

from editor import Editor, edited

Greet = Callable[..., Awaitable[Editor]]
SNEAKERS = "playbooks/sneakers/sneakers.playbook"


@pytest.mark.asyncio
async def test_a_mistake_is_told_and_taken_back(greet: Greet) -> None:
    editor = await greet()
    document = editor.open(SNEAKERS)
    await editor.diagnostics(document, lambda found: not found)
    document.go("weight 55%", right=8)
    document.erase(1)
    document.type("6")
    told = await editor.diagnostics(document, lambda found: any(one.code == "E0401" for one in found))
    assert "`icp`" in next(one.message for one in told if one.code == "E0401")
    document.erase(1)
    document.type("5")
    await editor.diagnostics(document, lambda found: not found)


@pytest.mark.asyncio
async def test_layout_is_that_of_the_command(greet: Greet, program: Path) -> None:
    editor = await greet()
    text = 'score   fit for Contact{\n  +10 when a because "so"\n  +5 when longer because "…"\n}\n'
    document = editor.open("playbooks/sneakers/loose.playbook", text)
    asked = types.DocumentFormattingParams(document.identifier, types.FormattingOptions(tab_size=2, insert_spaces=True))
    edits = await editor.client.text_document_formatting_async(asked)
    assert edits
    by_command = subprocess.run([program, "fmt", "-"], input=text, capture_output=True, text=True, check=True).stdout
    assert edited(text, list(edits)) == by_command != text
