"""One training on several devices or machines."""
