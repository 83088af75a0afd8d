"""The real dashboard in a real browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from prodsim.settings import Settings
from prodsim.workspace import BuildRequest, Workspace
from tests.shortened import shorten

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
"""Nothing on the pages needs a graphics card, and an emulated one takes the processor that the dashboard waits for."""
SAMPLES = {"Outdoor": "outdoor.csv", "美妆家居": "beauty_zh.csv"}
N_PRODUCTS = 800
"""Of each sample; see ``shorten``."""
START_S = 60
PATIENCE_MS = 45_000
"""A cold server on a busy machine takes its time for the first map."""

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def browser():
    """Chromium of the system; without one the test fails, saying how to get it.

    It is closed after each module: while it is open, its event loop keeps other tests of the process from running theirs.
    """
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.fail("The browser tests need chromium: apt-get install -y chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        instance = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield instance
        instance.close()


@pytest.fixture(scope="session")
def samples(tmp_path_factory):
    """The beginning of both samples, encoded without models so that they start at once; nobody changes them."""
    folder = Path(shutil.copytree(ROOT / "sample_data", tmp_path_factory.mktemp("samples") / "sample_data"))
    workspace = Workspace(Settings(folder / "home"))
    for name, file in SAMPLES.items():
        shorten(folder / file, N_PRODUCTS)
        workspace.build(BuildRequest(folder / file, name=name, encoder="hashing", picture_encoder="colour-grid"))
    return workspace.settings.home


@pytest.fixture(scope="module")
def own_home(samples, tmp_path_factory):
    """A copy of the samples that the stories of a module may change."""
    return Path(shutil.copytree(samples, tmp_path_factory.mktemp("own") / "home"))


@pytest.fixture(scope="module")
def address(own_home):
    """A dashboard over the samples; the English one is open."""
    home = own_home
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true", f"--server.port={port}"]
    log = (home / "server.log").open("w")
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PRODSIM_HOME": str(home)}, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_healthy(url, server)
        yield url
    finally:
        server.terminate()
        server.wait(20)
        log.close()


@pytest.fixture
def page(browser):
    """A fresh page of a laptop's size whose script errors fail the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True)
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE_MS)
    errors = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert errors == []


def wait_until_healthy(url: str, server: "subprocess.Popen[bytes]") -> None:
    """Poll the server's own health address; the pause keeps the poll from taking the processor it waits for."""
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(f"{url}/_stcore/health", timeout=2).close()
            return
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.2)
    pytest.fail("The dashboard did not start")
