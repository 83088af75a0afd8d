"""Times the dashboard in a real browser: ``python -m benchmarks.browser [products]``.

From the press of a key or button, as the browser saw it, until the first frame that shows the answer (*painted*) and
until the script has ended and nothing changes any more (*settled*). No peer has such pages; up to 100 ms feel instant.
The floor is what Streamlit takes for a page that has but a text field, a slider and a line that tells their values.
Needs chromium: apt-get install chromium.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from prodsim.settings import Settings
from prodsim.workspace import BuildRequest, Workspace
from sample_data.generate import generate_products

ROOT = Path(__file__).resolve().parent.parent
FLAGS = ["--no-sandbox", "--enable-unsafe-swiftshader"]
"""As a browser draws without a graphics card: only the map's WebGL is emulated, pages are drawn by the processor."""

N_TURNS = 20
CARD = ".ps-card .ps-title"
SCORE = ".ps-score"
HEADING = "h3"
READY = "[data-testid=stApp][data-test-script-state=notRunning]"
WATCH = """([selector, ready]) => {
  const shown = () => [...document.querySelectorAll(selector)].map(e => e.textContent).join();
  const before = shown();
  let started = null, painted = null, last = null, quiet = 0;
  const press = event => { started ??= event.timeStamp; };
  for (const name of ["pointerup", "keydown"]) addEventListener(name, press, {capture: true});
  new MutationObserver(() => { last = performance.now(); quiet = 0; }).observe(
    document.body, {subtree: true, childList: true, characterData: true, attributes: true});
  window.watched = new Promise(done => {
    const look = now => {
      const text = shown();
      if (started !== null && painted === null && text && text !== before) painted = now;
      quiet += 1;
      if (painted === null || quiet < 10 || !document.querySelector(ready)) return requestAnimationFrame(look);
      done([painted - started, Math.max(last, painted) - started]);
    };
    requestAnimationFrame(look);
  });
}"""
"""Tells when what a selector shows has changed, and when the page came to rest, in milliseconds after the press."""

FIRST_PAINT = """() =>
  (performance.timeOrigin + performance.getEntriesByName("first-contentful-paint")[0].startTime) / 1000"""
"""When the page first showed anything, in seconds since 1970."""
FLOOR = """
import streamlit as st
text = st.text_input("Search")
number = st.slider("Weight", 0, 100, 50)
st.html(f'<div class="ps-card"><b class="ps-title">{text} {number}</b></div>')
"""
"""The least page that answers a text and a slider."""

Step = Callable[[int], None]


