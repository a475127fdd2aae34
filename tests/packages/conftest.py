"""What the tests share: the built executable, its wheel, the fake Chat API that `run` has started."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXECUTABLE = ROOT / "dist" / "tap-zendesk-chat"
# The token that the fake Chat API takes (tests/fakes/chat_api/mod.ts).
CONFIG = {
    "access_token": "harbour-bikes-token",
    "base_url": os.environ["CHAT_API"],
    "start_date": "2026-01-01",
}


def run(*args, env=None, **options):
    """Run a program to its end; its output is text. A failure shows what it said."""
    done = subprocess.run(
        [str(arg) for arg in args],
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        **options,
    )
    assert done.returncode == 0, f"{args} has failed:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done


def pytest_terminal_summary(terminalreporter):
    """The line that .ci/run adds up."""
    passed, failed, errors, skipped = (
        len(terminalreporter.getreports(outcome)) for outcome in ("passed", "failed", "error", "skipped")
    )
    terminalreporter.write_line(f"{passed} passed, {failed + errors} failed, {skipped} skipped")


def messages_in(output, kind):
    """The messages of one type in what a tap has written."""
    return [message for line in output.splitlines() if (message := json.loads(line))["type"] == kind]


@pytest.fixture(scope="session")
def wheel():
    [path] = (ROOT / "dist").glob("*.whl")
    return path


@pytest.fixture
def config_file(tmp_path):
    path = tmp_path / "config.json"
    path.write_text(json.dumps(CONFIG))
    return path


def python_tool(name):
    """A program of the environment that the tests run in."""
    return Path(sys.executable).parent / name
