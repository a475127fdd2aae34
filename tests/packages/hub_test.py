"""docs/meltano/hub.yml under the lint of Meltano Hub, to which it is meant to go."""

from conftest import ROOT, python_tool, run

# The rules of the Hub's own .yamllint.yaml.
RULES = """
extends: default
rules:
  braces: {forbid: non-empty}
  document-start: {present: false}
  indentation: {indent-sequences: false, spaces: 2}
  key-ordering: enable
  line-length: disable
  truthy: disable
"""


def test_yamllint_has_nothing_to_say():
    run(python_tool("yamllint"), "--strict", "-d", RULES, ROOT / "docs" / "meltano" / "hub.yml")
