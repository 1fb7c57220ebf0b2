"""What the tests of editors stand on: the built command, and a client that speaks with its server."""

import os
import shutil
import tempfile
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


# The server puts the standard library's files there for an editor to show.
CACHE = tempfile.TemporaryDirectory(prefix="playbook-editor-")
CONFIG = ClientServerConfig(
    server_command=[str(PROGRAM), "lsp"], server_env=dict(os.environ) | {"XDG_CACHE_HOME": CACHE.name}
)


@pytest_lsp.fixture(config=CONFIG)
async def client(lsp_client: LanguageClient) -> AsyncIterator[LanguageClient]:
    """A connection to a server of its own, not yet greeted; in the end the server has to go of itself."""
    yield lsp_client
    await lsp_client.shutdown_session()


@pytest.fixture
def greet(client: LanguageClient, workspace: Path) -> Callable[..., Awaitable[Editor]]:
    """Says hello as a certain editor does, in the workspace."""

    async def said(kind: str = "neovim@v0.7.0", folder: str = ".") -> Editor:
        root = (workspace / folder).resolve()
        capabilities = client_capabilities(kind)
        if capabilities.general is not None:
            # As `editor` counts them; what else can be agreed on has its tests in the server's crate.
            capabilities.general.position_encodings = [types.PositionEncodingKind.Utf16]
        await client.initialize_session(
            types.InitializeParams(
                capabilities=capabilities,
                root_uri=root.as_uri(),
                workspace_folders=[types.WorkspaceFolder(uri=root.as_uri(), name=root.name)],
            )
        )
        return Editor(client, root)

    return said
