"""What a thesaurus would change."""

import pytest

from prodsim import Settings, Workspace
from prodsim.knowledge import Concept, Thesaurus
from prodsim.workspace.knowledge_trial import describe_trial, try_knowledge


@pytest.fixture
def opened(shop_home):
    return Workspace(Settings(shop_home)).open("shop")


def test_what_is_gained_is_told_with_the_name_that_the_catalog_has(opened):
    trial = try_knowledge(opened, Thesaurus.of("ours", [Concept(("mug", "gizmotron"))]))

    assert trial.gained == (("gizmotron", "mug"),)
    assert not trial.swallowed
    assert not trial.worse
    assert "1 of 2 names of the file is in no product and would now find some" in describe_trial(trial)[0]


def test_nothing_is_in_use_before_it_is_added(opened):
    try_knowledge(opened, Thesaurus.of("ours", [Concept(("mug", "gizmotron"))]))

    assert len(opened.engine.comparer.readings_of("gizmotron")) == 1


def test_a_value_that_would_be_read_as_something_else_and_finds_less_is_told(opened):
    trial = try_knowledge(opened, Thesaurus.of("ours", [Concept(("lamp", "red")), Concept(("mug", "Kaffa"))]))

    assert trial.swallowed == (("red", "lamp"),)  # Kaffa is a brand, which stands for nothing else
    assert any("“red” as “lamp”" in sentence for sentence in describe_trial(trial))
