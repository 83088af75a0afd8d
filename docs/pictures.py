"""Take the pictures of README and site: the dashboard on the English sample in a headless browser. ``make pictures``.

Needs chromium: apt-get install chromium fonts-noto-cjk.
"""

import io
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image
from playwright.sync_api import Page, expect

from benchmarks.browser import ROOT, chromium, dashboard
from prodsim import BuildRequest, Settings, Workspace, sample_path

FOLDER = Path(__file__).parent / "images"
SIZE = {"width": 1280, "height": 800}
PATIENCE_MS = 300_000
"""The slowest is the first run of all checks."""
N_COLOURS = 255
"""A palette makes a picture of a screen a third of its size, and nobody sees the difference."""
READY = "[data-testid=stApp][data-test-script-state=notRunning]"
PENDING = "[data-testid=stSkeleton], [data-testid=stSpinner], [data-stale=true]"
VISIBLE_IMAGES_LOADED = """() => [...document.images].every(
  image => image.complete || image.getBoundingClientRect().top > innerHeight)"""
"""Images further down are loaded when they are scrolled to."""
SEARCH = "search?q=warm+waterproof+jacket"

VIEWS = {
    "search": f"{SEARCH}&tune=true",
    "why": SEARCH,
    "map": "map",
    "ask": "ask?ask=waterproof+jacket+for+hiking,+not+black,+under+200",
    "quality": "quality?found=duplicates",
    "overview": "",  # behind the checks, which it shows
    "compare": "compare?a_setting=same+product&b_setting=same+style",
    "match": "match?catalog=Outdoor+and+home&other=Rival",
    "recommend": "recommend?history=OH100500&history=OH100102",
    "adapt": "adapt",
    "catalog": "catalog",
    "settings": "settings",
}
"""Each picture, to the page and the link's parameters that it shows."""


def main() -> None:
    """Build the English sample, open each view, and keep what it looks like; arguments name some pictures only."""
    names = sys.argv[1:] or list(VIEWS)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        workspace = Workspace(Settings(home))
        workspace.build(BuildRequest(sample_path("outdoor.csv"), name="Outdoor and home"))
        if "match" in names:
            workspace.build(BuildRequest(_rival(home), name="Rival"))
        take(home, names)


def _rival(folder: Path) -> Path:
    """Write another shop's catalog: a part of the sample in other words and at other prices."""
    own = pd.read_csv(sample_path("outdoor.csv"), dtype=str).iloc[::9]
    prices = pd.to_numeric(own["price"], errors="coerce")
    titles = [" ".join(reversed(title.replace(" \N{EN DASH} ", ", ").split(", "))) for title in own["title"]]
    shop = own.assign(sku=[f"R{number}" for number in range(len(own))], title=titles, gtin="", mpn="", description="")
    shop["price"] = (prices * np.resize([0.93, 1.04, 0.97, 0.88], len(own))).round(2)
    shop.to_csv(folder / "rival.csv", index=False)
    shutil.copytree(sample_path("outdoor.csv").parent / "images", folder / "images")
    return folder / "rival.csv"


def take(home: Path, names: list[str]) -> None:
    """Take pictures of the dashboard over a home folder."""
    with dashboard(ROOT / "app.py", home) as address, chromium() as page:
        page.set_viewport_size(SIZE)
        page.set_default_timeout(PATIENCE_MS)
        for name in names:
            for _ in range(2):  # the first visit opens the model, and the page says how long a search took
                page.goto(f"{address}/{VIEWS[name]}")
                _wait_until_at_rest(page)
            if name in STEPS:
                STEPS[name](page)
                _wait_until_at_rest(page)
            _save(page.screenshot(), FOLDER / f"{name}.png")


def _explain(page: Page) -> None:
    """Open the explanation of the first result."""
    page.locator(".ps-item").first.get_by_role("button", name="Why this result?").click()
    page.get_by_role("dialog").wait_for()


def _draw_points(page: Page) -> None:
    """Wait for the points of the map, which the browser draws after the page is at rest."""
    page.locator(".pm-tools button").first.wait_for()
    page.wait_for_timeout(1_000)


def _match(page: Page) -> None:
    """Match the two catalogs, where that has not been done."""
    button = page.get_by_role("button", name="Match the catalogs")
    if button.count():
        button.click()
    page.get_by_text("Why this match?").wait_for()


def _check(page: Page) -> None:
    """Run all checks, where that has not been done."""
    button = page.get_by_role("button", name="Check the catalog")
    if button.count():
        button.click()
    page.get_by_role("button", name="Not a problem").first.wait_for()


STEPS: Mapping[str, Callable[[Page], None]] = {"why": _explain, "map": _draw_points, "quality": _check, "match": _match}
"""What a person does on a page before its picture."""


def _wait_until_at_rest(page: Page) -> None:
    """Wait until the script has ended and everything that was being worked out is there."""
    expect(page.locator(READY)).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator("[data-testid=stMainBlockContainer] h1, [data-testid=stHeading]").first).to_be_visible()
    expect(page.locator(PENDING)).to_have_count(0, timeout=PATIENCE_MS)
    page.wait_for_function(VISIBLE_IMAGES_LOADED)


def _save(png: bytes, path: Path) -> None:
    """Write a picture with a palette, which is much smaller."""
    with Image.open(io.BytesIO(png)) as picture:
        palette = picture.convert("RGB").quantize(N_COLOURS, dither=Image.Dither.NONE)
        palette.save(path, optimize=True)


if __name__ == "__main__":
    main()
