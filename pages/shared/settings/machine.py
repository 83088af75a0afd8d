"""What prodsim runs on: encoders, storage, device, privacy, versions."""

import pandas as pd
import streamlit as st

from pages.shared import state
from pages.shared.catalog.overview import offer_delete
from pages.shared.download import DOWNLOAD, Download, draw_downloads
from prodsim.doctor import Diagnosis
from prodsim.encoders import ENCODERS, EncoderSpec
from prodsim.settings import Settings
from prodsim.workspace import remove_uploads


def show_encoders(diagnosis: Diagnosis) -> None:
    """The encoders there are: what each reads, its size and licence, and whether it is on this machine."""
    st.subheader("Encoders", anchor=False)
    rows = [_row(spec, spec.name not in diagnosis.missing) for spec in ENCODERS]
    for model in diagnosis.models:
        rows.append({"name": model.name, "good": "In the local model cache.", "mb": model.size_mb, "here": True})
    columns = st.column_config
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        alt="Encoders",
        column_config={
            "name": columns.TextColumn("Name"),
            "good": columns.TextColumn("What it is good for", width="large"),
            "reads": columns.TextColumn("Reads", width="small"),
            "dim": columns.NumberColumn("Numbers", help="Numbers per vector.", width="small"),
            "tokens": columns.TextColumn("Tokens", help="Pieces of words read of a text; more is told.", width="small"),
            "mb": columns.NumberColumn("MB", help="Size of the weights.", format="%d", width="small"),
            "licence": columns.TextColumn("Licence", width="small"),
            "here": columns.CheckboxColumn("Here", help="Whether it is on this machine already.", width="small"),
        },
    )
    st.text(f"Taken unless you choose another, where it can read the texts (auto): {diagnosis.encoder}.")
    st.caption(
        "Any sentence-transformers model works, by name or folder: type it as encoder when you bring a file, "
        "or pass `--encoder` on the command line."
    )


def show_storage(diagnosis: Diagnosis) -> None:
    """What each catalog takes, with a way to delete it, and what all share."""
    st.subheader("Storage", anchor=False)
    use = state.workspace().storage()
    infos = {info.name: info for info in state.workspace().catalogs()}
    st.text(f"{use.total:,.1f} MB in {diagnosis.home} · {diagnosis.free_gb:,.1f} GB free")
    with st.container(border=True, gap="xsmall"):
        for name, size_mb in use.catalogs.items():
            label, products, size, delete = st.columns([5, 3, 2, 2], vertical_alignment="center")
            label.text(name)
            products.text(f"{infos[name].products:,} products" if name in infos else "not finished")
            size.text(f"{size_mb:,.1f} MB")
            with delete:
                offer_delete(name)
        for title, size_mb, why in (
            ("Vectors", use.vectors, "shared by all catalogs, so that a text is encoded once"),
            ("Models", use.models, "converted once to run quickly here"),
            ("Adapted encoders", use.adapted, "all runs of the Adapt page"),
            ("Uploaded files", use.uploads, "kept so that a build can go on"),
        ):
            label, what, size, action = st.columns([5, 3, 2, 2], vertical_alignment="center")
            label.text(title)
            what.caption(why)
            size.text(f"{size_mb:,.1f} MB")
            if title == "Uploaded files":
                with action:
                    _offer_cleaning()


def show_device(diagnosis: Diagnosis) -> None:
    """Where models run, and why."""
    st.subheader("Device", anchor=False)
    features = f" · {', '.join(diagnosis.cpu_features)}" if diagnosis.cpu_features else ""
    memory = f" · {diagnosis.memory_gb:,.0f} GB memory" if diagnosis.memory_gb else ""
    st.text(diagnosis.device)
    st.text(f"{diagnosis.system} · {diagnosis.cores} cores{features}{memory}")
    st.caption("Set PRODSIM_DEVICE to cpu, cuda or mps before starting, to choose another; auto takes the fastest.")


def show_privacy(settings: Settings) -> None:
    """What leaves the machine: nothing."""
    st.subheader("Privacy", anchor=False)
    st.text(
        "Products, searches and vectors stay on this machine. Nothing is sent anywhere; usage statistics are off. "
        "Pictures with a web address are loaded by your browser from there."
    )
    allowed = "may be downloaded when you name one" if settings.allow_download else "are never downloaded"
    st.text(f"Models {allowed}.")
    st.caption("PRODSIM_ALLOW_DOWNLOAD=1 allows a download of models; without it, none happens.")


def show_versions(diagnosis: Diagnosis) -> None:
    """Packages and their versions, with a way to take everything on this page along."""
    st.subheader("Versions", anchor=False)
    rows = [(name, version or "not installed") for name, version in diagnosis.versions.items()]
    st.dataframe(pd.DataFrame(rows, columns=["package", "version"]), hide_index=True, height=320, alt="Versions")
    what = "What `python -m prodsim doctor` prints: no products."
    report = Download(
        "Download for a bug report", diagnosis.as_text, "prodsim-doctor.txt", "text/plain", DOWNLOAD, what
    )
    draw_downloads("bug report", [report])


def _row(spec: EncoderSpec, is_here: bool) -> dict[str, object]:
    return {
        "name": spec.name,
        "good": spec.summary,
        "reads": spec.languages,
        "dim": spec.dim,
        "tokens": f"{spec.max_tokens:,}" if spec.max_tokens else "all",
        "mb": spec.size_mb,
        "licence": spec.licence,
        "here": is_here,
    }


def _offer_cleaning() -> None:
    unused = state.workspace().unused_uploads()
    with st.popover("Clean", icon=":material/cleaning_services:", disabled=not unused or bool(state.active_jobs())):
        st.text(f"{len(unused):,} uploaded files belong to no catalog.")
        st.button("Delete them", type="primary", on_click=remove_uploads, args=(unused,))
