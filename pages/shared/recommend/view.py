"""Recommending: whose history, the list with its reasons, what goes with a product, how good it is, the histories."""

import tempfile
from pathlib import Path

import pandas as pd
import streamlit as st

from pages.shared import search_form, state
from pages.shared.background import answer, answered, ask
from pages.shared.download import download_table
from pages.shared.frame import as_written, errors_shown
from pages.shared.grid import Action, Card, draw_cards, products_shown
from pages.shared.quality.exchange import FORMATS
from pages.shared.results import move_mark, offer_exports
from prodsim.catalog import read_table
from prodsim.evaluation import Estimate
from prodsim.output.charts import intervals_figure
from prodsim.output.tables import column_names
from prodsim.recommend import (
    FIELDS,
    SOURCES,
    Histories,
    Measurement,
    Recommendation,
    RecommendationList,
    Recommender,
    Split,
    UserProfile,
    propose_fields,
    shown_count,
)
from prodsim.search import Query, left_out_text
from prodsim.workspace import OpenCatalog
from prodsim.workspace.shoppers import Shoppers

SHOPPER, ADD, EVENTS = "shopper", "add to history", "events"
N_LISTED = 24
N_OFFERED = 6
BUSIEST = 200
SPLITS: dict[Split, str] = {"last": "each shopper's last new product", "time": "what was new in the last fifth"}
PRODUCTS, SHOPPERS = "products I choose", "a shopper"


def shoppers_of(opened: OpenCatalog) -> Shoppers:
    """The histories of the chosen catalog."""
    return state.workspace().shoppers(opened.name)


def kept_histories(opened: OpenCatalog) -> Histories | None:
    """Those kept, read once per version and shared; ``None`` where there are none."""
    shoppers = shoppers_of(opened)
    return _kept(str(state.workspace().settings.home), opened.name, shoppers.version) if shoppers.exists else None


def learned(opened: OpenCatalog, histories: Histories | None) -> Recommender | None:
    """What recommends; ``None`` while it still learns, which is shown."""
    shoppers = shoppers_of(opened)
    if histories is None or shoppers.is_learned(opened, histories):
        key = shoppers.learned_name(opened, histories)
        return _recommender(str(state.workspace().settings.home), opened.name, key, opened)
    work = lambda job: shoppers.recommender(opened, histories, job)  # noqa: E731 - runs as a job
    question = (opened.name, shoppers.learned_name(opened, histories))
    return answer("learned", question, "Learning from the histories", work, 420)


def ask_taste(opened: OpenCatalog, histories: Histories | None) -> UserProfile:
    """Products clicked together, or a shopper of the histories."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        whose = PRODUCTS
        if histories is not None:
            whose = st.segmented_control(
                "By", (PRODUCTS, SHOPPERS), default=PRODUCTS, key="whose", bind="query-params", required=True
            )
        if whose == SHOPPERS and histories is not None:
            return _ask_shopper(opened, histories)
        typed = st.text_input(
            "Add what a shopper looked at", key=ADD, placeholder="Words or a SKU", icon=":material/add:"
        )
    chosen = search_form.ask_chips(search_form.HISTORY, "Looked at, the last one last", opened.catalog)
    if typed:
        _offer(opened, typed)
    return UserProfile.of([opened.engine.lookup.row(sku) for sku in chosen])


def draw_list(opened: OpenCatalog, recommender: Recommender, profile: UserProfile) -> None:
    """The list with its reasons, and the limits and rules for it."""
    filters, arrangement = search_form.ask_limits(opened)
    if not len(profile) and recommender.sources.collaborative is None:
        st.info("Add a product that a shopper looked at; what to show next follows.", icon=":material/ads_click:")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        again = st.toggle("Also what was seen", key="again", bind="query-params")
        found = recommender.recommend(profile, N_LISTED, filters, arrangement, again=again)
        told = _sentence(found)
        st.caption(told, help=_told_sources(recommender))
        st.space("stretch")
        offer_exports(f"{opened.name} recommendations", lambda: _table(found), told)
    if found.note:
        st.text(found.note)
    products = products_shown(opened.catalog, [hit.row for hit in found.hits])
    cards = [
        Card(product, _adding(), hit.score, hit.parts, move_mark(hit.moved) if hit.moved else "", note=_note(hit))
        for product, hit in zip(products, found.hits, strict=True)
    ]
    draw_cards(cards, Path(opened.info.base))


def draw_bought_together(opened: OpenCatalog, recommender: Recommender, profile: UserProfile) -> None:
    """What is bought together with the last product; similar ones are the Search page's."""
    if recommender.sources.collaborative is None:
        st.info("What is bought together is learned from histories; there are none yet.", icon=":material/history:")
        return
    if not len(profile):
        st.info("Add a product, or choose a shopper.", icon=":material/ads_click:")
        return
    row = int(profile.rows[0])
    found = recommender.bought_together(row, 12)
    title = as_written(str(opened.catalog.products["title"].iat[row]))
    st.caption(f"Bought together with “{title}”. What could be bought instead is not among them: see Search.")
    if not found:
        st.text("Nothing else was bought together with it.")
        return
    products = products_shown(opened.catalog, [one.row for one in found])
    draw_cards(
        [Card(product, _adding(), one.score) for product, one in zip(products, found, strict=True)],
        Path(opened.info.base),
    )


