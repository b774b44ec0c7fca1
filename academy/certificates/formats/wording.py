"""The words of the certificate itself, in both of its languages. The paper never says more than is attested."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from babel import Locale, dates, numbers

NBSP = "\u00a0"
# The paper carries these two, side by side, whatever languages the academy has.
PAPER_LANGUAGES = ("en", "ru")


@dataclass(frozen=True, slots=True)
class KindWords:
    """What differs between kinds of certificate, in one language."""

    subheading: str
    purpose: str
    small: str


@dataclass(frozen=True, slots=True)
class Words:
    """The words of the paper in one language."""

    heading: str
    awarded: str
    kinds: Mapping[str, KindWords]
    hours_label: str
    hours_label_attendance: str
    form_label: str
    forms: Mapping[str, str]
    assessment_label: str
    test_passed: str
    all_done: str
    edition_label: str
    date_label: str
    number: str
    code: str
    outcomes_heading: str
    track_heading: str
    hours: Callable[[int], str]
    day: Callable[[date], str]
    test_passed_in: Callable[[str], str]
    rule: Callable[[float, bool], str]


def _amount(minutes: int, lang: str) -> str:
    return numbers.format_decimal(round(minutes / 15) / 4, "0.##", locale=lang)


def _hours_en(minutes: int) -> str:
    if minutes < 60:
        return f"{minutes}{NBSP}minutes"
    amount = _amount(minutes, "en")
    return f"{amount}{NBSP}{'hour' if amount == '1' else 'hours'}"


def _plural_ru(count: int, one: str, few: str, many: str) -> str:
    if count % 10 == 1 and count % 100 != 11:
        return one
    return few if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14) else many


def _hours_ru(minutes: int) -> str:
    if minutes < 60:
        return f"{minutes}{NBSP}{_plural_ru(minutes, 'минута', 'минуты', 'минут')}"
    amount = _amount(minutes, "ru")
    # A fraction takes the genitive singular: 2,5 часа.
    word = "часа" if "," in amount else _plural_ru(int(amount), "час", "часа", "часов")
    return f"{amount}{NBSP}{word}"


def _day_en(day: date) -> str:
    return dates.format_date(day, "d MMMM y", locale="en").replace(" ", NBSP)


def _day_ru(day: date) -> str:
    return f"{dates.format_date(day, 'd MMMM y', locale='ru')} г.".replace(" ", NBSP)


def _test_en(lang: str) -> str:
    return f"final test passed in {Locale.parse(lang, sep='-').get_display_name('en')}"


def _test_ru(lang: str) -> str:
    spoken = {"en": "английском", "ru": "русском"}.get(lang)
    if spoken is None:
        return f"итоговый тест сдан (язык: {Locale.parse(lang, sep='-').get_display_name('ru')})"
    return f"итоговый тест сдан на{NBSP}{spoken} языке"


def _percent(share: float) -> str:
    return f"{share * 100:.10g}{NBSP}%"


def _rule_en(share: float, final_test: bool) -> str:
    amount = "all required activities" if share >= 1 else f"at least {_percent(share)} of the required activities"
    test = ", and the final test passed" if final_test else ""
    return f"Awarded under the rule of the course: {amount}{test}."


def _rule_ru(share: float, final_test: bool) -> str:
    all_of, part = "пройдены все обязательные занятия", f"пройдено не менее {_percent(share)} обязательных занятий"
    test = " и сдан итоговый тест" if final_test else ""
    return f"Выдан по правилу курса: {all_of if share >= 1 else part}{test}."


WORDS: Mapping[str, Words] = {
    "en": Words(
        heading="Certificate",
        awarded="awarded to",
        kinds={
            "completion": KindWords(
                "of completion",
                "for completing the course",
                "This certificate confirms that a training course was completed. It is not a formal qualification, a"
                " licence or a diploma. Anyone can check at the address beside the QR code that it is genuine"
                " and valid.",
            ),
            "attendance": KindWords(
                "of attendance",
                "for attending the course",
                "This certificate confirms attendance only; results were not assessed. It is not a formal"
                " qualification, a licence or a diploma. Anyone can check at the address beside the QR code that it is"
                " genuine and valid.",
            ),
        },
        hours_label="Notional learning time",
        hours_label_attendance="Hours attended",
        form_label="Form of study",
        forms={
            "self-paced": "self-paced, online",
            "webinar": "live, online",
            "residential": "in a classroom",
            "blended": "online and in a classroom",
        },
        assessment_label="Assessment",
        test_passed="final test passed",
        all_done="required activities completed",
        edition_label="Edition of the course",
        date_label="Date of issue",
        number="Number",
        code="Verification code",
        outcomes_heading="The holder of this certificate can",
        track_heading="The course, activity by activity",
        hours=_hours_en,
        day=_day_en,
        test_passed_in=_test_en,
        rule=_rule_en,
    ),
    "ru": Words(
        heading="Сертификат",
        awarded="выдан на имя",
        kinds={
            "completion": KindWords(
                "о прохождении курса",
                "и подтверждает прохождение курса",
                "Сертификат подтверждает прохождение учебного курса. Он не является документом о квалификации,"
                " лицензией или дипломом. Проверить подлинность может каждый по адресу рядом с QR-кодом.",
            ),
            "attendance": KindWords(
                "об участии",
                "и подтверждает участие в курсе",
                "Сертификат подтверждает участие; результаты не оценивались. Он не является документом о квалификации,"
                " лицензией или дипломом. Проверить подлинность может каждый по адресу рядом с QR-кодом.",
            ),
        },
        hours_label="Расчётное время обучения",
        hours_label_attendance="Часы участия",
        form_label="Форма обучения",
        forms={
            "self-paced": "самостоятельно, онлайн",
            "webinar": "вебинар",
            "residential": "очно",
            "blended": "онлайн и очно",
        },
        assessment_label="Проверка знаний",
        test_passed="итоговый тест сдан",
        all_done="обязательные занятия пройдены",
        edition_label="Издание курса",
        date_label="Дата выдачи",
        number="Номер",
        code="Код проверки",
        outcomes_heading="Обладатель сертификата умеет",
        track_heading="Курс по занятиям",
        hours=_hours_ru,
        day=_day_ru,
        test_passed_in=_test_ru,
        rule=_rule_ru,
    ),
}
