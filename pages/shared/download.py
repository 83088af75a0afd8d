"""Files to take away from a page: the buttons, and what is shown where a file cannot be made."""

import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias

import pandas as pd
import streamlit as st

from pages.shared import texts
from pages.shared.frame import show_error
from pages.shared.language import in_language, reader_words
from prodsim.errors import ProdsimError
from prodsim.output.export import to_csv

log = logging.getLogger("prodsim.pages")
FAILED_DOWNLOADS = "failed downloads"
Width: TypeAlias = Literal["stretch", "content"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOWNLOAD = ":material/download:"


@dataclass(frozen=True, slots=True)
class Download:
    """A file that can be taken away.

    Attributes:
        label: of the button.
        make: makes the file when the button is pressed, in a thread that cannot draw.
        file_name: that it is saved under.
        mime: its type; guessed where it is ``""``.
        icon: of the button.
        help: shown where the pointer rests on it.
    """

    label: str
    make: Callable[[], bytes | str]
    file_name: str
    mime: str = ""
    icon: str | None = None
    help: str | None = None

    def made(self, failures: dict[str, ProdsimError], group: str) -> bytes | str:
        """Return the file; where that fails, keep under ``group`` what to show, log it and raise it."""
        failures.pop(group, None)
        try:
            return self.make()
        except Exception as error:
            number = uuid.uuid4().hex[:8]
            log.error("download of %s failed, number %s", self.file_name, number, exc_info=error)
            failures[group] = _shown(error, self.file_name, number)
            raise


def made_in(language: str, download: Download, failures: dict[str, ProdsimError], group: str) -> bytes | str:
    """Return a file in the language of whoever asked for it; the thread that makes it has no session to tell it."""
    with in_language(language):
        return download.made(failures, group)


def draw_downloads(group: str, downloads: Sequence[Download], width: Width = "stretch") -> None:
    """Draw a button for each file; where one cannot be made, say why below them.

    Args:
        group: a name that no other buttons of the page have.
        downloads: in the order of the buttons.
        width: of the buttons.
    """
    st.session_state.setdefault(FAILED_DOWNLOADS, {}).pop(group, None)
    _draw(group, downloads, width)


def download_table(label: str, table: pd.DataFrame, file_name: str) -> None:
    """Draw a button that saves the whole table as CSV."""
    csv = Download(label, lambda: to_csv(table), file_name, "text/csv", DOWNLOAD)
    draw_downloads(file_name, [csv], "content")


@st.fragment
def _draw(group: str, downloads: Sequence[Download], width: Width) -> None:
    failures: dict[str, ProdsimError] = st.session_state[FAILED_DOWNLOADS]
    with st.container(key=f"downloads {group}", width=width, gap="small"):
        for download in downloads:
            st.download_button(
                download.label,
                partial(made_in, reader_words(), download, failures, group),
                download.file_name,
                download.mime or None,
                on_click="ignore",
                icon=download.icon,
                help=download.help,
                width=width,
            )
        if group in failures:
            with st.container(key=f"failed download {group}"):
                show_error(failures[group])
        _watch(key=f"failed {group}", on_failed_change=lambda: None)


def _shown(error: Exception, file_name: str, number: str) -> ProdsimError:
    """Return what is shown of an error: its own words, or for a surprise an apology with the log's number."""
    if isinstance(error, ProdsimError):
        return error
    return ProdsimError(
        texts.FILE_FAILED(file=file_name),
        texts.FILE_FAILED_FIX(number=number),
    )


_WATCH = """
export default ({ parentElement, setTriggerValue }) => {
  parentElement.closest(".stElementContainer").style.display = "none";
  const place = parentElement.closest(".stVerticalBlock");
  const isFailed = () => place.querySelector("[data-testid=stDownloadButtonError]") !== null;
  const display = (how) => {
    const reason = place.querySelector("[class*=st-key-failed-download]");
    if (reason !== null) reason.style.display = how;
  };
  const press = (event) => {
    if (event.target.closest("[data-testid=stDownloadButton]") !== null) display("none");
  };
  let wasFailed = isFailed();
  const observer = new MutationObserver(() => {
    if (isFailed() && !wasFailed) {
      display("");
      setTriggerValue("failed", true);
    }
    wasFailed = isFailed();
  });
  place.addEventListener("click", press);
  observer.observe(place, { childList: true, subtree: true });
  return () => {
    place.removeEventListener("click", press);
    observer.disconnect();
  };
};
"""
"""A file is made after the page was drawn, and only the button learns of a failure, which it shows for five seconds
without the reason. So this makes the page draw the buttons once more, with the reason. The reason is hidden by the
browser when a button is pressed again: were the page drawn anew by that press, the file could be forgotten before the
browser has asked for it."""

_watch = st.components.v2.component("prodsim_failed_downloads", html="<span></span>", js=_WATCH, isolate_styles=False)
