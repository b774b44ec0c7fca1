"""Benchmarks: ``python -m tests.bench [--quick] [--json]``. Never timed inside the tests."""
