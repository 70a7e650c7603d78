"""convshape held against TensorFlow's ops, by execution."""
