"""The room's pages: coming in, signing in, the account, the privacy notice."""

from academy.accounts.views import account, address, registration, sign_in
from academy.accounts.views.room import bp
from academy.accounts.views.sign_in import sign_in_page

__all__ = ["account", "address", "bp", "registration", "sign_in", "sign_in_page"]
