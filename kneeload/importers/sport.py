"""Which sport an activity was: by the name its file gives, else by its speeds."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import numpy as np

from kneeload.model import RUNNING_SPORTS, Sport

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kneeload.records import Records

FOOT_SPORTS = RUNNING_SPORTS | {Sport.WALKING, Sport.HIKING}
"""Sports whose cadence counts steps."""

WALKING_BELOW_MPS = 1.8
RUNNING_UP_TO_MPS = 5.0
CYCLING_UP_TO_MPS = 15.0
MOVING_FROM_MPS = 0.5
LONGEST_STEP_S = 300.0

_EARTH_RADIUS_M = 6_371_000.0
_RUNNING_WORDS = """
    run running runs jog jogging jogged parkrun trailrun couch interval intervals intervalle tempo
    fartlek footing course courir carrera correr trote corsa correre corrida hardlopen hardloop
    hardloopsessie rennen laufen lauf joggen"""
_COMPOUNDS = ("lauf", "laufen", "run", "running", "loopje")
_GLIDING_WORDS = frozenset({"langlauf", "skilanglauf", "eislauf", "eislaufen", "rollerlauf"})
_PREFIXES = ("hkworkoutactivitytype", "activitytype", "sport")

# FIT sports and sub-sports, TCX, Garmin, Strava (and its numbers in GPX), Apple, Polar,
# Runkeeper, OpenTracks; English and German; spelled without case, spaces and punctuation.
_NAMES: dict[Sport, str] = {
    Sport.RUNNING: """
        9 run running streetrun streetrunning roadrun roadrunning outdoorrun outdoorrunning jog
        jogging ultrarun ultrarunning ultra obstaclerun obstaclerunning race marathon
        halfmarathon lauf laufen joggen strassenlauf strassenlaufen laufsport wettkampf
        courseapied course footing courseapiedsurroute carrera correr carreraapie corsa correre
        corrida hardloopsessie hardlopen hardloop lopen""",
    Sport.TRAIL_RUNNING: """
        trail trailrun trailrunning trailrunner mountainrun mountainrunning crosscountryrunning
        skyrunning traillauf traillaufen gelandelauf berglauf
        courseapiedentrail courseentrail trailcourseapied carreraportrail carreradetrail
        carreradetrailrunning carreradetrailrun carrerademontana carreraporsendero carreratrail
        corsatrail corsasusentiero trailcorsa corridaemtrilha corridadetrilha corridadetrail
        corridatrail trailloop trailhardlopen trailhardloopsessie trailrunsessie""",
    Sport.TRACK_RUNNING: """
        trackrun trackrunning bahnlauf bahnlaufen indoortrack
        courseapiedsurpiste carreraenpista corsasupista corridaempista corridanapista baanloop""",
    Sport.TREADMILL_RUNNING: """
        treadmill treadmillrun treadmillrunning indoorrun indoorrunning laufband laufbandlauf
        laufbandtraining laufbandlaufen indoorlauf indoorlaufen
        tapisdecourse courseapiedsurtapis courseapiedentapis cintadecorrer carreraencinta
        carreraencintadecorrer tapisroulant corsasutapisroulant esteira corridaemesteira
        corridanaesteira loopband loopbandlopen hardlopenoploopband""",
    Sport.VIRTUAL_RUNNING: """
        virtualrun virtualrunning virtualactivityrunning virtuellerlauf virtuelllaufen
        courseapiedvirtuelle coursevirtuelle carreravirtual corsavirtuale corridavirtual
        virtuelehardloopsessie virtueelhardlopen virtueleloop""",
    Sport.WALKING: """
        10 walk walking casualwalk casualwalking speedwalk speedwalking powerwalking
        fitnesswalking indoorwalk indoorwalking nordicwalking dogwalking gehen gang walken
        spaziergang spazieren
        marche marcheapied marchenordique caminata caminar paseo marchanordica camminata
        passeggiata caminhada wandeling wandelen""",
    Sport.HIKING: """
        4 hike hiking mountaineering trekking snowshoe snowshoeing rucking wandern wanderung
        bergsteigen schneeschuhwandern
        randonnee randonneepedestre raquettes senderismo excursion excursionismo escursione
        escursionismo trilha hiken hiking bergwandelen""",
    Sport.CYCLING: """
        1 17 18 bike biking ride riding cycle cycling bicycle bicycling road roadbike roadbiking
        roadcycling roadride mountain mountainbike mountainbiking mountainbikeride gravel
        gravelride gravelcycling gravelunpavedcycling cyclocross trackcycling
        indoorcycling indoorbiking indoorcycle spin spinning virtualride virtualcycling ebike
        ebiking ebikeride ebikefitness ebikemountain emountainbikeride emountainbiking
        commuting handcycle handcycling downhill downhillbiking recumbent recumbentcycling
        bmx velomobile radfahren rad radfahrt fahrrad fahrradfahren fahrradfahrt rennrad
        rennradfahren mountainbikefahrt mountainbiken gravelfahrt ebikefahrt virtuellefahrt
        virtuelleradfahrt radsport
        velo sortieavelo sortievelo cyclisme vtt sortievtt veloderoute velovirtuel
        veloelectrique gravelvelo sortieveloelectrique sortievelovirtuelle ciclismo bicicleta
        bici vueltaenbicicleta vueltaenbici recorridoenbici giroinbici giroinbicicletta giro
        uscitainbici bicicletta pedalada pedalata fietsrit fietsen virtuelefietsrit
        mountainbikerit mountainbiketocht mtb gravelrit""",
    Sport.SWIMMING: """
        16 swim swimming lapswim lapswimming poolswim poolswimming openwater openwaterswim
        openwaterswimming schwimmen bahnschwimmen freiwasserschwimmen
        natation natacion nado nuoto nuotata natacao zwemmen zwemsessie""",
    Sport.SKIING: """
        2 3 7 8 ski skiing nordicski nordicskiing crosscountryskiing classiccrosscountryskiing
        skatecrosscountryskiing skateskiing backcountryski backcountryskiing alpineski
        alpineskiing resortskiing resortskiingsnowboarding downhillskiing rollerski
        rollerskiing skitouring snowboard snowboarding langlauf skilanglauf
        skifahren alpinski skitour rollski
        skidefond skinordique skialpin skiderandonnee esqui esquialpino esquidefondo
        esquinordico sci scialpino scidifondo skien langlaufen""",
    Sport.ROWING: """
        row rowing indoorrow indoorrowing rudern
        aviron remo canottaggio roeien""",
    Sport.STRENGTH: """
        strength strengthtraining functionalstrengthtraining traditionalstrengthtraining
        weights weighttraining weightlifting krafttraining kraft
        musculation entrainementauxpoids entrenamientodepesas entrenamientoconpesas
        entrenamientodefuerza allenamentoconipesi pesi treinamentocompeso musculacao
        treinamentocompesos treinamentodeforca krachttraining gewichttraining""",
    Sport.TRANSITION: """
        transition biketoruntransition runtobiketransition swimtobiketransition
        biketoruntransitionv2 wechsel wechselzone""",
    Sport.OTHER: """
        5 6 11 12 13 14 15 other others workout training fitnessequipment multisport
        indoorcardio cardio cardiotraining hiit crossfit yoga pilates elliptical
        stairclimbing stairstepper floorclimbing breathing inlineskate inlineskating iceskate
        iceskating kitesurf kitesurfing windsurf windsurfing surfing sailing boating paddling
        kayaking canoeing standuppaddling standuppaddleboarding standuppaddleboardingv2 rafting
        snorkeling diving singlegasdiving multigasdiving apneadiving tennis soccer football
        americanfootball basketball golf driving motorcycling car flying hanggliding
        rockclimbing climbing horsebackriding fishing hunting skating skydiving
        snowmobiling wakeboarding waterskiing boxing sonstige sonstiges andere
        entrainement entrenamiento allenamento treinamento treino exercice ejercicio""",
}
_BY_NAME = {name: sport for sport, names in _NAMES.items() for name in names.split()}


def from_name(text: str | None) -> Sport | None:
    """Return the sport that a file's or platform's word means, None where it means none.

    Case, spaces and punctuation do not count: ``Trail Run``, ``trail_running`` and ``TrailRun``
    are one. Only whole names count, so that *Langlauf* (skiing) never becomes a run. Strava's
    GPX numbers are names too (9 is a run). *Other* is a sport; *generic* and free text are none.

    Parameters
    ----------
    text
        The word, in English or German; FIT sub-sports are understood as well.

    Returns
    -------
    Sport or None
        None lets the caller judge by speeds.
    """
    plain = _plain(text or "")
    for prefix in _PREFIXES:
        plain = plain.removeprefix(prefix)
    return _BY_NAME.get(plain)


def says_running(text: str) -> bool:
    """Return whether the words of a name speak of running: *Morning Run*, *run-walk*, *Dauerlauf*.

    Parameters
    ----------
    text
        What a runner or an app called it, in any of the languages of `from_name`.
    """
    folded = unicodedata.normalize("NFKD", text).casefold()
    words = set(re.split(r"[\W\d_]+", "".join(c for c in folded if not unicodedata.combining(c))))
    compounds = {word for word in words if word.endswith(_COMPOUNDS)}
    return bool((words & {*_RUNNING_WORDS.split()}) | (compounds - _GLIDING_WORDS))


def infer(records: Records, mean_mps: float | None = None) -> Sport:
    """Return the sport that the speeds of a session suggest.

    The median speed over the moving time decides: below 1.8 m/s walking, up to 5.0 m/s running,
    up to 15 m/s cycling; beyond, and where no speed can be told, `Sport.OTHER`. Evidence:
    *assumption*. Below 1.8 m/s (9:15 per km) nearly everybody walks (the walk-run transition is
    near 2 m/s); 5.0 m/s (3:20 per km) as the median of a whole session is an elite's race, but
    a slow commute by bicycle. A slow mountain-bike ride passes for a run: such a session is
    marked as inferred, and the runner can name its sport.

    Parameters
    ----------
    records
        What the device recorded.
    mean_mps
        What stands in for their median speed where they tell none [m/s].

    Returns
    -------
    Sport
        Walking, running, cycling or other.

    References
    ----------
    Hreljac A. Preferred and energetically optimal gait transition speeds in human locomotion.
    Med Sci Sports Exerc 1993. https://doi.org/10.1249/00005768-199310000-00012
    """
    speed = _median_moving_speed(records)
    if not np.isfinite(speed) and mean_mps:
        speed = mean_mps
    if not speed <= CYCLING_UP_TO_MPS:
        return Sport.OTHER
    if speed > RUNNING_UP_TO_MPS:
        return Sport.CYCLING
    return Sport.WALKING if speed < WALKING_BELOW_MPS else Sport.RUNNING


def _plain(text: str) -> str:
    """Return `text` in lower case without accents, spaces and punctuation."""
    folded = unicodedata.normalize("NFKD", text[:80].replace("ß", "ss")).lower()
    return "".join(c for c in folded if c.isalnum() and c.isascii())


def _median_moving_speed(records: Records) -> float:
    """Return the median speed [m/s] over the seconds that moved, NaN where there are none."""
    seconds = np.diff(records.seconds)
    same = np.diff(records.segment) == 0
    with np.errstate(all="ignore"):
        step = np.where(same & (seconds > 0) & (seconds <= LONGEST_STEP_S), seconds, np.nan)
        speed = _step_speed(records, step)
        moving = (speed >= MOVING_FROM_MPS) & np.isfinite(speed)
    return _weighted_median(speed[moving], step[moving])


def _step_speed(records: Records, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each step's speed [m/s]: from positions, else distances, else the device's speed."""
    track = _steps_m(records)
    metres = np.where(np.isfinite(track), track, np.diff(records.distance_m))
    device_mps = records.speed_mps[1:]
    speed: NDArray[np.float64] = np.where(np.isfinite(metres), metres / seconds, device_mps)
    return np.where(np.isfinite(seconds), speed, np.nan)


def _steps_m(records: Records) -> NDArray[np.float64]:
    """Return the length of each step [m] on a locally flat earth."""
    latitude, longitude = np.radians(records.latitude), np.radians(records.longitude)
    east = np.diff(longitude) * np.cos(latitude[1:])
    metres: NDArray[np.float64] = _EARTH_RADIUS_M * np.hypot(np.diff(latitude), east)
    return metres


def _weighted_median(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    if not values.size:
        return float("nan")
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, total[-1] / 2)])
