"""The product that is open over a page: its SKU stands in the link."""

import streamlit as st

PRODUCT = "product"
HIGHLIGHT = "highlight"
"""What the map lights up, in its link."""


def open_product(sku: str) -> None:
    """Open a product in the next run."""
    st.query_params[PRODUCT] = sku


def close_product() -> None:
    """Close the product that is open, if one is."""
    st.query_params.pop(PRODUCT, None)
