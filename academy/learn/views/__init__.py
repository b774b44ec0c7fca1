"""The doors of the learner's pages."""

from academy.foundation import web

bp = web.blueprint("learn", "academy.learn")

# Each module adds its routes to the blueprint.
from academy.learn.views import activity, catalogue, course, handbook, offline, own  # noqa: E402, F401
