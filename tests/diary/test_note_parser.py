"""Scores that runners write in names and notes: each found as meant, each trap left alone."""

import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeload.diary.note_parser import scores_in

U = "unsure"

SCORES: dict[str, list[tuple[int, str, str, str]]] = {
    # English
    "knee 3/10": [(3, U, U, U)],
    "L knee 4 front": [(4, "left", "front", U)],
    "R knee 2": [(2, "right", U, U)],
    "knee (L): 3": [(3, "left", U, U)],
    "Easy 10 k, left knee 2/10 after": [(2, "left", U, "after")],
    "left knee was a 4 today": [(4, "left", U, U)],
    "knee 0": [(0, U, U, U)],
    "Knee pain 10/10, walked home": [(10, U, U, U)],
    "Great run, but knee at 3/10 from km 6": [(3, U, U, "during")],
    "knee before 1, during 3, after 2": [
        (1, U, U, "before"),
        (3, U, U, "during"),
        (2, U, U, "after"),
    ],
    "Right knee: before 1/10. During 3/10. After 2/10.": [
        (1, "right", U, "before"),
        (3, "right", U, "during"),
        (2, "right", U, "after"),
    ],
    "left knee 3 and right knee 1": [(3, "left", U, U), (1, "right", U, U)],
    "3/10 left knee, 1/10 right knee": [(3, "left", U, U), (1, "right", U, U)],
    "calf 5/10, knee 2/10": [(2, U, U, U)],
    "knee 2/10 calf 5/10": [(2, U, U, U)],
    "knee 3/10 effort 7/10": [(3, U, U, U)],
    "pain 3-4/10 below the kneecap": [(4, U, "below_kneecap", U)],
    "dull ache 2 out of 10 behind left kneecap next morning": [
        (2, "left", "front", "next_morning"),
    ],
    "knee pain 2,5/10": [(3, U, U, U)],
    "outside of right knee hurt, 6/10 on the downhill": [(6, "right", "outer", "during")],
    "both knees 2 after the run": [(2, "both", U, "after")],
    "knee 3, 2 km left to the pub": [(3, U, U, U)],
    "knee 4 at the end": [(4, U, U, "during")],
    "12 km. Knee ~2. Slept badly": [(2, U, U, U)],
    "knee 3 - calf 2": [(3, U, U, U)],
    "RPE 6\nknee 1\nsleep 7 h": [(1, U, U, U)],
    "knee 2 (before) 4 (during) 3 (after)": [
        (2, U, U, "before"),
        (4, U, U, "during"),
        (3, U, U, "after"),
    ],
    "2/10 (knee) 5/10 (calf)": [(2, U, U, U)],
    "Morning run (left knee 3/10)": [(3, "left", U, U)],
    # German
    "Knie 2": [(2, U, U, U)],
    "Knie links 3, rechts 1": [(3, "left", U, U), (1, "right", U, U)],
    "li. Knie 3 außen": [(3, "left", "outer", U)],
    "Knieschmerzen 4/10 bergab": [(4, U, U, "during")],
    "Lockerer Lauf, rechtes Knie 3 von 10 danach": [(3, "right", U, "after")],
    "Knie vorher 0, beim Laufen 2, danach 1": [
        (0, U, U, "before"),
        (2, U, U, "during"),
        (1, U, U, "after"),
    ],
    "am nächsten Morgen Knie 3": [(3, U, U, "next_morning")],
    "Schmerz 3/10 im linken Knie ab km 7": [(3, "left", U, "during")],
    "unter der Kniescheibe 2/10": [(2, U, "below_kneecap", U)],
    "Knie hinten 1, sonst gut": [(1, U, "back", U)],
    # French
    "genou gauche 3/10": [(3, "left", U, U)],
    "genou droit à 2/10 après la course": [(2, "right", U, "after")],
    "douleur au genou 4 sur 10": [(4, U, U, U)],
    "genou 1 avant, 3 pendant": [(1, U, U, "before"), (3, U, U, "during")],
    "Genou D 2, sortie tranquille": [(2, "right", U, U)],
    "lendemain matin genou 2/10": [(2, U, U, "next_morning")],
    "tendon rotulien 3/10 en descente": [(3, U, "below_kneecap", "during")],
    # Spanish
    "dolor rodilla 3/10 a partir del km 5": [(3, U, U, "during")],
    "rodilla derecha 4": [(4, "right", U, U)],
    "rodilla izquierda 3/10 después": [(3, "left", U, "after")],
    "dolor de rodilla 3 de 10": [(3, U, U, U)],
    "rodilla 2 bajando, pero bien": [],
    "me duele la rodilla izq. 5/10 bajada": [(5, "left", U, "during")],
    "rodilla 1 antes y 2 después": [(1, U, U, "before"), (2, U, U, "after")],
    "Rodilla: 0/10 al final": [(0, U, U, "during")],
}

