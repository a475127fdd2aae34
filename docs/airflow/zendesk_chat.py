"""Zendesk Chat into a target, every night at two: one account.

The folder holds config.json, catalog.json and target.json. states.jsonl is made in it, a state a line,
of which the tap takes the last whole one.
"""

import os
from datetime import datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator  # Airflow 2: airflow.operators.bash
from airflow.sdk import DAG  # Airflow 2: airflow

FOLDER = os.environ.get("ZENDESK_CHAT_FOLDER", "/opt/zendesk_chat")

with DAG(
    dag_id="zendesk_chat",
    schedule="0 2 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    # A run and the next one would read from the same state.
    max_active_runs=1,
    default_args={
        "retries": 2,
        "retry_delay": timedelta(minutes=15),
        "execution_timeout": timedelta(hours=6),
    },
):
    BashOperator(
        task_id="sync",
        cwd=FOLDER,
        # What the target has stored is stored, also when the run fails: the retry goes on from there.
        bash_command="""
            set -o pipefail
            touch states.jsonl
            tap-zendesk-chat -c config.json --catalog catalog.json -s states.jsonl |
              target-jsonl -c target.json >> states.jsonl
        """,
    )
