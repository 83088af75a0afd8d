import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from prodsim.errors import CatalogError
from prodsim.sources import find_secret, read_source, with_written
from prodsim.sources.secrets import fill_in, fill_in_address, hide_secrets


@pytest.fixture
def nobody_home(tmp_path, monkeypatch):
    """A folder to work in, and a home, without any secrets."""
    (tmp_path / ".streamlit").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    return tmp_path


@pytest.mark.parametrize(
    ("typed", "hidden", "secrets"),
    [
        ("https://u:p@x.com/a", "https://u:${PRODSIM_SECRET_X_COM_PASSWORD}@x.com/a", ["p"]),
        ("https://ghp_1@x.com/a", "https://${PRODSIM_SECRET_X_COM_USER}@x.com/a", ["ghp_1"]),
        ("https://x.com/a?token=t&b=1", "https://x.com/a?token=${PRODSIM_SECRET_X_COM_TOKEN}&b=1", ["t"]),
        ("https://x.com/a?API_Key=t#top", "https://x.com/a?API_Key=${PRODSIM_SECRET_X_COM_API_KEY}#top", ["t"]),
        ("https://x.com/a?sig=a%3D&se=1", "https://x.com/a?sig=${PRODSIM_SECRET_X_COM_SIG}&se=1", ["a%3D"]),
        ("postgresql://u:p/w@r@h:5/d?x=1", "postgresql://u:${PRODSIM_SECRET_H_PASSWORD}@h:5/d?x=1", ["p/w@r"]),
        ("postgresql://u:p?w#r@h:5/d", "postgresql://u:${PRODSIM_SECRET_H_PASSWORD}@h:5/d", ["p?w#r"]),
        ("https://u:p/w@x.com/a", "https://u:${PRODSIM_SECRET_X_COM_PASSWORD}@x.com/a", ["p/w"]),
        ("https://u:p?w#@x.com/a?b=1", "https://u:${PRODSIM_SECRET_X_COM_PASSWORD}@x.com/a?b=1", ["p?w#"]),
        ("https://x.com:8443/@shop/feed?mail=a@b", None, []),
        ("https://[2606:4700::1]:8443/@shop", None, []),
        ("postgresql://h:5432/d?options=a@b", None, []),
        ("mysql://h/d?password=p", "mysql://h/d?password=${PRODSIM_SECRET_H_PASSWORD}", ["p"]),
        ("https://x.com/@shop/feed?code=DE&keyword=mug&sort=key", None, []),
        ("https://x.com/a?token=${PRODSIM_SECRET_A}", None, []),
        ("postgresql://u:${connections.shop.password}@h/d", None, []),
        ("postgresql://u@h/d", None, []),
        ("sqlite:///shop.db", None, []),
        ("C:\\shop\\a.csv", None, []),
    ],
)
def test_what_is_secret_in_an_address_is_named_and_not_kept(typed, hidden, secrets):
    found = hide_secrets(typed)

    assert found.text == (hidden or typed)
    assert list(found.secrets.values()) == secrets
    assert not any(secret in repr(found) for secret in secrets if len(secret) > 1)


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=4).filter(lambda text: "${" not in text)
)
@example("p/w?x#y&z=1")
@example("p%2Fw d")
def test_no_password_that_a_person_writes_is_kept_or_changed(password):
    """But for an @, which may begin the host, and so must be written as %40 as everywhere."""
    for address in (
        f"postgresql://shop:Z{password}Z@db.example.com/shop",
        f"https://shop:Z{password}Z@x.com/feed?lang=de",
    ):
        hidden = hide_secrets(address)

        assert list(hidden.secrets.values()) == [f"Z{password}Z"]
        assert f"Z{password}Z" not in f"{hidden} {hidden.text}"