TRAPS = """
knee high 3 sets
knee 8/10 strength
1 knee 2 feet
knee bent at 90
Ice on knee 2x
Knee day 4
3x10
3x10 knee raises
knees 3x10
knee raises 3 x 12
5 km
5 km easy, knee fine
knee 3 weeks
knee 3 weeks post op
knee 5k
knee ok after 10 k
10 min knee rehab
knee brace size 3
knee sleeve 4/10 would not buy
RPE 3/10, knee fine
knee fine, 7/10 effort
knee fine 7/10 effort
knee great, 8/10
knee felt good. Mood 8/10
hip 4/10
left hip 4/10, knees ok
Week 3/10 of knee rehab
Session 4/10 knee programme
knee: 3/10 sessions done
knee MRI on 3/10
knee surgery 4/10/2025
knee pain since 3/10
knee pain mile 3
knee pain after 3 miles
knee 3 in a row
knee 7:30 pace
knee taped, lap 3
knee 12/10
knee 25
knee 2026
knee 3rd run back
Wounded Knee 10
knee to chest 10
10 knees to chest
high knees 4
knee #3
knee -3°C
no knee trouble for 3 days
bee's knees 10/10
parkrun 3/10
legs 3/10
Knie 2 Wochen Pause
Knie 2. Woche Reha
Knie OP vor 3 Monaten
Kniebeugen 3
Kniebeugen 3x10
Kniehebelauf 4
hohe Knie 3
Knie gut, 8/10 Lauf
Knie seit 3 Tagen ruhig
Knie 3 Einheiten Physio
genou 2 semaines
genoux hauts 3
montées de genoux 3 x 20
genou ok, 5 km
genou strap 2
séance 3 sur 10 genou
rodilla 3 días
rodillas al pecho 10
elevaciones de rodilla 3
flexión de rodilla 10
rodillera talla 3
2 rodillas
rodilla 3 series
la rodilla bien, 5 vueltas
""".strip().splitlines()


@pytest.mark.parametrize("text", SCORES)
def test_a_score_is_found_as_it_was_meant(text: str) -> None:
    assert [(s.score, s.knee, s.site, s.moment) for s in scores_in(text)] == SCORES[text]


@pytest.mark.parametrize("text", TRAPS)
def test_a_number_that_is_no_score_is_left_alone(text: str) -> None:
    assert scores_in(text) == ()


def test_there_are_phrases_enough_and_half_of_them_traps() -> None:
    assert len(SCORES) + len(TRAPS) >= 80
    assert len(TRAPS) >= len(SCORES)


def test_a_score_keeps_the_words_it_was_read_from() -> None:
    assert [s.words for s in scores_in("Long run. L. knee 4 front!  Then home")] == [
        "L. knee 4 front"
    ]


@given(st.integers(0, 10), st.sampled_from(["knee {}/10", "Knie {}", "genou: {}", "rodilla {}/10"]))
def test_every_score_of_the_scale_is_read(score: int, phrase: str) -> None:
    assert [s.score for s in scores_in(phrase.format(score))] == [score]


@given(st.integers(11, 10_000), st.sampled_from(["knee {}/10", "Knie {}", "genou {} sur 10"]))
def test_nothing_beyond_the_scale_is(score: int, phrase: str) -> None:
    assert scores_in(phrase.format(score)) == ()


@given(st.text())
def test_any_text_is_read_without_complaint(text: str) -> None:
    assert all(0 <= s.score <= 10 for s in scores_in(f"{text} knee {text}"))


@given(st.text(string.ascii_letters + " ,.", max_size=80))
def test_no_number_no_score(text: str) -> None:
    assert scores_in(f"knee {text}") == ()


def test_a_long_note_takes_no_time() -> None:
    note = "knee 3 weeks of 10 x 3 and l. knee - 4/10 on the 3/10 mile " * 400
    began = time.perf_counter()
    scores_in(note)
    assert time.perf_counter() - began < 5
