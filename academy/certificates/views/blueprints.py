"""The addresses of the room: below the language, and those printed on paper, which have none."""

from academy.foundation import web

bp = web.blueprint("certificates", "academy.certificates")
anywhere = web.blueprint("certificates_anywhere", "academy.certificates", language=False)
