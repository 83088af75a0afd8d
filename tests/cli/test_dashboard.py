import os
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest
from typer.testing import CliRunner

from prodsim.cli.commands import app
from prodsim.shipped import APP, dashboard_folder
from tests.conftest import ROOT


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a console, not to a process")
def test_the_dashboard_starts_anywhere_and_ends_on_ctrl_c(tmp_path):
    port, folder = free_port(), tmp_path / "elsewhere"
    folder.mkdir()
    surroundings = {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "STREAMLIT_SERVER_HEADLESS": "true"}
    command = [sys.executable, "-m", "prodsim", "dashboard", "--port", str(port), "--home", str(tmp_path / "home")]
    with subprocess.Popen(
        command, cwd=folder, env={**os.environ, **surroundings}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True,
    ) as server:  # fmt: skip
        try:
            said = next(line for line in server.stdout if "URL:" in line)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=10) as answer:
                assert answer.read() == b"ok"
            server.send_signal(signal.SIGINT)
            rest = server.communicate(timeout=30)[0]
        finally:
            server.kill()

    assert f"http://127.0.0.1:{port}" in said
    assert server.returncode == 0
    assert "Traceback" not in rest


def test_uploads_are_limited_wherever_the_dashboard_is_started(tmp_path):
    limit = "from streamlit import config; config._main_script_path = {!r}; print(config.get_option('server.maxUploadSize'))"
    app_file = str(dashboard_folder() / APP)

    said = subprocess.run([sys.executable, "-c", limit.format(app_file)], cwd=tmp_path, capture_output=True, text=True)

    assert said.stdout.split() == ["500"], said.stderr


def test_without_streamlit_it_is_said_what_to_install(home, monkeypatch):
    monkeypatch.setitem(sys.modules, "streamlit", None)

    result = CliRunner().invoke(app, ["dashboard"])

    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "The dashboard needs the package streamlit, which is not installed.",
        "Install it: pip install streamlit",
    ]
