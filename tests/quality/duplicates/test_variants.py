"""What distinguishes variants."""

from prodsim.quality.duplicates.variants import find_colours, find_sizes


def test_colours_and_sizes_are_read_in_both_languages():
    assert find_colours("Mug, navy/grey") == {"navy", "grey"}
    assert find_colours("保温杯 红色") == {"red"}
    assert find_colours("口红 不易掉色 补水显色 好气色") == set()
    assert find_sizes("Men's Jacket, XL") == {"XL"}
    assert find_sizes("跑鞋 42码") == {"42"}