@given(st.text(st.characters(codec="ascii", categories=("L", "N"), include_characters="-._~%"), min_size=4))
def test_no_token_of_an_address_is_kept(token):
    hidden = hide_secrets(f"https://x.com/feed?a=1&access_token=Z{token}Z&b=2")

    assert list(hidden.secrets.values()) == [f"Z{token}Z"]
    assert hidden.text == "https://x.com/feed?a=1&access_token=${PRODSIM_SECRET_X_COM_ACCESS_TOKEN}&b=2"


def test_the_names_of_secrets_fill_the_address_in_again():
    address = "https://shop:p%40ss@x.com/feed.csv?token=a%2Bb%3D&lang=de"
    typed = read_source(address)

    assert fill_in_address(typed.source.url, typed.secrets.get) == address
    assert "PRODSIM_SECRET_X_COM_TOKEN" in typed.advice
    assert "a%2Bb" not in f"{typed} {typed.advice}"


def test_a_secret_is_written_as_an_address_needs_it():
    assert fill_in_address("https://x.com/?t=${A}&u=${B}", {"A": "a/b c", "B": "a%2F"}.get) == (
        "https://x.com/?t=a%2Fb%20c&u=a%2F"
    )
    assert fill_in_address("${A}", {"A": "https://x.com/?t=a/b"}.get) == "https://x.com/?t=a/b"
    assert fill_in("${A}", {"A": "a/b c"}.get) == "a/b c"


def test_secrets_come_from_the_environment_and_from_streamlits_file(nobody_home, monkeypatch):
    monkeypatch.setenv("PRODSIM_SECRET_FEED", "from the environment")
    (nobody_home / ".streamlit" / "secrets.toml").write_text(
        'PRODSIM_SECRET_FEED = "from the file"\nPRODSIM_SECRET_OTHER = "other"\nOPENAI_KEY = "no"\n'
        '[connections.shop]\npassword = "pw"\nport = 5432\n[else]\npassword = "no"\n',
        encoding="utf-8",
    )

    assert find_secret("PRODSIM_SECRET_FEED") == "from the environment"
    assert find_secret("PRODSIM_SECRET_OTHER") == "other"
    assert (find_secret("connections.shop.password"), find_secret("connections.shop.port")) == ("pw", "5432")
    assert find_secret("connections.shop") is find_secret("connections.shop.password.x") is None


@pytest.mark.parametrize(
    "name", ["HOME", "PATH", "AWS_SECRET_ACCESS_KEY", "PRODSIM_CHAT_KEY", "OPENAI_KEY", "else.password"]
)
def test_no_other_variable_can_leave_the_machine(nobody_home, monkeypatch, name):
    monkeypatch.setenv(name.replace(".", "_"), "private")
    (nobody_home / ".streamlit" / "secrets.toml").write_text(
        'OPENAI_KEY = "private"\n[else]\npassword = "private"\n', encoding="utf-8"
    )

    assert find_secret(name) is None
    with pytest.raises(CatalogError, match="cannot be used as a secret"):
        fill_in_address(f"https://x.com/?q=${{{name}}}", find_secret)


def test_a_secret_that_is_not_set_is_named(nobody_home):
    with pytest.raises(CatalogError, match="PRODSIM_SECRET_FEED is not set") as caught:
        fill_in("${PRODSIM_SECRET_FEED}", find_secret)
    assert ".streamlit/secrets.toml" in caught.value.fix


def test_a_damaged_file_of_secrets_is_told_without_its_contents(nobody_home):
    (nobody_home / ".streamlit" / "secrets.toml").write_text('PRODSIM_SECRET_FEED = "hush', encoding="utf-8")

    with pytest.raises(CatalogError, match="secrets.toml cannot be read") as caught:
        find_secret("PRODSIM_SECRET_FEED")
    assert "hush" not in f"{caught.value} {caught.value.__cause__}"


def test_what_was_just_typed_comes_first():
    lookup = with_written({"A": "typed"}, {"A": "kept", "B": "other"}.get)

    assert (lookup("A"), lookup("B"), lookup("C")) == ("typed", "other", None)
