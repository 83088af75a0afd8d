"""What people do with the dashboard, done in a browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from prodsim.settings import Settings
from prodsim.workspace import BuildRequest, Workspace
from tests.adapt.conftest import make_base, make_shop

pytestmark = pytest.mark.browser


def search(page: Page, words: str) -> None:
    box = page.get_by_placeholder("Words, a SKU", exact=False)
    box.fill(words)
    box.press("Enter")
    expect(page.get_by_text("most similar first", exact=False).first).to_be_visible()


def titles(page: Page) -> list[str]:
    """The titles shown, once the page is drawn to its end: until then those of the question before may stand there."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.locator(".ps-title").first).to_be_visible()
    return page.locator(".ps-title").all_text_contents()  # the inner text of a card below the screen is empty


def lasso_everything(page: Page) -> int:
    """Draw around the whole map, and read how many products that selects."""
    plot = page.locator(".pm-over")
    expect(plot).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")  # else it is redrawn
    box = plot.bounding_box()
    corners = [(0.01, 0.01), (0.93, 0.01), (0.93, 0.99), (0.01, 0.99), (0.01, 0.03)]
    points = [(box["x"] + fx * box["width"], box["y"] + fy * box["height"]) for fx, fy in corners]
    page.mouse.move(*points[0])
    page.mouse.down()
    for x, y in points[1:]:
        page.mouse.move(x, y, steps=8)
    page.mouse.up()
    said = page.get_by_text("products selected", exact=False).first
    expect(said).to_be_visible()
    return int("".join(c for c in said.inner_text() if c.isdigit()))


def test_the_first_search_shows_cards_and_leads_on(page, address):
    page.goto(f"{address}/search")
    search(page, "waterproof jacket")
    expect(page.locator(".ps-title").first).to_contain_text(re.compile("acket|aterproof"))
    found = titles(page)
    assert sum("acket" in title or "aterproof" in title for title in found[:6]) >= 5
    page.wait_for_function("() => document.querySelector('.ps-pic img')?.naturalWidth > 0")

    page.get_by_role("button", name="Similar").first.click()

    expect(page.get_by_text("Query product")).to_be_visible()
    assert found[0] in titles(page)[0]


def test_a_card_opens_the_product_which_leads_on_and_has_a_link(page, address, browser):
    page.goto(f"{address}/search?q=rain+jacket")
    expect(page.locator(".ps-variants").first).to_have_text(re.compile("^in .*(size|colour)"))
    title = titles(page)[0]
    page.locator(".ps-title").first.click()
    product = page.get_by_role("dialog")
    expect(product.locator(".pp-title")).to_have_text(title)
    expect(product.locator(".pp-variant[aria-current]")).to_have_count(1)

    product.locator(".ps-small .ps-title").first.click()
    expect(product.locator(".pp-title")).not_to_have_text(title)
    colleague = browser.new_page()
    colleague.goto(page.url)
    expect(colleague.get_by_role("dialog").locator(".pp-title")).to_have_text(product.locator(".pp-title").inner_text())
    colleague.close()

    page.go_back()
    expect(product.locator(".pp-title")).to_have_text(title)
    page.keyboard.press("Escape")
    expect(product).to_have_count(0)
    assert titles(page)[0] == title
    expect(page).not_to_have_url(re.compile("product="))


def test_chosen_cards_go_on_a_shortlist_and_the_view_is_saved_for_a_colleague(page, address, browser):
    page.goto(f"{address}/search?q=rain+jacket&per_brand=2")
    found = titles(page)
    for place in (0, 2):
        page.locator(".ps-choose").nth(place).check()
    bar = page.locator(".ps-bulk")
    expect(bar).to_contain_text("2 chosen")
    bar.get_by_role("button", name=re.compile("Put on")).click()
    sidebar = page.get_by_test_id("stSidebar")
    expect(sidebar.get_by_text("Shortlist (2)")).to_be_visible()
    bar.get_by_role("button", name="Side by side").click()
    compared = page.get_by_role("dialog")
    expect(compared.locator(".pc-title")).to_have_text([found[0], found[2]])
    page.keyboard.press("Escape")
    sidebar.get_by_role("button", name=re.compile("Views")).click()
    page.get_by_label("Name of the view").fill("Jackets for rain")
    page.get_by_role("button", name="Save this view").click()
    expect(page.get_by_role("link", name="Jackets for rain")).to_be_visible()

    colleague = browser.new_page()
    colleague.goto(f"{address}/overview")
    expect(colleague.get_by_role("heading", name="Overview")).to_be_visible()
    expect(colleague.get_by_text("Page not found")).to_have_count(0)
    colleague.get_by_test_id("stSidebar").get_by_role("button", name=re.compile("Views")).click()
    colleague.get_by_role("link", name="Jackets for rain").click()
    expect(colleague.get_by_placeholder("Words, a SKU", exact=False)).to_have_value("rain jacket")
    assert titles(colleague) == found
    expect(colleague.get_by_test_id("stSidebar").get_by_text("Shortlist (2)")).to_be_visible()
    colleague.close()


