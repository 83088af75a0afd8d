"""People's decisions about a catalog, kept apart from computed data: they outlive every rebuild."""

from prodsim.records.alignments import CategoryDecision
from prodsim.records.choices import Choice
from prodsim.records.decisions import WAITING, Action, CheckSummary, Decision, State, finding_key, state_of, states_of
from prodsim.records.judgements import JUDGEMENT_COLUMNS, Judgement
from prodsim.records.matches import MatchDecision, Verdict
from prodsim.records.records import Records
from prodsim.records.rules import SavedRules
from prodsim.records.shortlists import Shortlisted
from prodsim.records.views import SavedView

__all__ = [
    "JUDGEMENT_COLUMNS",
    "WAITING",
    "Action",
    "CategoryDecision",
    "CheckSummary",
    "Choice",
    "Decision",
    "Judgement",
    "MatchDecision",
    "Records",
    "SavedRules",
    "SavedView",
    "Shortlisted",
    "State",
    "Verdict",
    "finding_key",
    "state_of",
    "states_of",
]
