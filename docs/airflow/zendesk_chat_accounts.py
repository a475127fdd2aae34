"""Zendesk Chat of many accounts, a state each: every night what is new, and by hand the months of a backfill.

The folder holds a config for each account (accounts/acme.json), one catalog.json and one target.json.
States are made in states/, one file for an account, and one for each of its months in a backfill.
"""

import os
from datetime import date, datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator  # Airflow 2: airflow.operators.bash
from airflow.sdk import DAG, Param, task  # Airflow 2: airflow, airflow.models.param, airflow.decorators

FOLDER = os.environ.get("ZENDESK_CHAT_FOLDER", "/opt/zendesk_chat")
ACCOUNTS = os.environ.get("ZENDESK_CHAT_ACCOUNTS", "acme globex").split()

# The environment wins over the file, and that is how a month gets its dates.
SYNC = """
    set -o pipefail
    mkdir -p states
    touch "states/$STATE.jsonl"
    tap-zendesk-chat -c "accounts/$ACCOUNT.json" -c ENV --catalog catalog.json $SELECT \
        -s "states/$STATE.jsonl" |
      target-jsonl -c target.json >> "states/$STATE.jsonl"
"""
DEFAULTS = {
    "retries": 2,
    "retry_delay": timedelta(minutes=15),
    "execution_timeout": timedelta(hours=6),
}

with DAG(
    dag_id="zendesk_chat_accounts",
    schedule="0 2 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS,
):
    BashOperator.partial(
        task_id="sync",
        cwd=FOLDER,
        bash_command=SYNC,
        append_env=True,
        map_index_template="{{ task.env.ACCOUNT }}",
    ).expand(env=[{"ACCOUNT": account, "STATE": account, "SELECT": ""} for account in ACCOUNTS])

with DAG(
    dag_id="zendesk_chat_backfill",
    schedule=None,
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS,
    params={
        "first": Param("2025-01", type="string", pattern=r"^\d{4}-\d\d$", description="first month"),
        "last": Param("2025-12", type="string", pattern=r"^\d{4}-\d\d$", description="last month"),
    },
):

    @task
    def months(params):
        """What differs between the runs, for each account and month."""
        first, last = (date.fromisoformat(f"{params[name]}-01") for name in ("first", "last"))
        runs = []
        while first <= last:
            following = (first + timedelta(days=31)).replace(day=1)
            runs += [
                {
                    "ACCOUNT": account,
                    "STATE": f"{account}-{first:%Y-%m}",
                    # Streams without dates would be read again with each month.
                    "SELECT": "--select chats",
                    "TAP_ZENDESK_CHAT_START_DATE": first.isoformat(),
                    "TAP_ZENDESK_CHAT_END_DATE": following.isoformat(),
                }
                for account in ACCOUNTS
            ]
            first = following
        return runs

    BashOperator.partial(
        task_id="sync",
        cwd=FOLDER,
        bash_command=SYNC,
        append_env=True,
        map_index_template="{{ task.env.STATE }}",
        # The API limits the requests of an account, whoever makes them.
        max_active_tis_per_dagrun=2,
    ).expand(env=months())
