"""Lines of the pain inbox behind their date: forty that say a score, forty that are traps."""

import pytest

from kneeload.diary.line_grammar import scores_in_line

READ = """
3                                         | unsure unsure 3
0                                         | unsure unsure 0
10                                        | unsure unsure 10
L 3                                       | left unsure 3
3 L                                       | left unsure 3
L3                                        | left unsure 3
r: 2                                      | right unsure 2
knee:3                                    | unsure unsure 3
L 3 morning                               | left next_morning 3
l 0 next morning                          | left next_morning 0
L 3 R 2                                   | left unsure 3, right unsure 2
left knee 3/10 after                      | left after 3
L before 1 during 4 after 3 at 6.5 km     | left before 1, left during 4 @6.5, left after 3
after 5 km 3                              | unsure during 3 @5
4 from mile 3                             | unsure during 4 @4.828
before morning run 2                      | unsure before 2
2 this evening                            | unsure unsure 2
30 min after 3                            | unsure after 3
1 h later 2                               | unsure after 2
both 2                                    | both unsure 2
L 3, ran 8 km                             | left unsure 3
L 3 - felt ok                             | left unsure 3
3-4                                       | unsure unsure 4
at rest 1                                 | unsure rest 1
knie links 2                              | left unsure 2
links morgens 3                           | left next_morning 3
heute Morgen 3                            | unsure next_morning 3
links vorher 1, während 4, danach 2       | left before 1, left during 4, left after 2
ab km 6 4                                 | unsure during 4 @6
rechts 5 nach dem Lauf                    | right after 5
nach 2 h 3                                | unsure after 3
Schmerz 4                                 | unsure unsure 4
genou gauche 4 ce matin                   | left next_morning 4
genou droit 2                             | right unsure 2
avant 1 pendant 4 après 2                 | unsure before 1, unsure during 4, unsure after 2
le lendemain 3                            | unsure next_morning 3
rodilla izq 3 por la mañana               | left next_morning 3
antes 1 durante 3 después 2               | unsure before 1, unsure during 3, unsure after 2
rodilla derecha 2                         | right unsure 2
dolor 6                                   | unsure unsure 6
"""
TRAPS = """
11
3.5
-1
100
3 4
L 3 4
3 weeks
L 3 weeks
3 km
5 sets
ran 8 km
calf 3
hip 4 knee 2
7/10 effort
rpe 7
knee raises 3x10
3x10 squats
3 l water
no pain
knee
L
morning
session 3 of 10
3:30
03
3%
three
5 Wochen
3 Wiederholungen
Wade 3
Hüfte links 4
Kniebeugen 3
Lauf 3
3 km gelaufen
hanche 4
3 semaines
mollet gauche 2
montées de genoux 3
3 semanas
gemelo 4
"""


def said(text: str) -> str:
    return ", ".join(
        f"{s.knee} {s.moment} {s.score}" + (f" @{s.onset_km:g}" if s.onset_km else "")
        for s in scores_in_line(text)
    )


def test_there_are_eighty() -> None:
    assert (len(READ.split("\n")) - 2, len(TRAPS.split("\n")) - 2) == (40, 40)


@pytest.mark.parametrize("line", READ.strip().split("\n"))
def test_a_line_says_its_scores(line: str) -> None:
    text, _, meant = line.partition("|")
    assert said(text.strip()) == meant.strip()


@pytest.mark.parametrize("text", TRAPS.strip().split("\n"))
def test_a_trap_is_not_read(text: str) -> None:
    assert said(text) == ""


def test_what_more_a_line_says_is_its_note() -> None:
    assert [s.words for s in scores_in_line("L 3, ran 8 km in Schwäbisch")] == [
        "L 3, ran 8 km in Schwäbisch"
    ]
    assert [s.words for s in scores_in_line("L 3 front")] == [""]
