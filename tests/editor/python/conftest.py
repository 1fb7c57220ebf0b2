"""What the tests of editors stand on: the built command, and a client that speaks with its server."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def program() -> Path:
    """The command `playbook`, as tests/editor/main.rs built it; without it, the debug build."""
    path = Path(os.environ.get("PLAYBOOK", ROOT / "target" / "debug" / "playbook"))
    assert path.exists(), f"{path} is not there: cargo build"
    return path
