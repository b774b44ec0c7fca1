"""For any WSGI server: ``wsgi:app``."""

from academy.app import create_app

app = create_app()
