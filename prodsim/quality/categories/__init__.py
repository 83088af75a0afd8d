"""Categories: their paths and names, and how well products fit them."""