def draw_measurement(opened: OpenCatalog, histories: Histories | None) -> None:
    """How well what shoppers took next is foretold, beside popularity and implicit alone."""
    if histories is None:
        st.info("Measuring needs histories; there are none yet.", icon=":material/history:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        split: Split = st.selectbox("Keep back", list(SPLITS), format_func=lambda one: SPLITS[one], key="split")
        question = (opened.name, opened.info.built, shoppers_of(opened).version, split)
        work = lambda job: shoppers_of(opened).measure(opened, histories, split, job)  # noqa: E731 - runs as a job
        st.button(
            "Measure", icon=":material/speed:", on_click=ask, args=("measured", question, "Measuring", work),
            key="measure lists",
        )  # fmt: skip
    found: Measurement | None = answered("measured", question, 420)
    if found is None:
        return
    gain = found.gains["ndcg@10"]
    st.text(
        f"{found.shoppers}. Lead in nDCG@10 over the best other way: {gain.mean:+.3f} "
        f"(95 % within {gain.low:+.3f} to {gain.high:+.3f}{_told_lead(gain)}). "
        f"{found.cold_wanted:.1%} of what they took next was new."
    )
    st.plotly_chart(
        intervals_figure([(one.name, one.metrics["ndcg@10"]) for one in found.methods], "nDCG@10"),
        key="ways", config={"displayModeBar": False}, alt="nDCG@10 by way",
    )  # fmt: skip
    st.dataframe(_ways(found), hide_index=True, alt="All measures by way")
    st.caption(
        "Learned: " + ", ".join(f"{name} {weight:.0%}" for name, weight in found.weights.items() if weight >= 0.005)
    )


def draw_histories(opened: OpenCatalog, histories: Histories | None) -> None:
    """What is kept; bringing a file, erasing a person, deleting all."""
    shoppers = shoppers_of(opened)
    if histories is not None:
        st.text(f"{len(histories.events):,} events of {shown_count(histories.n_users)} shoppers are kept.")
        for finding in histories.findings:
            st.text(finding.what)
    st.caption("User ids are replaced by keyed hashes as the file is read; the key stays on this machine.")
    sample = state.ROOT / "sample_data" / "outdoor_histories.csv"
    if histories is None and opened.name == state.SAMPLES[0].name and sample.is_file():
        st.button(
            "Use the sample's histories", on_click=_keep, args=(opened, sample, {}), icon=":material/auto_awesome:"
        )
    brought = st.file_uploader(
        "Events: user, product, maybe time, event, quantity, order, rating", FORMATS,
        key=f"{EVENTS} {st.session_state.setdefault(EVENTS, 0)}",
    )  # fmt: skip
    if brought is not None:
        with tempfile.TemporaryDirectory() as folder, errors_shown():
            path = Path(folder) / Path(brought.name).name
            path.write_bytes(brought.getbuffer())
            _confirm(opened, path, brought.file_id)
    if histories is None:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        user = st.text_input("A person's id, as in the file", key="person").strip()
        if user and len(events := histories.of(shoppers.pseudonym(user))):
            download_table("Export", events.drop(columns=["user", "basket"]), "person.csv")
            st.button("Erase", on_click=_erase, args=(shoppers, user), icon=":material/person_remove:")
        elif user:
            st.text("There are no events of that shopper.")
        st.space("stretch")
        st.button("Delete all histories", on_click=_remove, args=(shoppers,), icon=":material/delete:")


def _confirm(opened: OpenCatalog, path: Path, file_id: str) -> None:
    """Which column is what, guessed, and a button that reads the file so."""
    key = f"columns of {file_id}"
    if key not in st.session_state:
        st.session_state[key] = [str(column) for column in read_table(path).frame.columns]
    columns: list[str] = st.session_state[key]
    guess = propose_fields(columns)
    chosen: dict[str, str] = {}
    with st.container(horizontal=True):
        for field in FIELDS:
            index = columns.index(guess[field]) if field in guess else None
            label = "SKU" if field == "sku" else field.capitalize()
            key = f"column {field} of {file_id}"  # another file begins with its own guess
            column = st.selectbox(label, columns, index, key=key, placeholder="none", width=130)
            chosen[field] = column or ""
    if st.button("Read and keep", type="primary", icon=":material/play_arrow:"):
        with errors_shown(), st.spinner("Reading the events"):
            shoppers = shoppers_of(opened)
            shoppers.keep(shoppers.read(path, opened, chosen))
            _forget_file()
            st.rerun()


def _keep(opened: OpenCatalog, path: Path, mapping: dict[str, str]) -> None:
    with errors_shown():
        shoppers = shoppers_of(opened)
        shoppers.keep(shoppers.read(path, opened, mapping))


def _erase(shoppers: Shoppers, user: str) -> None:
    with errors_shown():
        shoppers.erase(user)
        _forget_cached()
    st.session_state["person"] = ""


def _remove(shoppers: Shoppers) -> None:
    with errors_shown():
        shoppers.remove()
        _forget_cached()


def _forget_file() -> None:
    """The file that was brought has plain ids; another uploader takes its place."""
    st.session_state[EVENTS] = st.session_state.get(EVENTS, 0) + 1


def _forget_cached() -> None:
    """What was erased must not stay in memory."""
    _forget_file()
    _kept.clear()
    _busiest.clear()
    _recommender.clear()
    st.session_state.pop("asked learned", None)


def _ask_shopper(opened: OpenCatalog, histories: Histories) -> UserProfile:
    busiest = _busiest(shoppers_of(opened).version, histories)
    options = busiest.index[:BUSIEST].tolist()
    typed = st.session_state.get("shopper id", "").strip()
    n, n_offered = shown_count(len(busiest)), shown_count(len(options))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Shopper", options, key=SHOPPER, format_func=lambda user: f"{user} · {busiest[user]:,} events", width=320,
            help=f"The {n_offered} busiest of {n}, as keyed hashes.",
        )  # fmt: skip
        st.text_input("or the id as in the file", key="shopper id", width=220)
    user = shoppers_of(opened).pseudonym(typed) if typed else chosen
    profile = shoppers_of(opened).profile(opened, histories, user or "")
    if typed and not len(profile):
        st.text("There are no events of that shopper.")
    if len(profile):
        titles = opened.catalog.products["title"].iloc[profile.rows[:N_OFFERED]]
        more = f" · and {len(profile) - N_OFFERED:,} before" if len(profile) > N_OFFERED else ""
        st.caption("Last: " + as_written(" · ".join(title[:60] for title in titles)) + more)
    return profile