def main() -> None:
    """Build invented products with the hashing encoder, then use the dashboard as a person does."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        file, home = Path(folder) / "shop.csv", Path(folder) / "home"
        products = generate_products(n)
        products.to_csv(file, index=False)
        Workspace(Settings(home)).build(BuildRequest(file, encoder="hashing"))
        with chromium() as page:
            started = time.time()
            with dashboard(ROOT / "app.py", home) as url:
                page.goto(f"{url}/search")
                page.locator(CARD).first.wait_for()
                cards_s, paint_s = time.time() - started, page.evaluate(FIRST_PAINT) - started
                print(
                    f"{n:,} products; {paint_s:.1f} s from `streamlit run` to the first paint, {cards_s:.1f} s to cards"
                )
                print()
                print(f"milliseconds in the browser, {N_TURNS} turns each\n")
                print(f"{'':28}{'painted p50':>12}{'p95':>7}{'settled p50':>13}{'p95':>7}")
                use(page, url, products["title"].tolist(), products["sku"].tolist())
            floor = Path(folder) / "floor.py"
            floor.write_text(FLOOR)
            with dashboard(floor, home) as url:
                page.goto(url)
                page.locator(CARD).first.wait_for()
                told(page, "floor: a text", lambda turn: ask(page, f"words {turn}"))
                told(page, "floor: a slider moved", lambda turn: move(page, turn, CARD))


def use(page: Page, url: str, titles: list[str], skus: list[str]) -> None:
    """One line per thing that a person does."""
    rows = np.random.default_rng(0).integers(0, len(skus), N_TURNS + 1)

    def select(turn: int) -> None:
        watch(page, HEADING, lambda: draw_lasso(page, 0.55 if turn % 2 else 0.05))

    told(page, "search by words", lambda turn: ask(page, titles[rows[turn]][:40]))
    told(page, "search by SKU", lambda turn: ask(page, skus[rows[turn]]))
    page.goto(f"{url}/search?q=jacket&tune=true")
    page.locator(SCORE).first.wait_for()
    told(page, "a slider moved", lambda turn: move(page, turn, SCORE))
    page.goto(f"{url}/map")
    page.locator(".pm-over").first.wait_for()
    page.wait_for_timeout(3000)  # the drawn points are not the page's to tell of
    told(page, "a lasso on the map", select)
    for name in ("Map", "Quality", "Compare", "Catalog", "Settings"):
        page.get_by_role("link", name="Search").click()
        page.get_by_role("heading", name="Search", exact=True).wait_for()
        told(page, f"Search to {name}, and back", switch(page, name))


def ask(page: Page, words: str) -> None:
    """Type words and press Enter."""
    search = page.get_by_role("textbox").first
    search.fill(words)
    watch(page, CARD, lambda: search.press("Enter"))


def move(page: Page, turn: int, selector: str) -> None:
    """Move the first slider a step, right and left in turns."""
    watch(page, selector, lambda: page.get_by_role("slider").first.press("ArrowLeft" if turn % 2 else "ArrowRight"))


def switch(page: Page, name: str) -> Step:
    """To a page and back, in turns."""
    return lambda turn: watch(page, "h1", page.get_by_role("link", name="Search" if turn % 2 else name).first.click)


def draw_lasso(page: Page, left: float) -> None:
    """Around a part of the map, from a share of its width on; begun where the last was drawn, it would move that."""
    box = page.locator(".pm-over").first.bounding_box()
    assert box is not None
    corners = [(left, 0.05), (left + 0.4, 0.05), (left + 0.4, 0.95), (left, 0.95), (left, 0.07)]
    points = [(box["x"] + across * box["width"], box["y"] + down * box["height"]) for across, down in corners]
    page.mouse.move(*points[0])
    page.mouse.down()
    for x, y in points[1:]:
        page.mouse.move(x, y, steps=3)
    page.mouse.up()


def told(page: Page, name: str, step: Step) -> None:
    """Do something several times; the first only warms up."""
    took = []
    for turn in range(N_TURNS + 1):
        step(turn)
        took.append(page.evaluate("() => window.watched"))
    painted, settled = np.array(took[1:]).T
    cells = [*np.percentile(painted, [50, 95]), *np.percentile(settled, [50, 95])]
    print(f"{name:28}{cells[0]:12.0f}{cells[1]:7.0f}{cells[2]:13.0f}{cells[3]:7.0f}", flush=True)


def watch(page: Page, selector: str, act: Callable[[], None]) -> None:
    """Do something, with the browser watching what the selector shows."""
    page.wait_for_selector(READY)
    page.evaluate(WATCH, [selector, READY])
    act()


@contextmanager
def dashboard(script: Path, home: Path) -> Iterator[str]:
    """The address of a dashboard, or of another script of Streamlit's, over the catalogs of a folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless=true", f"--server.port={port}"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PRODSIM_HOME": str(home)}, **quiet)
    try:
        while server.poll() is None:
            with socket.socket() as probe:
                if not probe.connect_ex(("127.0.0.1", port)):
                    break
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


@contextmanager
def chromium() -> Iterator[Page]:
    """A page of the machine's browser, of a laptop's size."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        sys.exit("The browser benchmark needs chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(120_000)
        yield page
        browser.close()


if __name__ == "__main__":
    main()
