"""The condition of the knee: a name from the list, operations by their usual words."""

import pytest

from kneeload.conditions import CONDITIONS, is_operation, read_condition
from kneeload.settings import DEFAULTS, as_text, changed, from_text

OPERATIONS = """
after surgery
ACL reconstruction 2019
meniscus repair
partial meniscectomy
knee arthroscopy in May
total knee replacement
TKR left
post-op week 6
operated in 2024
had an operation
meniscus surgery
surgical fixation
ACL graft
Kreuzband-OP
Meniskusoperation
am Meniskus operiert
Kreuzbandplastik
Kreuzbandersatz
Arthroskopie 2022
Meniskusteilresektion
Meniskusnaht
Knie-TEP
Prothese rechts
Umstellungsosteotomie
opéré du ménisque
opération du genou
ligamentoplastie
méniscectomie
arthroscopie
prothèse du genou
chirurgie du LCA
greffe du ligament
operado de menisco
operación de rodilla
cirugía de LCA
meniscectomía
artroscopia
prótesis de rodilla
reconstrucción del ligamento
intervención quirúrgica
""".strip().splitlines()

NO_OPERATIONS = """
runner's knee
patellofemoral pain
meniscus tear
in cooperation with my physio
Kooperation mit Physio
no surgery
not operated
ohne OP
keine Operation
sans opération
pas d'opération
sin cirugía
tendon above the kneecap
optional brace
open question
plastered with tape
""".strip().splitlines()


@pytest.mark.parametrize("words", OPERATIONS)
def test_the_usual_words_for_an_operation(words: str) -> None:
    assert is_operation(words)
    assert is_operation(words.upper())
    assert read_condition(words)[0] == "after_surgery"


@pytest.mark.parametrize("words", NO_OPERATIONS)
def test_what_is_none(words: str) -> None:
    assert not is_operation(words)


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_name_of_the_list_stands_for_itself(name: str) -> None:
    assert read_condition(name) == (name, "")
    assert read_condition(f" {name.replace('_', ' ').title()} ") == (name, "")
    assert read_condition(f"{name}: since May") == (name, "since May")


@pytest.mark.parametrize(
    ("text", "condition", "note"),
    [
        ("runner's knee", "other", "runner's knee"),
        ("meniscus, arthroscopy 2019", "after_surgery", "meniscus, arthroscopy 2019"),
        ("tendonitis", "other", "tendonitis"),
        ("nonexistent", "other", "nonexistent"),
    ],
)
def test_other_words_are_kept(text: str, condition: str, note: str) -> None:
    assert read_condition(text) == (condition, note)


def test_condition_and_note_come_and_go_together() -> None:
    settings = changed(DEFAULTS, "condition", "ACL reconstruction 2019")
    assert settings.after_surgery
    assert settings.condition_note == "ACL reconstruction 2019"
    assert from_text(as_text(settings)) == settings
    assert changed(settings, "condition", "kneecap").condition_note is None
    assert changed(settings, "condition", "") == DEFAULTS
    # as older logs hold it
    assert from_text({"condition": "ACL reconstruction 2019"}) == settings
