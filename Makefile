.PHONY: run test check bench

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
