"""The compose file, the manifests and the Dockerfile: no image is built here, but what they name must exist."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from prodsim.api.routes import ROUTES
from prodsim.cli import dashboard, serve  # noqa: F401 - each adds its command
from prodsim.cli.context import app

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
MANIFESTS = {one["kind"]: one for one in yaml.safe_load_all((DEPLOY / "kubernetes/prodsim.yaml").read_text("utf-8"))}
PODS = MANIFESTS["Deployment"]["spec"]["template"]["spec"]
OURS = [one for one in COMPOSE["services"].values() if one["image"] == "prodsim"]
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
COMMANDS = [
    *(one["command"] for one in OURS),
    *(one["args"] for one in PODS["containers"]),
    json.loads(re.search(r"^CMD (.*)$", DOCKERFILE, re.MULTILINE)[1]),
]


def test_the_compose_file_fits_its_published_schema():
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    checked = subprocess.run([*command, str(DEPLOY / "compose.yaml")], capture_output=True, text=True)

    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_the_commands_are_prodsims_own(command):
    assert CliRunner().invoke(app, [*command, "--help"]).exit_code == 0
    assert CliRunner().invoke(app, [*command, "--no-such-option", "--help"]).exit_code == 2


def test_the_settings_are_read_by_prodsim():
    texts = "".join(path.read_text(encoding="utf-8") for path in DEPLOY.rglob("*") if path.is_file())
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "prodsim").rglob("*.py"))
    named = {*re.findall(r"\bPRODSIM_[A-Z_]+", texts)}

    assert {"PRODSIM_HOME", "PRODSIM_INDEX", "PRODSIM_RECORDS"} < named
    for name in named - {"PRODSIM_SECRET_DATABASE"}:  # a password that sources name as they like
        assert f'"{name}"' in code


def test_both_deployments_can_use_the_same_servers():
    named = {"PRODSIM_RECORDS", "PRODSIM_INDEX", "PGPASSWORD"}

    assert all(named <= one["environment"].keys() for one in OURS)
    assert all(named <= {variable["name"] for variable in one["env"]} for one in PODS["containers"])
    assert {"database", "vectors"} < COMPOSE["services"].keys()


def test_health_is_asked_where_it_is_answered():
    served = {route.path for route in ROUTES} | {"/_stcore/health"}
    asked = [
        url for one in OURS for url in re.findall(r"http://127.0.0.1:(\d+)([^']+)", one["healthcheck"]["test"][-1])
    ]
    ports = {port["name"]: str(port["containerPort"]) for one in PODS["containers"] for port in one["ports"]}
    for container in PODS["containers"]:
        for probe in ("readinessProbe", "livenessProbe"):
            asked.append((ports[container[probe]["httpGet"]["port"]], container[probe]["httpGet"]["path"]))

    assert {path for _, path in asked} <= served
    assert {port for port, _ in asked} == {*re.search(r"^EXPOSE (.*)$", DOCKERFILE, re.MULTILINE)[1].split()}
    assert {port["targetPort"] for port in MANIFESTS["Service"]["spec"]["ports"]} == {*ports}


def test_nothing_of_ours_runs_as_root_or_writes_outside_of_its_disk():
    for one in OURS:
        assert (one["read_only"], one["user"], one["cap_drop"]) == (True, "10001:10001", ["ALL"])
        assert all(port.startswith("127.0.0.1:") for port in one["ports"])
    assert PODS["securityContext"]["runAsNonRoot"]
    for one in PODS["containers"]:
        assert one["securityContext"]["readOnlyRootFilesystem"]
        assert not one["securityContext"]["allowPrivilegeEscalation"]
    assert re.search(r"^USER 10001", DOCKERFILE, re.MULTILINE)
