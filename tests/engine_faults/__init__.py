"""Where an engine and its dialect disagree, and why; each is executed by a test."""
