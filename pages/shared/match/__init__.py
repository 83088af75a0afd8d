"""The Match page: two catalogs, their summary, the queue, the lists and the gaps."""
