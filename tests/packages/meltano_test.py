"""Meltano with the project in docs/meltano/ as it stands, but for the wheel in place of the published one."""

import json
import os

import pytest
from conftest import CONFIG, ROOT, run

MELTANO = os.environ["MELTANO"]
ENVIRONMENT = {
    "MELTANO_SEND_ANONYMOUS_USAGE_STATS": "false",
    "NO_COLOR": "1",
    "TAP_ZENDESK_CHAT_ACCESS_TOKEN": CONFIG["access_token"],
    "TAP_ZENDESK_CHAT_BASE_URL": CONFIG["base_url"],
}


def definition(name, wheel):
    """One of the definitions, with the wheel in place of what the index would give."""
    text = (ROOT / "docs" / "meltano" / name).read_text()
    assert text.count("pip_url: tap-zendesk-chat-deno\n") == 1
    return text.replace("pip_url: tap-zendesk-chat-deno\n", f"pip_url: {wheel}\n")


@pytest.fixture(scope="module")
def project(wheel, tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    (folder / "meltano.yml").write_text(definition("meltano.yml", wheel))
    meltano(folder, "install")
    return folder


def meltano(project, *args, **settings):
    environment = {**ENVIRONMENT, **{f"TAP_ZENDESK_CHAT_{key.upper()}": value for key, value in settings.items()}}
    return run(MELTANO, *args, cwd=project, env=environment)


def test_it_warns_of_nothing(project):
    # Meltano's own word for `version: 1`, for one.
    assert "DeprecationWarning" not in meltano(project, "config", "list", "tap-zendesk-chat").stderr


def test_the_tap_tests_itself(project):
    done = meltano(project, "invoke", "tap-zendesk-chat", "--test")

    assert "chats: ok" in done.stdout
    assert "METRIC" not in done.stdout + done.stderr


def test_login_is_a_command_of_the_plugin(project):
    # Meltano's own config comes first on the command line, and is gone afterwards: another one is named.
    token = ["--token", CONFIG["access_token"], "--base-url", CONFIG["base_url"]]
    answers = ["--subdomain", "acme", "--start-date", "2026-01-01", "--config", "login.json"]
    meltano(project, "invoke", "tap-zendesk-chat:login", *token, *answers)

    assert json.loads((project / "login.json").read_text())["access_token"] == CONFIG["access_token"]


def test_meltano_refuses_a_wrong_choice(project):
    with pytest.raises(AssertionError, match="chats_api|nonsense"):
        meltano(project, "config", "set", "tap-zendesk-chat", "chats_api", "nonsense")


@pytest.mark.parametrize("way", ["search", "incremental"])
def test_two_runs_keep_the_state(project, way):
    state_id = f"state-{way}"
    chats = project / "chats.jsonl"
    counts = []
    for _ in range(2):
        done = meltano(
            project, "run", "--state-id-suffix", state_id, "tap-zendesk-chat", "target-jsonl", chats_api=way
        )
        assert "Run completed" in done.stderr
        assert "chmod" not in done.stderr
        assert done.stderr.count("Not selected: ") == 1
        assert "METRIC chats " in done.stderr
        counts.append(len(chats.read_text().splitlines()) if chats.exists() else 0)
        chats.unlink(missing_ok=True)
    stored = meltano(project, "state", "get", f"prod:tap-zendesk-chat-to-target-jsonl:{state_id}").stdout
    bookmark = json.loads(stored)["singer_state"]["bookmarks"]["chats"]

    # Of the second run search reads the edge of the bookmark again, the export nothing.
    assert counts[0] > 1000
    assert counts[1] < (50 if way == "search" else 1)
    assert ("update_timestamp" in bookmark) == (way == "incremental")


def test_the_hub_definition_adds_the_tap(wheel, tmp_path):
    run(MELTANO, "init", "fresh", cwd=tmp_path, env=ENVIRONMENT)
    (tmp_path / "hub.yml").write_text(definition("hub.yml", wheel))
    fresh = tmp_path / "fresh"
    meltano(fresh, "add", "--from-ref", "../hub.yml", "tap-zendesk-chat")

    assert "chats: ok" in meltano(
        fresh, "invoke", "tap-zendesk-chat", "--test", start_date="2026-01-01"
    ).stdout
