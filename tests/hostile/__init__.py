"""A corpus of hostile files, made in code, with what must come of each; `make hostile` runs all of it and measures."""
