"""Settings: language, encoders, device, storage, privacy, versions, and what would make it faster."""

import streamlit as st

from pages.shared import frame, state
from pages.shared import texts as shared
from pages.shared.language import draw_language_choice
from pages.shared.settings import texts
from pages.shared.settings.knowledge import show_knowledge
from pages.shared.settings.machine import show_device, show_encoders, show_privacy, show_storage, show_versions
from prodsim.doctor import examine

frame.title(shared.SETTINGS(), texts.PURPOSE())
diagnosis = examine(state.workspace().settings)
for advice in diagnosis.advice:
    with st.container(border=True):
        st.markdown(f":orange[:material/lightbulb:] **{texts.SUGGESTION()}**")
        st.text(advice.what)
        st.text(advice.fix)

with st.container(width=320):
    draw_language_choice(texts.LANGUAGE(), texts.AS_IN_BROWSER(), texts.LANGUAGE_HELP())
show_encoders(diagnosis)
show_storage(diagnosis)
show_knowledge()
left, right = st.columns(2)
with left:
    show_device(diagnosis)
    show_privacy(state.workspace().settings)
with right:
    show_versions(diagnosis)
