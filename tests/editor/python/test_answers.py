"""What the server of the built command answers when somebody asks about a playbook."""

import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from lsprotocol import types

from editor import Editor

Greet = Callable[..., Awaitable[Editor]]
SNEAKERS = "playbooks/sneakers/sneakers.playbook"


@pytest.mark.asyncio
async def test_what_is_asked_is_answered(greet: Greet) -> None:
    editor = await greet()
    document = editor.open(SNEAKERS)
    icp = document.place("icp >= 60")
    hover = await editor.client.text_document_hover_async(types.HoverParams(document.identifier, icp))
    assert hover is not None and "icp" in hover.contents.value
    found = await editor.client.text_document_definition_async(types.DefinitionParams(document.identifier, icp))
    [target] = found if isinstance(found, list) else [found]
    assert "score icp" in document.drawn(getattr(target, "target_selection_range", None) or target.range)


@pytest.mark.asyncio
async def test_a_name_is_changed_wherever_it_stands(greet: Greet, program: Path, workspace: Path) -> None:
    editor = await greet()
    document = editor.open(SNEAKERS)
    asked = types.RenameParams(document.identifier, document.place("home_owner"), "owns_the_house")
    edit = await editor.client.text_document_rename_async(asked)
    assert edit is not None
    editor.apply(edit)
    for changed in editor.documents.values():
        changed.path.write_text(changed.text)
    checked = subprocess.run([program, "check", workspace / "playbooks" / "sneakers"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
    texts = [file.read_text() for file in (workspace / "playbooks" / "sneakers").glob("*.playbook")]
    assert not any("home_owner" in text for text in texts)


@pytest.mark.asyncio
async def test_fields_are_offered_where_they_may_stand(greet: Greet) -> None:
    editor = await greet()
    document = editor.open(SNEAKERS)
    document.go("home_owner is yes", right=len("home_owner is yes"))
    document.type(" and bui")
    assert "built" in [item.label for item in await editor.proposals(document)]
