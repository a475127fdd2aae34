"""The DAGs in docs/airflow/ under Airflow itself: loaded, listed and run to their ends."""

import json
import os

import pytest
from conftest import CONFIG, EXECUTABLE, ROOT, run

ACCOUNTS = ["acme", "globex"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What the DAGs expect to find; here both accounts are the same one."""
    folder = tmp_path_factory.mktemp("chat")
    config = json.dumps({**CONFIG, "chats_api": "incremental"})
    (folder / "accounts").mkdir()
    for path in ["config.json", *(f"accounts/{account}.json" for account in ACCOUNTS)]:
        (folder / path).write_text(config)
    (folder / "target.json").write_text(json.dumps({"destination_path": str(folder), "do_timestamp_file": False}))
    catalog = run(EXECUTABLE, "--discover", "--select", "chats", "--select", "agents").stdout
    (folder / "catalog.json").write_text(catalog)
    return folder


@pytest.fixture(scope="module")
def airflow(folder, tmp_path_factory):
    environment = {
        "AIRFLOW_HOME": str(tmp_path_factory.mktemp("airflow")),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "docs" / "airflow"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "PATH": os.pathsep.join([str(EXECUTABLE.parent), os.environ["TARGET_FOLDER"], os.environ["PATH"]]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "ZENDESK_CHAT_FOLDER": str(folder),
    }

    def airflow(*args):
        return run(os.environ["AIRFLOW"], *args, env=environment).stdout

    airflow("db", "migrate")
    airflow("dags", "reserialize")
    return airflow


def states_in(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_airflow_lists_the_dags(airflow):
    # Warnings of Airflow's own stand before it.
    dags = json.loads(airflow("dags", "list", "-o", "json").splitlines()[-1])

    assert {dag["dag_id"] for dag in dags} == {
        "zendesk_chat",
        "zendesk_chat_accounts",
        "zendesk_chat_backfill",
    }
    assert "No data found" in airflow("dags", "list-import-errors")


def test_the_nightly_task_runs_to_its_end(airflow, folder):
    airflow("tasks", "test", "zendesk_chat", "sync", "2026-01-02")

    assert len((folder / "chats.jsonl").read_text().splitlines()) > 1000
    assert "update_timestamp" in states_in(folder / "states.jsonl")[-1]["bookmarks"]["chats"]


def test_every_account_has_its_state(airflow, folder):
    airflow("dags", "test", "zendesk_chat_accounts", "2026-01-02")

    for account in ACCOUNTS:
        assert states_in(folder / "states" / f"{account}.jsonl")[-1]["bookmarks"]["chats"]


def test_a_backfill_reads_month_by_month(airflow, folder):
    chats = folder / "chats.jsonl"
    chats.unlink(missing_ok=True)
    airflow("dags", "test", "zendesk_chat_backfill", "2026-01-02", "--conf", '{"first": "2026-02", "last": "2026-03"}')

    for account in ACCOUNTS:
        for month, end in ("2026-02", "2026-03-01"), ("2026-03", "2026-04-01"):
            [state] = states_in(folder / "states" / f"{account}-{month}.jsonl")
            assert state["bookmarks"]["chats"]["update_timestamp"] <= f"{end}T00:00:00.000000Z"
    changed = {json.loads(line)["update_timestamp"][:7] for line in chats.read_text().splitlines()}
    assert changed == {"2026-02", "2026-03"}
