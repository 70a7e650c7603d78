"""What layers compute with: types, kernels, and what the processor can do."""
