"""The fast tests: convshape alone, without an engine."""
