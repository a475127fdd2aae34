"""The wheel in the hands of what installs wheels, under the oldest Python at hand and the newest."""

import os
import shutil
from pathlib import Path

import pytest
from conftest import EXECUTABLE, messages_in, python_tool, run

PYENV = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))


def pythons():
    """The oldest Python of pyenv whose pip knows tags of a glibc version, and the newest."""
    found = [(int(path.parts[-3].split(".")[1]), path) for path in PYENV.glob("versions/3.*/bin/python")]
    suitable = [path for minor, path in sorted(found) if minor >= 8]
    return [suitable[0], suitable[-1]]


def test_it_passes_what_the_index_checks(wheel):
    run(python_tool("twine"), "check", "--strict", wheel)
    # W007: it brings an executable, and no Python module.
    run(python_tool("check-wheel-contents"), "--ignore", "W007", wheel)


@pytest.mark.parametrize("python", pythons(), ids=lambda path: path.parts[-3])
def test_pip_installs_it_as_it_was_built(python, wheel, config_file, tmp_path):
    run(python, "-m", "venv", tmp_path / "venv")
    bin_folder = tmp_path / "venv" / "bin"
    run(bin_folder / "python", "-m", "pip", "install", "--no-index", wheel)
    tap = bin_folder / "tap-zendesk-chat"

    assert run(tap, "--version").stdout == run(EXECUTABLE, "--version").stdout
    assert tap.read_bytes() == EXECUTABLE.read_bytes()
    output = run(tap, "-c", config_file).stdout
    streams = {record["stream"] for record in messages_in(output, "RECORD")}
    assert {"account", "agents", "chats"} <= streams
    run(bin_folder / "python", "-m", "pip", "uninstall", "--yes", "tap-zendesk-chat-deno")
    assert not tap.exists()


def test_pipx_and_uvx_run_it(wheel, tmp_path):
    version = run(EXECUTABLE, "--version").stdout
    pipx_folders = {"PIPX_HOME": str(tmp_path / "pipx"), "PIPX_BIN_DIR": str(tmp_path / "bin")}
    run(python_tool("pipx"), "install", wheel, env=pipx_folders)
    assert run(tmp_path / "bin" / "tap-zendesk-chat", "--version").stdout == version

    uvx = run(shutil.which("uvx"), "--from", wheel, "tap-zendesk-chat", "--version")
    assert uvx.stdout == version
