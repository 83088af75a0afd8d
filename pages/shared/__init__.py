"""What the screens share: the only code that knows both Streamlit and prodsim."""
