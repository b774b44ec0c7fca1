"""The people of the demo. Nobody here exists: surnames say “example” in some language, and the accounts are roles."""

from __future__ import annotations

from dataclasses import dataclass

from academy.foundation.security import Grant

PASSWORD = "academy-demo"  # noqa: S105 - meant to be known; the demo serves its own machine only


@dataclass(frozen=True, slots=True)
class Person:
    """An account of the demo."""

    email: str
    latin: str
    cyrillic: str | None
    state: str
    institution_type: str
    function: str
    language: str
    gender: str | None = None
    grants: tuple[Grant, ...] = ()

    @property
    def institution(self) -> str:
        """An institution that nobody can mistake for a real one."""
        return "Учреждение для примера" if self.language == "ru" else "Example institution"


DOC = ("course", "DOC")

ACCOUNTS = (
    Person(
        "admin@demo.example",
        "Admin Example",
        None,
        "AT",
        "international",
        "Administrator",
        "en",
        None,
        (Grant("admin"),),
    ),
    Person(
        "admin2@demo.example",
        "Admina Przykład",
        None,
        "PL",
        "international",
        "Administrator",
        "en",
        "female",
        (Grant("admin"),),
    ),
    Person(
        "trainer@demo.example",
        "Trainer Przykład",
        None,
        "PL",
        "border",
        "Trainer",
        "en",
        "female",
        (Grant("trainer", *DOC),),
    ),
    Person(
        "translator@demo.example",
        "Translator Piemērs",
        "Переводчик Примерс",
        "LV",
        "academy",
        "Переводчик",
        "ru",
        None,
        (Grant("translator", *DOC),),
    ),
    Person(
        "reviser@demo.example",
        "Reviser Primerov",
        "Редактор Примеров",
        "KZ",
        "academy",
        "Редактор",
        "ru",
        "male",
        (Grant("reviser", *DOC),),
    ),
    Person(
        "coordinator@demo.example",
        "Coordinator Magaliti",
        None,
        "GE",
        "interior",
        "Coordinator",
        "en",
        "female",
        (Grant("coordinator", "state", "GE"),),
    ),
)

LEARNER = Person(
    "learner@demo.example",
    "Learner Namuna",
    "Слушатель Намуна",
    "TJ",
    "border",
    "Сотрудник пункта пропуска",
    "ru",
    "male",
)
LEARNER_2 = Person(
    "learner2@demo.example", "Learner Shembull", None, "AL", "border", "Officer, first line", "en", "female"
)

# One with Tajik letters, one with a single name, one with a long double surname, one whose state carries a footnote.
LEARNERS = (
    Person("p01@demo.example", "Hamroh Namunaī", "Ҳамроҳ Намунаӣ-Қӯҳистонӣ", "TJ", "border", "Старший смены", "ru", "male"),
    Person("p02@demo.example", "Magalita", None, "GE", "patrol", "Inspector", "en", "female"),
    Person("p03@demo.example", "Maria-Alexandra Exemplarescu-Pildescu de la Exemplu", None, "RO", "border", "Shift leader", "en", "female"),
    Person("p04@demo.example", "Shembulla Pershembull", None, "XK", "border", "Border officer", "en", "female"),
    Person("p05@demo.example", "Misol Namunaev", "Мисол Намунаев", "UZ", "border", "Инспектор", "ru", "male"),
    Person("p06@demo.example", "Mysal Ülgüýew", None, "TM", "migration", "Специалист", "ru", "male"),
    Person("p07@demo.example", "Mysaly Ülgi", "Мысалы Үлгі", "KZ", "migration", "Главный специалист", "ru", "female"),
    Person("p08@demo.example", "Misal Ülgülüü", "Мисал Үлгүлүү", "KG", "border", "Контролёр", "ru", "female"),
    Person("p09@demo.example", "Pryklad Zrazkovyi", "Приклад Зразковий", "UA", "border", "Inspector", "ru", "male"),
    Person("p10@demo.example", "Nümunə Məsəl", None, "AZ", "migration", "Инспектор", "ru", "male"),
    Person("p11@demo.example", "Orinak Nmushyan", None, "AM", "border", "Inspector", "ru", "female"),
    Person("p12@demo.example", "Exemplu Pildă", None, "MD", "border", "Inspector", "ru", "female"),
    Person("p13@demo.example", "Primjer Uzorak", None, "BA", "border", "Police officer", "en", "male"),
    Person("p14@demo.example", "Primer Obrazec", None, "MK", "border", "Officer", "en", "female"),
    Person("p15@demo.example", "Uzorak Primjerić", None, "ME", "border", "Officer", "en", "male"),
    Person("p16@demo.example", "Primer Ogled", None, "RS", "border", "Officer", "en", None),
    Person("p17@demo.example", "Örnek Misal", None, "TR", "migration", "Expert", "en", "male"),
    Person("p18@demo.example", "Pavyzdys Pavyzdaitis", None, "LT", "border", "Specialist", "en", "male"),
    Person("p19@demo.example", "Piemēra Paraugs", None, "LV", "border", "Inspector", "ru", "female"),
    Person("p20@demo.example", "Näide Näidis", None, "EE", "border", "Officer", "en", "female"),
    Person("p21@demo.example", "Esimerkki Malli", None, "FI", "border", "Officer", "en", None),
    Person("p22@demo.example", "Exempel Förebild", None, "SE", "migration", "Case officer", "en", "female"),
    Person("p23@demo.example", "Beispiel Muster", None, "DE", "border", "Document adviser", "en", "male"),
    Person("p24@demo.example", "Vzor Příklad", None, "CZ", "migration", "Inspector", "en", "male"),
    Person("p25@demo.example", "Príklad Ukážka", None, "SK", "border", "Inspector", "en", "female"),
    Person("p26@demo.example", "Példa Minta", None, "HU", "border", "Officer", "en", "female"),
    Person("p27@demo.example", "Primera Obraztsova", "Примера Образцова", "BG", "border", "Inspector", "ru", "female"),
    Person("p28@demo.example", "Paradeigma Deigma", None, "GR", "border", "Officer", "en", "male"),
    Person("p29@demo.example", "Esempio Modello", None, "IT", "foreign", "Consular officer", "en", "female"),
    Person("p30@demo.example", "Ejemplo Muestra", None, "ES", "border", "Inspector", "en", "male"),
    Person("p31@demo.example", "Exemplo Amostra", None, "PT", "border", "Inspector", "en", "female"),
    Person("p32@demo.example", "Primernyi Obrazets", "Примерный Образец", "BY", "border", "Инспектор", "ru", "male"),
    Person("p33@demo.example", "Obraztsov Primer", "Образцов Пример", "RU", "interior", "Специалист", "ru", "male"),
    Person("p34@demo.example", "Voorbeeld Model", None, "NL", "border", "Document examiner", "en", None),
    Person("p35@demo.example", "Eksempel Prøve", None, "NO", "border", "Officer", "en", "female"),
    Person("p36@demo.example", "Zgled Vzorec", None, "SI", "border", "Officer", "en", "male"),
    Person("p37@demo.example", "Namuna Qolip", "Намуна Қолип", "UZ", "customs", "Инспектор", "ru", "male"),
    Person("p38@demo.example", "Magaliti Nimushi", None, "GE", "migration", "Specialist", "en", "male"),
)  # fmt: skip
