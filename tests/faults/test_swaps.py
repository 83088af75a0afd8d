from tests.faults.swaps import swap_outcomes


def test_a_folder_in_place_of_a_file_and_a_file_in_place_of_a_folder_are_said(tmp_path):
    tried = list(swap_outcomes(tmp_path, every=166))

    assert [(case, problem) for case, problem in tried if problem] == []
    assert len(tried) >= 4
