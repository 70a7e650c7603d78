"""The engines beside TensorFlow as judges: PyTorch, JAX with flax, and ONNX Runtime, each executed."""
