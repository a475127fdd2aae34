"""Workflows and shell scripts under their linters: for their form, for mistakes, for ways in."""

import os
import shutil

import pytest
from conftest import ROOT, python_tool, run

FOLDER = ROOT / ".github"
WORKFLOWS = sorted(FOLDER.glob("workflows/*.yml"))


def test_workflows_and_dependabot_have_their_form():
    check = python_tool("check-jsonschema")
    run(check, "--builtin-schema", "vendor.github-workflows", *WORKFLOWS)
    run(check, "--builtin-schema", "vendor.dependabot", FOLDER / "dependabot.yml")


def test_zizmor_finds_no_way_in():
    run(python_tool("zizmor"), "--offline", "--persona", "pedantic", FOLDER)


@pytest.mark.skipif(shutil.which("go") is None, reason="actionlint is built with Go")
def test_actionlint_finds_no_mistake():
    # It hands the steps' scripts to shellcheck, where that is on the PATH.
    path = os.pathsep.join([str(python_tool("shellcheck").parent), os.environ["PATH"]])
    run("go", "run", "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12", *WORKFLOWS, env={"PATH": path}, cwd=ROOT)


def test_shellcheck_finds_no_mistake():
    run(python_tool("shellcheck"), ROOT / "scripts" / "install.sh", ROOT / "tests" / "packages" / "run")
