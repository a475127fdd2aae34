"""The standard tests of the Meltano SDK, which want a tap in Python: a small class that runs the executable."""

import json
import tempfile
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import CONFIG, EXECUTABLE, run
from singer_sdk.testing import SuiteConfig, get_tap_test_class


def stream_metadata(entry):
    """What a catalog says of a stream itself."""
    return next(item["metadata"] for item in entry["metadata"] if not item["breadcrumb"])


class Tap:
    """What the tests ask of the SDK's `Tap`, answered by the executable."""

    def __init__(self, config, catalog=None, **_):
        self._config = config
        self._catalog = catalog

    def _run(self, *args, **files):
        with tempfile.TemporaryDirectory() as folder:
            for flag, content in {"config": self._config, **files}.items():
                path = Path(folder, f"{flag}.json")
                path.write_text(json.dumps(content))
                args += (f"--{flag}", path)
            return run(EXECUTABLE, *args).stdout

    @cached_property
    def catalog_dict(self):
        return self._catalog or json.loads(self._run("--discover"))

    @property
    def streams(self):
        return {
            entry["stream"]: SimpleNamespace(
                name=entry["stream"],
                schema=entry["schema"],
                primary_keys=stream_metadata(entry)["table-key-properties"],
                stream_maps=[SimpleNamespace(transformed_schema=entry["schema"])],
            )
            for entry in self.catalog_dict["streams"]
        }

    def run_discovery(self):
        return json.dumps(self.catalog_dict)

    def run_connection_test(self):
        self._run("--test")
        return True

    def run_sync_dry_run(self, dry_run_record_limit):
        for entry in self.catalog_dict["streams"]:
            stream_metadata(entry)["selected"] = True
        print(self._run(catalog=self.catalog_dict), end="")
        return True

    def print_version(self):
        assert run(EXECUTABLE, "--version").stdout.startswith("tap-zendesk-chat ")

    def print_about(self, output_format=None):
        about = run(EXECUTABLE, "--about", *(["--format", output_format] if output_format else []))
        if output_format == "json":
            assert json.loads(about.stdout)["settings"]["required"]


# Only the export gives engagements.
TestBySearch = get_tap_test_class(
    Tap, config=CONFIG, suite_config=SuiteConfig(ignore_no_records_for_streams=["chat_engagements"])
)
TestByExport = get_tap_test_class(Tap, config={**CONFIG, "chats_api": "incremental"})


@pytest.mark.parametrize("suite", [TestBySearch, TestByExport])
def test_there_is_a_test_for_every_stream(suite):
    streams = suite.params["test_tap_stream_returns_record"]
    assert len(streams) == len(Tap(CONFIG).streams)
