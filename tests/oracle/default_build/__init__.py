"""TensorFlow as it comes, with oneDNN: run by tests/oracle/test_default_build.py in a process of its own."""
