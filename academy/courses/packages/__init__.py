"""Course packages in and out."""

from academy.courses.packages.reading import CoursePackage, ReadPackage, read_package
from academy.courses.packages.writing import in_preparation, write_package

__all__ = ["CoursePackage", "ReadPackage", "in_preparation", "read_package", "write_package"]
