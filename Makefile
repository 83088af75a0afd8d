.PHONY: run test faults check docs pictures bench texts

run:
	streamlit run app.py

test:
	pytest

faults:
	python -m tests.faults

check:
	ruff format --check .
	ruff check .
	mypy

docs:
	NO_MKDOCS_2_WARNING=1 python -m mkdocs build -q --strict -d build/site

pictures:
	python -m docs.pictures

bench:
	python -m benchmarks

texts:
	pybabel -q extract -k Text -k Plural:1,2 -k phrase --no-location --omit-header --sort-output -o prodsim/locale/prodsim.pot prodsim pages
	pybabel -q update -i prodsim/locale/prodsim.pot -d prodsim/locale -D prodsim --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -w 120
