"""The doors of the desk."""

from academy.admin.staff import audit, certificates, courses, desk, people
from academy.admin.staff.blueprint import bp

__all__ = ["audit", "bp", "certificates", "courses", "desk", "people"]