def _offer(opened: OpenCatalog, typed: str) -> None:
    hits = opened.search(Query(typed), N_OFFERED).hits
    with st.container(horizontal=True):
        for hit in hits:
            st.button(
                as_written(f"{hit.title[:48]} · {hit.sku}"), on_click=_add, args=(hit.sku,), icon=":material/add:"
            )


def _adding() -> tuple[Action, ...]:
    """What a card offers: to add it to the history that is clicked together; what a shopper did is not added to."""
    is_own = st.session_state.get("whose") != SHOPPERS
    return (Action(":material/add:", "Add to the history", _add, "Looked at"),) * is_own


def _add(sku: str) -> None:
    search_form.append(sku, search_form.HISTORY)
    st.session_state[ADD] = ""
    st.session_state["whose"] = PRODUCTS


def _note(hit: Recommendation) -> str:
    first = hit.because[0] if hit.because else None
    strongest = max(hit.parts, key=lambda name: hit.parts[name], default="")
    told = (
        f"because of “{first.title[:60]}” ({first.why})"
        if first
        else SOURCES[strongest]()
        if strongest in SOURCES
        else strongest
    )
    return " · ".join([told, *hit.rules, *(["nobody had it yet"] if hit.is_new else [])])


def _told_lead(gain: Estimate) -> str:
    """What an interval around a lead means."""
    if gain.low > 0:
        return ": better"
    return ": worse" if gain.high < 0 else ": no difference can be told"


