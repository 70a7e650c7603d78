"""What can be done with a trained run besides sampling it."""
