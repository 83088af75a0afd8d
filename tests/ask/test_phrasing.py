"""A chat model that is connected phrases answers; what it makes up is refused."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from prodsim.ask.phrasing import outgoing_text, rephrase
from prodsim.errors import QueryError
from prodsim.settings import Settings


@pytest.fixture
def model(tmp_path):
    """A server that speaks the chat protocol; gives its settings, what it was asked, and what it will say."""
    asked, says = [], ["The Rain jacket Fjord costs 90.00 GBP."]

    class Chat(BaseHTTPRequestHandler):
        def do_POST(self):  # the name is the protocol's
            asked.append(
                (self.path, self.headers.get("Authorization"), self.rfile.read(int(self.headers["Content-Length"])))
            )
            body = json.dumps({"choices": [{"message": {"content": says[0]}}]}).encode() if says[0] else b"oops"
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words):
            pass

    server = HTTPServer(("127.0.0.1", 0), Chat)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield (
        Settings(tmp_path, chat_url=f"http://127.0.0.1:{server.server_port}/v1", chat_model="m", chat_key="k"),
        asked,
        says,
    )
    server.shutdown()
    server.server_close()


def test_the_model_gets_what_was_said_to_leave_and_nothing_else(english, model):
    settings, asked, _ = model
    answer = english.asker.ask("rain jacket, not black")

    assert rephrase(answer, settings) == "The Rain jacket Fjord costs 90.00 GBP."
    path, key, body = asked[0]
    assert (path, key) == ("/v1/chat/completions", "Bearer k")
    assert json.loads(body)["messages"][1]["content"] == outgoing_text(answer)
    assert "Rain jacket Fjord" in outgoing_text(answer)


def test_a_number_that_is_no_fact_is_refused(english, model):
    settings, _, says = model
    says[0] = "It costs 49.99 GBP."

    with pytest.raises(QueryError, match=r"mentioned 49\.99, which is not among the facts"):
        rephrase(english.asker.ask("rain jacket, not black"), settings)


@pytest.mark.parametrize("address", ["", "file:///etc/passwd", "http://127.0.0.1:9"])
def test_a_model_that_is_not_there_says_what_to_do(english, tmp_path, address):
    with pytest.raises(QueryError, match="No chat model|not a web address|did not answer"):
        rephrase(english.asker.ask("jacket"), Settings(tmp_path, chat_url=address))


def test_a_reply_that_is_no_chat_says_so(english, model):
    settings, _, says = model
    says[0] = ""

    with pytest.raises(QueryError, match="did not answer as expected"):
        rephrase(english.asker.ask("jacket"), settings)
