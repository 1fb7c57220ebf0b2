"""What the tests of editors stand on: the built command, and a client that speaks with its server."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from editor import Editor

ROOT = Path(__file__).resolve().parents[3]

# As tests/editor/main.rs built it; started by hand, the debug build.
PROGRAM = Path(os.environ.get("PLAYBOOK", ROOT / "target" / "debug" / "playbook"))


@pytest.fixture(scope="session")
def program() -> Path:
    """The command `playbook`."""
    assert PROGRAM.exists(), f"{PROGRAM} is not there: cargo build"
    return PROGRAM


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A folder with copies of this repository's clients, to be edited."""
    shutil.copytree(ROOT / "playbooks", tmp_path / "playbooks", ignore=shutil.ignore_patterns("*.db*", "outbox"))
    return tmp_path


@pytest_lsp.fixture(config=ClientServerConfig(server_command=[str(PROGRAM), "lsp"]))
async def client(lsp_client: LanguageClient) -> AsyncIterator[LanguageClient]:
    """A connection to a server of its own, not yet greeted; in the end the server has to go of itself."""
    yield lsp_client
    await lsp_client.shutdown_session()


@pytest.fixture
def greet(client: LanguageClient, workspace: Path) -> Callable[..., Awaitable[Editor]]:
    """Says hello as a certain editor does, in the workspace."""

    async def said(kind: str = "neovim@v0.7.0", folder: str = ".") -> Editor:
        root = (workspace / folder).resolve()
        await client.initialize_session(
            types.InitializeParams(
                capabilities=client_capabilities(kind),
                root_uri=root.as_uri(),
                workspace_folders=[types.WorkspaceFolder(uri=root.as_uri(), name=root.name)],
            )
        )
        return Editor(client, root)

    return said
