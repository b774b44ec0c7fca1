"""Pages of holders, and public verification."""

from academy.certificates.views import holders, verification
from academy.certificates.views.blueprints import anywhere, bp

__all__ = ["anywhere", "bp", "holders", "verification"]
