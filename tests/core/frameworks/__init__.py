"""Tests of the dialects, without their frameworks."""
