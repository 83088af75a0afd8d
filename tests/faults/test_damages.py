from tests.faults.damages import GOOD, outcomes


def test_damage_is_harmless_or_said_and_mended(tmp_path):
    tried = list(outcomes(tmp_path / "damages", every=131))

    assert [(case.file.as_posix(), case.damage, outcome) for case, outcome in tried if outcome not in GOOD] == []
    assert len(tried) >= 8
