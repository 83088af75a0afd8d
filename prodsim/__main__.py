"""``python -m prodsim``: the command line."""

from prodsim.cli import main

main()
