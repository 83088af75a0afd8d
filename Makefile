.PHONY: run test check bench texts

run:
	streamlit run app.py

test:
	pytest

check:
	ruff format --check .
	ruff check .
	mypy

bench:
	python -m benchmarks

texts:
	pybabel -q extract -k Text -k Plural:1,2 -k phrase --no-location --omit-header --sort-output -o prodsim/locale/prodsim.pot prodsim pages
