import json
import os
from pathlib import Path

import pytest

from prodsim.artifacts import DIGESTS, RememberedDigests, fingerprint, load_artifact, write_artifact
from prodsim.errors import StaleArtifact, StorageError


def make(folder: Path, text: str = "hello") -> Path:
    with write_artifact(folder, {"metric": "cosine"}) as work:
        (work / "data.txt").write_text(text)
    return folder


def test_what_was_written_is_loaded(tmp_path):
    assert load_artifact(make(tmp_path / "a"), {"metric": "cosine"}) == {"metric": "cosine"}


def test_a_block_that_fails_leaves_the_old_artefact_and_no_rubbish(tmp_path):
    make(tmp_path / "a", "old")

    with pytest.raises(RuntimeError), write_artifact(tmp_path / "a", {}) as work:
        (work / "data.txt").write_text("new")
        raise RuntimeError

    assert (tmp_path / "a" / "data.txt").read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda a: (a / "data.txt").unlink(), "data.txt is missing"),
        (lambda a: (a / "data.txt").write_text("hell"), "data.txt has 4 bytes, not 5"),
        (lambda a: (a / "data.txt").write_text("jello"), "data.txt was changed"),
        (lambda a: (a / "manifest.json").write_text("{"), "the manifest cannot be read"),
        (lambda a: (a / "manifest.json").unlink(), "there is no manifest"),
    ],
    ids=["missing file", "truncated file", "changed file", "broken manifest", "no manifest"],
)
def test_damage_is_named(tmp_path, damage, message):
    folder = make(tmp_path / "a")
    damage(folder)

    with pytest.raises(StaleArtifact, match=message):
        load_artifact(folder)


def test_an_absent_parameter_counts_as_different(tmp_path):
    with pytest.raises(StaleArtifact, match="dim is None, not 384"):
        load_artifact(make(tmp_path / "a"), {"dim": 384})


def test_an_edited_manifest_is_refused(tmp_path):
    folder = make(tmp_path / "a")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["params"]["metric"] = "l2"
    (folder / "manifest.json").write_text(json.dumps(manifest))

    with pytest.raises(StaleArtifact, match="it was changed"):
        load_artifact(folder, {"metric": "l2"})


def test_another_parameter_is_named(tmp_path):
    with pytest.raises(StaleArtifact, match="metric is 'cosine', not 'l2'"):
        load_artifact(make(tmp_path / "a"), {"metric": "l2"})


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StorageError, match="cannot be read or written"), write_artifact(tmp_path / "file" / "a", {}):
        pass


def test_a_fingerprint_sees_every_part_and_its_place():
    assert len({fingerprint("a", "b"), fingerprint("b", "a"), fingerprint("ab"), fingerprint("a", "b", None)}) == 4


def test_the_artefact_of_another_is_refused(tmp_path):
    make(tmp_path / "a").rename(tmp_path / "b")

    with pytest.raises(StaleArtifact, match="it is a"):
        load_artifact(tmp_path / "b")


def age(path: Path) -> None:
    """Let a file have been changed long ago."""
    os.utime(path, (1, 1))


def test_a_file_is_read_once_until_it_changes(tmp_path, monkeypatch):
    monkeypatch.setattr("prodsim.artifacts.SETTLED_NS", -1)  # as if it were long ago that the file was written
    folder = make(tmp_path / "a")
    load_artifact(folder)
    read = []
    monkeypatch.setattr("prodsim.artifacts.file_digest", lambda path: read.append(path.name) or "another")

    load_artifact(folder)
    assert read == []
    age(folder / "data.txt")
    with pytest.raises(StaleArtifact, match="data.txt was changed"):
        load_artifact(folder)
    assert read == ["data.txt"]


def test_a_file_that_changed_a_moment_ago_is_not_remembered(tmp_path):
    load_artifact(make(tmp_path / "a"))

    assert not (tmp_path / "a" / DIGESTS).exists()


@pytest.mark.parametrize("memory", [b"", b"{}", b"\xff\x00", None])
def test_digests_need_no_memory(tmp_path, memory):
    (tmp_path / "data.txt").write_text("hello")
    at = tmp_path / "memory"
    at.write_bytes(memory) if memory is not None else at.mkdir()

    digests = RememberedDigests(tmp_path, at)

    assert digests.of(tmp_path / "data.txt")[:8] == "2cf24dba"
    digests.keep()


def test_what_a_process_was_replacing_when_it_died_is_taken_back(tmp_path):
    make(tmp_path / "a").rename(tmp_path / ".a.0123abcd.old")

    assert load_artifact(tmp_path / "a") == {"metric": "cosine"}
