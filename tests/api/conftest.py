from contextlib import ExitStack
from functools import partial

import pytest
from starlette.testclient import TestClient

from prodsim.api.limits import ServerLimits
from prodsim.api.server import create_app
from prodsim.settings import Settings
from prodsim.workspace import Workspace


@pytest.fixture
def workspace(shop_home):
    """The small shop, to be changed."""
    return Workspace(Settings(shop_home))


def open_client(stack, workspace, *, is_local=True, limits=ServerLimits(), key=""):
    app = create_app(workspace, is_local=is_local, limits=limits)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    client = TestClient(app, base_url="http://127.0.0.1:8600", headers=headers, raise_server_exceptions=False)
    return stack.enter_context(client)


@pytest.fixture
def client_of():
    """Make clients of the API of a workspace."""
    with ExitStack() as stack:
        yield partial(open_client, stack)


@pytest.fixture(scope="session")
def api(first_home):
    """The API of the small shop, which nobody changes."""
    with ExitStack() as stack:
        yield open_client(stack, Workspace(Settings(first_home)))