def _told_sources(recommender: Recommender) -> str:
    """What the parts of a score mean, and how much each counts."""
    weights = recommender.source_weights.weights
    lines = [f"*{name}* ({weights[name]:.0%}): {what()}" for name, what in SOURCES.items() if weights.get(name)]
    learned_of = (
        f"The weights are learned of {shown_count(recommender.source_weights.n)} shoppers."
        if recommender.source_weights.n
        else ""
    )
    return "; ".join(lines) + f". {learned_of}"


def _sentence(found: RecommendationList) -> str:
    interests = f" of {found.n_interests:,} interests" if found.n_interests > 1 else ""
    used = f"by {len(found.history):,} products{interests}" if found.history else "without a history"
    left = left_out_text(found.left_out) if any(found.left_out.values()) else ""
    return " · ".join(filter(None, [f"{len(found.hits):,} products {used}", left, f"{found.took_ms:.0f} ms"]))


def _table(found: RecommendationList) -> pd.DataFrame:
    """The list as it is exported."""
    hits = found.hits
    own = {
        "rank": range(1, len(hits) + 1),
        "sku": [hit.sku for hit in hits],
        "title": [hit.title for hit in hits],
        "score": [hit.score for hit in hits],
        "because": ["; ".join(f"{one.sku} ({one.why}, {one.share:.0%})" for one in hit.because) for hit in hits],
        "rules": ["; ".join(hit.rules) for hit in hits],
    }
    parts = pd.DataFrame([hit.parts for hit in hits])
    return pd.concat([pd.DataFrame(own), parts], axis=1).set_axis(column_names([*own], [*map(str, parts)]), axis=1)


def _ways(found: Measurement) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "way": one.name,
                **{name: round(value.mean, 3) for name, value in one.metrics.items()},
                "recall@10 within": f"{one.metrics['recall@10'].low:.3f} to {one.metrics['recall@10'].high:.3f}",
                "coverage": f"{one.coverage:.1%}",
                "new products": f"{one.cold:.1%}",
            }
            for one in found.methods
        ]
    )


@st.cache_resource(max_entries=4, show_spinner=False)
def _busiest(version: str, _histories: Histories) -> "pd.Series[int]":
    """Events per shopper, most first."""
    return _histories.events["user"].value_counts()


@st.cache_resource(max_entries=4, show_spinner=False)
def _kept(home: str, name: str, version: str) -> Histories:
    return state.workspace().shoppers(name).histories()


@st.cache_resource(max_entries=4, show_spinner=False)
def _recommender(home: str, name: str, learned: str, _opened: OpenCatalog) -> Recommender:
    return state.workspace().shoppers(name).recommender(_opened)
