"""Two people log in at a provider, in two browsers."""

import os
import re
import socket
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from prodsim.progress import SILENT
from prodsim.workspace.build import locked
from tests.browser.conftest import ROOT, wait_until_healthy
from tests.browser.provider import CLIENT, FORGED, KEY, running_provider

pytestmark = pytest.mark.browser


@pytest.fixture
def provider():
    with running_provider() as running:
        yield running


@pytest.fixture
def guarded(provider, shop_home, tmp_path):
    """A dashboard of the small shop that asks for a login."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    secrets = tmp_path / "secrets.toml"
    secrets.write_text(
        f"""
        [auth]
        redirect_uri = "{url}/oauth2callback"
        cookie_secret = "{"s" * 40}"
        client_id = "{CLIENT}"
        client_secret = "secret"
        server_metadata_url = "{provider.url}/.well-known/openid-configuration"
        [roles]
        admin = ["ann@shop.example"]
        editor = ["ed@shop.example"]
        viewer = ["*@shop.example"]
        """,
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true", f"--server.port={port}"]
    environment = {**os.environ, "PRODSIM_HOME": str(shop_home)}
    with (tmp_path / "server.log").open("w") as log:
        server = subprocess.Popen(
            [*command, f"--secrets.files={secrets}"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        try:
            wait_until_healthy(url, server)
            yield url
        finally:
            server.terminate()
            server.wait(20)


def test_a_link_opens_after_the_login_and_a_forged_token_opens_nothing(browser, provider, guarded):
    def opened(path):
        page = browser.new_context().new_page()
        page.goto(f"{guarded}{path}")
        return page

    ann, eve = opened("/search?query=mug"), opened("/search?query=mug")
    expect(ann.get_by_text("Log in to see the catalogs.")).to_be_visible()
    provider.claims = {"email": "ann@shop.example"}
    ann.get_by_role("button", name="Log in").click()
    expect(ann.get_by_text("ann@shop.example · admin")).to_be_visible()
    expect(ann).to_have_url(re.compile(r"/search\?.*query=mug"))

    for key, claims in ((FORGED, {}), (KEY, {"aud": "another"}), (KEY, {"exp": 1})):
        provider.key, provider.claims = key, {"email": "ann@shop.example", **claims}
        eve.goto(f"{guarded}/search?query=mug")
        with eve.expect_response(re.compile("oauth2callback")):
            eve.get_by_role("button", name="Log in").click()
        eve.wait_for_load_state()
    eve.goto(f"{guarded}/search?query=mug")
    expect(eve.get_by_text("Log in to see the catalogs.")).to_be_visible()
    expect(eve.get_by_text("Ceramic coffee mug")).to_have_count(0)
    ann.context.close()
    eve.context.close()


def test_what_one_person_uploads_and_runs_another_does_not_see_and_roles_grey_buttons_out(
    browser, provider, guarded, shop_home, tmp_path
):
    def logged_in(name, path):
        page = browser.new_context().new_page()
        page.goto(f"{guarded}{path}")
        expect(page.get_by_text("Log in to see the catalogs.")).to_be_visible()
        provider.claims = {"email": f"{name}@shop.example"}
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_text(f"{name}@shop.example · ")).to_be_visible()
        return page

    prices = tmp_path / "purchase prices.csv"
    prices.write_text("sku,title\nA,Red mug\nB,Blue mug\n", encoding="utf-8")
    (shop_home / "catalogs" / "purchase prices").mkdir()
    with locked(
        shop_home / "catalogs" / "purchase prices", SILENT
    ):  # so that the build waits while the other one looks
        ed = logged_in("ed", "/catalog?catalog_tab=Bring+a+file")
        ed.locator("input[type=file]").first.set_input_files(prices)
        expect(ed.get_by_text("purchase prices.csv").first).to_be_visible()
        ed.get_by_role("button", name="Build", exact=True).click()
        expect(ed.get_by_test_id("stSidebar").get_by_role("button", name="Stop")).to_be_visible()

        eve = logged_in("eve", "/catalog?catalog_tab=Bring+a+file")
        expect(eve.get_by_text("Drop a catalog here")).to_be_visible()
        expect(eve.get_by_text("purchase prices")).to_have_count(0)
        expect(eve.get_by_role("button", name="Stop")).to_have_count(0)
        expect(eve.locator("input[type=file]").first).to_be_disabled()
        ed.get_by_test_id("stSidebar").get_by_role("button", name="Stop").click()

    eve.goto(f"{guarded}/search?text=mug")
    expect(eve.get_by_title("You have the role viewer").first).to_be_disabled()
    ed.goto(f"{guarded}/settings")
    expect(ed.get_by_role("button", name="Delete", exact=True).first).to_be_disabled()
    for page in (ed, eve):
        page.context.close()
