"""How old things are."""

import numpy as np
import pandas as pd

from prodsim.catalog import Catalog, ages_in_days, date_column


def test_ages_count_from_the_newest_and_stay_unknown_without_a_date():
    catalog = Catalog(
        pd.DataFrame({"published": ["2026-05-03", "3.5.2026", "2026年5月2日", "", "2026-05-01T12:00:00Z"]})
    )

    np.testing.assert_allclose(ages_in_days(catalog), [0.0, 0.0, 1.0, np.nan, 1.5])


def test_the_column_is_known_by_its_cells_and_of_several_by_name():
    dates = ["2026-05-03", "2026-05-01"]
    catalog = Catalog(pd.DataFrame({"date": ["soon", "05/03/2026"], "updated": dates, "published": dates}))

    assert date_column(catalog) == "published"
    assert date_column(Catalog(pd.DataFrame({"size": ["12", "2026"]}))) == ""
