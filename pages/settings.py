"""Settings: encoders, device, storage, privacy, versions."""

import pandas as pd
import streamlit as st

from pages.shared import frame, state
from prodsim.doctor import examine
from prodsim.encoders import ENCODERS

frame.title("Settings", "What reads your products, where they are kept, and what would make it faster.")
settings = state.workspace().settings
diagnosis = examine(settings)
for advice in diagnosis.advice:
    with st.container(border=True):
        st.text(advice.what)
        st.text(advice.fix)

st.subheader("Encoders", anchor=False)
st.dataframe(
    pd.DataFrame(
        [(s.name, s.summary, s.languages, s.dim, s.max_tokens, s.size_mb, s.licence) for s in ENCODERS],
        columns=["name", "what it is good for", "reads", "numbers", "tokens read", "MB", "licence"],
    ),
    hide_index=True,
    alt="Encoders",
)
st.caption(
    "Any sentence-transformers model works too, by name or folder: `python -m prodsim build FILE --encoder NAME`."
)

st.subheader("Device", anchor=False)
st.text(f"{diagnosis.device} · {diagnosis.system}, {diagnosis.cores} cores")
st.caption("Set PRODSIM_DEVICE to cpu, cuda or mps before starting, to choose another.")

st.subheader("Storage", anchor=False)
st.text(f"{diagnosis.home} · {diagnosis.free_gb:,.1f} GB free")
sizes = [(info.name, info.products, state.workspace().size_mb(info.name)) for info in state.workspace().catalogs()]
st.dataframe(pd.DataFrame(sizes, columns=["catalog", "products", "MB"]), hide_index=True, alt="Catalogs and their size")
shared = sum(path.stat().st_size for path in (settings.home / "vectors").rglob("*") if path.is_file()) / 1e6
st.caption(f"{shared:,.1f} MB of vectors are shared by all catalogs, so that a text is encoded once.")

st.subheader("Privacy", anchor=False)
st.text(
    "Products, searches and vectors stay on this machine. Nothing is sent anywhere; usage statistics are off. "
    "Pictures with a web address are loaded by your browser from there."
)
st.caption(
    "Models are "
    + ("downloaded when named" if settings.allow_download else "never downloaded; PRODSIM_ALLOW_DOWNLOAD=1 allows it")
    + "."
)

st.subheader("Versions", anchor=False)
st.dataframe(
    pd.DataFrame(diagnosis.versions.items(), columns=["package", "version"]),
    hide_index=True,
    height=240,
    alt="Versions",
)
