"""The Compare page: two settings, labelling, recall of the index."""
