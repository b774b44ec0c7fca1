"""The sample of the house tests, for whoever tries to abuse it."""

from tests.house.conftest import _demo, _module_world, fresh_world, statements, world

__all__ = ["_demo", "_module_world", "fresh_world", "statements", "world"]
