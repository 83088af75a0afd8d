import ast
import inspect

import pytest

from docs.roles import PLACE, guarded_functions, on_page_markdown
from prodsim.api.routes import ROUTES
from prodsim.cli import MODULES
from prodsim.errors import AccessDenied
from prodsim.records import Records
from prodsim.roles import OWNER, PERMISSIONS, ROLES, Actor, acting_as, actor, is_this_machine, require_role

WRITES = ("writing=", "DELETE", "UPDATE", "undo_last")
FOR_ALL = {"keep_summary"}
"""Counts of the checks are kept whoever ran them."""


def test_each_role_may_what_the_one_before_it_may():
    allowed = [{action for action in PERMISSIONS if Actor(role=role).may(action)} for role in ROLES]

    assert allowed[0] == {"read"}
    assert allowed[0] < allowed[1] < allowed[2] == set(PERMISSIONS)
    assert not any(Actor(role=None).may(action) for action in PERMISSIONS)


def test_who_acts_is_who_the_door_says_and_only_within_its_block():
    with acting_as(Actor("eve", "viewer")):
        assert actor().name == "eve"
        with pytest.raises(AccessDenied, match="You have the role viewer and may not decide about findings"):
            require_role("decide")
    assert require_role("delete") is OWNER


def test_everything_that_writes_records_asks_for_a_role():
    (records,) = ast.parse(inspect.getsource(Records)).body
    writing = {
        function.name: ast.unparse(function)
        for function in records.body
        if isinstance(function, ast.FunctionDef) and any(word in ast.unparse(function) for word in WRITES)
    }

    assert len(writing) > 10
    assert {name for name, code in writing.items() if "require_role(" not in code} == FOR_ALL


def test_the_table_has_every_action_route_command_and_guarded_function():
    page = on_page_markdown(PLACE)
    rows = [line.split(" | ")[0].strip("| ") for line in page.splitlines()]

    assert {f"`{route.method} {route.path}`" for route in ROUTES} <= set(rows)
    assert {permission.verb() for permission in PERMISSIONS.values()} <= set(rows)
    assert all(f"`{command}`" in page for command in MODULES)
    assert {"Records.decide_all", "remove_catalog", "Workspace.build", "Keys.add"} <= {
        each[0] for each in guarded_functions()
    }
    assert "| `DELETE /v1/catalogs/{catalog}` |  |  |  | yes |" in page


@pytest.mark.parametrize(
    ("host", "is_local"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("shop", False)]
)
def test_only_loopback_is_this_machine(host, is_local):
    assert is_this_machine(host) is is_local
