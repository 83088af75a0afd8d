"""What people decide about a catalog, kept apart from what is computed: it outlives every rebuild."""

from prodsim.records.judgements import COLUMNS, Judgement
from prodsim.records.records import Records

__all__ = ["COLUMNS", "Judgement", "Records"]
