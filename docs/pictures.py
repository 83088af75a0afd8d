"""Take the pictures of README and site: the dashboard on the samples in a headless browser. ``make pictures``.

Needs chromium: apt-get install chromium fonts-noto-cjk.
"""

import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect

from benchmarks.browser import ROOT, chromium, dashboard
from prodsim import BuildRequest, Settings, Workspace, sample_path

FOLDER = Path(__file__).parent / "images"
SIZE = {"width": 1280, "height": 800}
PATIENCE_MS = 60_000
VIEWS = {
    "search": "?q=warm+waterproof+jacket",
    "map": "map",
    "ask": "ask",
    "quality": "quality",
    "compare": "compare",
    "recommend": "recommend",
    "adapt": "adapt",
    "catalog": "catalog",
    "settings": "settings",
}
"""Each picture, to the page and the link's parameters that it shows."""


def main() -> None:
    """Build the English sample, open each view, and keep what it looks like."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        Workspace(Settings(home)).build(BuildRequest(sample_path("outdoor.csv"), name="Outdoor and home"))
        with dashboard(ROOT / "app.py", home) as address, chromium() as page:
            page.set_viewport_size(SIZE)
            page.set_default_timeout(PATIENCE_MS)
            for name, view in VIEWS.items():
                page.goto(f"{address}/{view}")
                _wait_until_at_rest(page)
                page.screenshot(path=FOLDER / f"{name}.png")


def _wait_until_at_rest(page: Page) -> None:
    """Wait until the script has ended and all skeletons are replaced."""
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0, timeout=PATIENCE_MS)
    page.wait_for_load_state("networkidle")


if __name__ == "__main__":
    main()
