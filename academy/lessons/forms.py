"""The form by which readers report a mistake."""

from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from academy.foundation import web
from academy.foundation.i18n import lazy_gettext as _l


class MistakeForm(web.Form):
    """What is wrong."""

    text = TextAreaField(_l("What is wrong?"), validators=[DataRequired(), Length(min=5, max=2000)])
