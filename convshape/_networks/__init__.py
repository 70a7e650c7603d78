"""Networks of layers: chains, graphs, and what follows from their sizes; imported when first asked for."""
