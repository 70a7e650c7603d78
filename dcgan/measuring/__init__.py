"""How good a run's pictures are: distances in features, and the paper's two tests."""
