"""Writes what the Python tap does with each setting in settings.json, into that file.

    python -m venv venv && venv/bin/pip install tap-zendesk-chat==0.5.1
    venv/bin/python tests/python_tap/settings.py

What it does is told by what it sends or decides; "refused" where it stops, "endless" where it never does.
"""

import datetime
import json
import pathlib
import re
import types
import unittest.mock

import requests
from singer import Transformer
from tap_zendesk_chat.context import Context
from tap_zendesk_chat.streams import Agents, Bans, Chats

FILE = pathlib.Path(__file__).with_name("settings.json")
REQUIRED = {"access_token": "token", "start_date": "2026-01-01"}
AGES = [0.5, 1.5, 8, 15, 40, 1001]
MOST_REQUESTS = 2_000


class Endless(Exception):
    pass


class Sent(list):
    """The requests of a tap whose account is empty."""

    def get(self, session, url, headers=None, params=None, **_):
        request = requests.Request("GET", url, {**session.headers, **(headers or {})}, params=params)
        self.append(session.prepare_request(request))
        if len(self) > MOST_REQUESTS:
            raise Endless
        if "/search" in url:
            body = {"results": [], "next_url": None}
        else:
            body = {"visitor": [], "ip_address": []} if "/bans" in url else []
        return types.SimpleNamespace(
            status_code=200, url=url, json=lambda: body, raise_for_status=lambda: None
        )


def sync(stream, config):
    """The requests of one stream, without what the tap sends to find its host."""
    sent = Sent()
    get = lambda session, *args, **kwargs: sent.get(session, *args, **kwargs)
    with unittest.mock.patch("requests.Session.get", get), unittest.mock.patch(
        "requests.get", lambda *args, **kwargs: sent.get(requests.Session(), *args, **kwargs)
    ), unittest.mock.patch("singer.write_message"), unittest.mock.patch("singer.write_state"):
        context = Context({**REQUIRED, **config}, {}, None)
        context.write_state = lambda: None
        probes = len(sent)
        with Transformer() as transformer:
            stream().sync(context, {"type": "object"}, {}, transformer)
    return sent[probes:]


def parameter(request, name):
    return dict(re.findall(r"[?&](\w+)=([^&]*)", request.url)).get(name)


def full_syncs(config):
    """After how many days a full re-sync is due."""
    with unittest.mock.patch("requests.Session.get"), unittest.mock.patch("requests.get"):
        context = Context({**REQUIRED, **config}, {}, None)
    due = []
    for days in AGES:
        last = context.now - datetime.timedelta(days=days)
        context.state = {"chats_last_full_sync": last.isoformat()}
        if Chats()._should_run_full_sync(context):
            due.append(days)
    return due


def window_days(config):
    """The widest window of a search."""
    queries = [requests.utils.unquote(request.url) for request in sync(Chats, config)]
    widths = []
    for query in queries:
        begin, end = re.search(r"\[([^ +]+)[ +]TO[ +]([^\]]+)\]", query).groups()
        begin, end = (datetime.datetime.fromisoformat(text) for text in (begin, end))
        widths.append((end - begin).days)
    return max(widths)


ASK = {
    "access_token": lambda config: sync(Agents, config)[0].headers["Authorization"],
    "agents_page_limit": lambda config: parameter(sync(Agents, config)[0], "limit"),
    "bans_page_limit": lambda config: parameter(sync(Bans, config)[0], "limit"),
    "chat_search_interval_days": window_days,
    "chats_full_sync_days": full_syncs,
    "subdomain": lambda config: sync(Agents, config)[0].url.split("/api/")[0],
    "user_agent": lambda config: sync(Agents, config)[0].headers["User-Agent"],
}


def ask(name, value):
    try:
        return ASK[name]({name: value})
    except Endless:
        return "endless"
    except Exception:
        return "refused"


cases = json.loads(FILE.read_text())
results = [[name, value, ask(name, value)] for name, value, *_ in cases]
lines = ",\n".join("  " + json.dumps(result, ensure_ascii=False) for result in results)
FILE.write_text(f"[\n{lines}\n]\n")