def test_many_findings_are_accepted_and_taken_back_at_once(page, address):
    page.goto(f"{address}/quality")
    page.get_by_role("button", name="Check the catalog").click()
    open_now = page.get_by_text(re.compile(r"^Open \(\d"))
    expect(open_now).to_be_visible(timeout=120_000)
    before = open_now.inner_text()
    page.get_by_role("button", name="Decide many").click()
    accept = page.get_by_role("button", name=re.compile(r"^Accept [\d,]+ proposals?$"))
    n = int("".join(filter(str.isdigit, accept.inner_text())))
    assert n > 1
    accept.click()
    expect(page.get_by_text(f"Decided ({n:,})")).to_be_visible()
    expect(open_now).not_to_have_text(before)
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_text("Decided (0)")).to_be_visible()
    expect(open_now).to_have_text(before)


def test_a_link_reopens_the_same_view(page, address, browser):
    page.goto(f"{address}/search")
    search(page, "coffee")
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("to", exact=True).fill("40")
    page.keyboard.press("Enter")
    page.wait_for_url("**price_max=40**")

    colleague = browser.new_page()
    colleague.goto(page.url)
    expect(colleague.get_by_text("most similar first", exact=False).first).to_be_visible()
    expect(colleague.locator(".ps-title")).to_have_count(24)
    expect(page.locator(".ps-title")).to_have_text(titles(colleague))
    expect(colleague.get_by_placeholder("Words, a SKU", exact=False)).to_have_value("coffee")

    colleague.goto(page.url.replace("/search?", "/?"))  # as links were before Overview was the first page
    colleague.wait_for_url(page.url)
    expect(page.locator(".ps-title")).to_have_text(titles(colleague))
    colleague.close()


def test_an_own_file_in_an_odd_encoding_becomes_searchable(page, address, tmp_path):
    lines = ["编号;标题;价格"] + [
        f"{n:03};{name} 第{n}款;{n},50" for n in range(20) for name in ("补水保湿面霜" if n % 2 else "静音台式风扇",)
    ]
    own = tmp_path / "我的商品.csv"
    own.write_bytes("\r\n".join(lines).encode("gb18030"))

    page.goto(f"{address}/catalog")
    page.get_by_test_id("stButtonGroup").get_by_text("Add a catalog").click()
    page.locator("input[type=file]").first.set_input_files(str(own))
    expect(page.get_by_text("gb18030", exact=False).first).to_be_visible()
    expect(page.get_by_text("20 rows", exact=False).first).to_be_visible()
    page.get_by_role("button", name="Build", exact=True).click()
    sidebar = page.get_by_test_id("stSidebar")  # names the chosen catalog; the build tells a number of products too
    expect(sidebar.get_by_text(re.compile("^20 products · "))).to_be_visible(timeout=120_000)
    page.get_by_role("link", name="Search").click()
    search(page, "面霜")

    assert all("面霜" in title for title in titles(page)[:5])


def test_dark_and_light_differ_and_both_can_be_read(browser, address):
    brightness = {}
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        page.goto(f"{address}/search")
        expect(page.get_by_role("heading", name="Search")).to_be_visible(timeout=45_000)
        colours = page.evaluate(
            "() => ['background-color', 'color'].map(name => getComputedStyle(document.querySelector('.stApp')).getPropertyValue(name))"
        )
        brightness[scheme] = [
            sum(int(n) for n in colour[colour.index("(") + 1 : -1].split(",")[:3]) for colour in colours
        ]
        page.close()

    assert brightness["light"][0] > 600 > 300 > brightness["light"][1]
    assert brightness["dark"][0] < 150 < 500 < brightness["dark"][1]


@pytest.fixture
def tools(own_home, tmp_path):
    """A catalog of short texts and a small encoder: it is soon adapted, and enough is asked for a verdict."""
    shop, _ = make_shop(tmp_path, 150)
    Workspace(Settings(own_home)).build(BuildRequest(shop, name="Tools", encoder=make_base(own_home / "base")))


@pytest.mark.usefixtures("tools")
def test_the_encoder_is_adapted_and_what_came_of_it_discarded(page, address):
    page.goto(f"{address}/adapt?catalog=Tools")
    expect(page.get_by_role("button", name="Preview the training data")).to_be_visible()  # the last that is drawn
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.get_by_text("More options", exact=True).click()
    base = page.get_by_role("combobox", name=re.compile("Base"))
    expect(base).to_be_in_viewport(ratio=1)
    expect(page.get_by_text("Starts from", exact=False)).to_be_visible()  # the encoder of the catalog
    batches = page.get_by_role("spinbutton", name="Batches")
    batches.fill("5")
    batches.press("Enter")
    page.get_by_role("button", name="Preview the training data").click()
    expect(page.get_by_text(re.compile("[1-9]\\d* questions about them"))).to_be_visible(timeout=300_000)

    page.get_by_role("button", name=re.compile("Start$")).click()

    # at a low priority, a run on a busy machine takes its time
    expect(page.get_by_role("button", name="Model card")).to_be_visible(timeout=1_200_000)
    expect(page.get_by_text(re.compile("helped|harm|clear difference|worse")).first).to_be_visible()
    expect(page.get_by_text("What changed most")).to_be_visible()

    page.get_by_role("button", name="Discard").click()

    expect(page.get_by_text("The run was discarded", exact=False)).to_be_visible()
    expect(page.get_by_text("There are no runs yet", exact=False)).to_be_visible()
