"""The Train page: from labelled photos to a model of one's own."""
