"""One layer in words, step by step, with its numbers put into the formulas."""
