"""Real models as networks: files and objects of the frameworks, read and never run."""
