"""Writes what the Python tap makes of each start_date in start_dates.json, into that file.

    python -m venv venv && venv/bin/pip install tap-zendesk-chat==0.5.1
    venv/bin/python tests/python_tap/start_dates.py

An instant in UTC; "guessed" where it depends on the day of the run; "refused" where the tap stops.
"""

import datetime
import json
import os
import pathlib
import time
import unittest.mock
import warnings

import dateutil.parser
from singer.utils import strftime
from tap_zendesk_chat.utils import break_into_intervals

FILE = pathlib.Path(__file__).with_name("start_dates.json")
DAYS = [datetime.datetime(2026, 11, 26), datetime.datetime(2031, 3, 7)]
END = datetime.datetime(9999, 12, 31, 23, 59, 59, 999999, datetime.timezone.utc)
PARSE = dateutil.parser.parse


def begin(start_date, day):
    """Where the first search begins if the tap runs on that day."""
    parse = lambda text: PARSE(text, default=day)
    with unittest.mock.patch("dateutil.parser.parse", parse):
        for start, _ in break_into_intervals(14, start_date, END):
            return strftime(start)


def read(start_date):
    try:
        first, second = (begin(start_date, day) for day in DAYS)
    except Exception:
        return "refused"
    return first if first == second else "guessed"


# Else the names of the machine's own zone would mean something.
os.environ["TZ"] = "UTC"
time.tzset()
warnings.simplefilter("ignore")
texts = json.loads(FILE.read_text())
results = {text: read(text) for text in texts}
FILE.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")
