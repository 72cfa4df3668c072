"""The words in which runners note knee pain: English, German, French and Spanish.

Patterns for lower-case text without accents, in order: of two that begin at the same letter the
earlier one counts. Left out on purpose is every word that would turn a count into a score.
"""

from __future__ import annotations

import re

_COUNTS = (
    r"x|reps?|sets?|sessions?|runs|laps?|rounds?|intervals?|repeats?|stages?|races?|times|"
    r"km|kms|k|mi|miles?|m|meters?|metres?|steps?|floors?|flights?|"
    r"s|secs?|seconds?|mins?|minutes?|h|hrs?|hours?|days?|weeks?|months?|years?|am|pm|"
    r"wdh|wiederholung(?:en)?|satz|satze|serien?|einheit(?:en)?|runden?|stockwerke?|stufen|"
    r"std|stunden?|tage?n?|wochen?|monate?n?|jahre?n?|uhr|mal|"
    r"repetitions?|series?|seances?|tours?|fois|heures?|jours?|semaines?|mois|ans?|annees?|"
    r"repeticion(?:es)?|sesion(?:es)?|vueltas?|veces|horas?|dias?|semanas?|mes(?:es)?|anos?"
)
ORDINALS = (
    r"woche|tag|monat|mal|lauf|runde|versuch|einheit|halfte|km|januar|februar|marz|april|mai|juni|"
    r"juli|august|september|oktober|november|dezember"
)
_WHOLE = r"(?:10|[0-9])"
_KM = r"(?:km|k|kms|mi|miles?|min|mins|minutes?|minuten|m|h)"
_RUN = r"(?:run|running|race|workout|lauf|laufen|training|course|sortie|footing|carrera|correr)"
_THE = r"(?:the |my |this |today's |dem |der |den |la |le |l'|ma |el |mi |de |a )*"
_CAP = (
    r"(?= (?:(?:the|my|left|right|der|die|linken|rechten|la|le) )*"
    r"(?:knee ?cap|patella|kniescheibe|rotule|rotula))"
)
_LATER = r"(?:after|later|danach|nachher|spater|apres|plus tard|despues|mas tarde)"

_DRILLS = (
    r"(?:high|bee'?s|wounded|hohe[nmrs]?|(?:montees?|levees?|lever|flexions?) (?:de|des|du)|"
    r"(?:elevacion|flexion)(?:es)? de(?: la)?) (?:knees?|knien?|genoux?|rodillas?)",
    r"knees?[ -](?:highs?|raises?|lifts?|drives?|drops?|bends?|hugs?|tucks?|ups?|extensions?|"
    r"flexions?|circles|braces?|sleeves?|straps?|supports?|pads?|socks?|tape|surgery|op|"
    r"operation|replacement|mri|scan|x-?ray|doctor|doc|physio|pt|rehab|prehab|exercises?|routine|"
    r"programme?|plan|strength(?:ening)?|stability|mobility|confidence|function|drills?|work|"
    r"session|deep|length|to chest|club)",
    r"knie[ -]?(?:heben|hebelauf|hebelaufe|beugen?|bandagen?|op|operation|reha|ubungen|ubung|"
    r"training|strumpfe|prothese|mrt|termin|hoch|stabi)",
    r"genoux?[ -](?:hauts?|poitrine|strap|irm|kine)|genouilleres?",
    r"rodillas? (?:arriba|altas?|al pecho)|rodilleras?",
)
_PARTS = (
    r"ankles?|hips?|cal(?:f|ves)|shins?|foot|feet|heels?|achilles|hamstrings?|hammy|quads?|glutes?|"
    r"groin|thighs?|legs?|toes?|spine|shoulders?|neck|knochel|hufte|wade|waden|schienbein|fuss|fuß|"
    r"fusse|füße|ferse|oberschenkel|beine?|schulter|rucken|cheville|hanche|mollets?|tibias?|pieds?|"
    r"talon|cuisses?|jambes?|dos|tobillos?|cadera|gemelos?|pie|pies|talon|muslos?|piernas?|espalda|"
    r"strength|stability|mobility|confidence|function|kraft|stabilitat|force|fuerza|"
    r"rpe|effort|exertion|intensity|energy|mood|sleep|fatigue|stress|motivation|weather|overall|"
    r"enjoyment|feeling|hunger|anstrengung|schlaf|stimmung|belastung|mudigkeit|gefuhl|laune|"
    r"humeur|sommeil|ressenti|sensations?|forme|esfuerzo|sueno|animo|cansancio|sensaciones|"
    r"appointment|mri|scan|physio|termin|mrt|rdv|irm|kine|cita|rmn|fisio|"
    r"run|lauf|sortie|rodaje"
)
_GOOD = (
    r"good|great|fine|perfect|amazing|awesome|super|strong|happy|gut|prima|toll|stabil|bien|"
    r"parfait|genial|nickel|perfecta|fuerte"
)
_PAIN = (
    r"pains?|painful|aches?|achy|aching|ached|sore|soreness|hurts?|hurting|twinges?|niggl(?:e|es|y)|"
    r"discomfort|stiff|stiffness|tight|tender|schmerz(?:en|t|te|haft)?|weh|zwickt|zwicken|zieht|"
    r"ziehen|tut|tat|steif|douleurs?|douloureux|douloureuse|mal|gene|raide|dolor|dolores|duele|"
    r"dolia|molestias?|molesta|rigida"
)
_FILLERS = (
    r"all right|alright|tout droit|my|the|a|an|is|was|were|at|about|around|approx|ca|maybe|only|"
    r"just|still|felt|feels|feeling like|like|level|score|rated|rating|up|to|max|worst|peak|of|in|"
    r"with|slight|mild|some|little|no|nprs|vas|mein|meine[mnrs]?|im|das|die|der|dem|ist|war|etwa|"
    r"circa|ungefahr|nur|leicht|leichte[rs]?|stufe|bis|noch|wieder|mit|kein|keine|skala|mon|le|la|"
    r"les|du|au|est|etait|environ|niveau|jusqu'a|encore|legere?|petite?|avec|un|une|mi|el|en|de|"
    r"una|estaba|esta|hasta|nivel|solo|leve|con|los|las|del|al"
)
_FOLLOWS = (
    r"on|from|when|while|going|because|today|again|all|max|yesterday|since|heute|auf|beim|bei|ab|"
    r"am|wieder|gestern|trotz|dans|quand|sur|des|aujourd'hui|hier|cuando|hoy|ayer|desde|por|"
    r"stairs|treppen?|escaliers?|escaleras?|squats?|sitting|most|mostly|throughout|so"
)

TOKENS: tuple[tuple[str, str, str], ...] = (
    *(("part", "", pattern) for pattern in _DRILLS),
    (
        "moment",
        "after",
        rf"(?:[0-9]+|an?|one|eine?|une|una) ?(?:h|hrs?|hours?|std|stunden?|heures?|"
        rf"horas?|min|minutes?) {_LATER}",
    ),
    (
        "moment",
        "next_morning",
        r"(?:the )?(?:next|following) (?:morning|day|am)|(?:the )?(?:morning|"
        r"day) after|tomorrow morning|am (?:nachsten|anderen|folgenden) (?:morgen|tag)|"
        r"(?:nachster|nachsten) (?:morgen|tag)|am tag danach|le lendemain(?: matin)?|lendemain(?: "
        r"matin)?|(?:a la )?manana siguiente|(?:al )?dia siguiente",
    ),
    (
        "moment",
        "unsure",
        r"(?:this|in the) (?:morning|evening|afternoon)|tonight|heute (?:morgen|fruh"
        r"|abend)|ce (?:matin|soir)|au reveil|esta (?:manana|tarde|noche)|por la (?:manana|noche)",
    ),
    ("moment", "rest", r"at rest|resting|in ruhe|au repos|en reposo|rest day|ruhetag"),
    (
        "moment",
        "during",
        r"(?:after|from|at|past|since|until|nach|ab|bei|am|seit|bis|apres|a partir d(?:el?|u)|"
        r"depuis|des|au|despues de|desde|tras|en|a)"
        r"(?: the| dem| le| el| la)? "
        rf"(?:(?:km|k|mile|kilometer|kilometre) ?[0-9]+(?:[.,][0-9]+)?|"
        rf"[0-9]+(?:[.,][0-9]+)? ?{_KM})",
    ),
    (
        "moment",
        "after",
        rf"(?:after(?:wards?)?|post|nach(?! hause)|danach|nachher|hinterher|apres|"
        rf"despues|tras)(?:[ -]{_THE}{_RUN})?(?: de)?",
    ),
    (
        "moment",
        "before",
        rf"(?:before(?:hand)?|pre|prior to|vor|vorher|davor|vorm|avant|antes)"
        rf"(?:[ -]{_THE}{_RUN})?(?: de)?",
    ),
    (
        "moment",
        "during",
        r"(?:during|while|on|mid|wahrend|beim|im|pendant|durant|en|durante)"
        rf"[ -]{_THE}{_RUN}|during|wahrend|unterwegs|pendant|durante|corriendo|"
        r"(?:on )?(?:the )?downhills?|at the (?:end|start|beginning)|am ende|zum schluss|a la fin|"
        r"al final|bergab(?:laufen)?|(?:en |dans la )?descente|"
        r"cuesta abajo|(?:en )?bajada|uphill|bergauf",
    ),
    (
        "site",
        "below_kneecap",
        rf"(?:just )?(?:below|under|underneath|beneath|unter|unterhalb|sous|"
        rf"debajo de|bajo|por debajo de){_CAP}|patellar? tendon|patella(?:r)?sehne|tendon rotulien|"
        r"tendon rotuliano",
    ),
    (
        "site",
        "above_kneecap",
        rf"(?:just )?(?:above|over|uber|oberhalb|au-dessus de|encima de|sobre|"
        rf"por encima de){_CAP}|quad(?:riceps)? tendon",
    ),
    ("site", "front", rf"(?:behind|around|hinter|um|derriere|autour de|detras de){_CAP}"),
    (
        "knee",
        "left",
        r"l[ .-]{0,2}knee(?:cap)?|knee \(?l\)?|(?:li|l)[ .-]{0,2}knie|knie \(?(?:li|l)\)?|"
        r"genou \(?g\)?|g[ .]{1,2}genou|rodilla \(?(?:izq|izda|i)\)?",
    ),
    (
        "knee",
        "right",
        r"r[ .-]{0,2}knee(?:cap)?|knee \(?r\)?|(?:re|r)[ .-]{0,2}knie|knie \(?(?:re|r)"
        r"\)?|genou \(?d\)?|d[ .]{1,2}genou|rodilla \(?(?:der|dcha|dch|d)\)?",
    ),
    ("knee", "both", r"knees|genoux|rodillas"),
    (
        "knee",
        "",
        r"knee|knee ?caps?|knie[ns]?|knie(?:scheibe|gelenk|schmerz|schmerzen)|genou|rotule|"
        r"rodilla|rotula|patella",
    ),
    ("side", "left", r"left|links|linke[nrsm]?|gauche|izquierd[ao]|izq"),
    (
        "side",
        "right",
        r"right(?! (?:after|now|away|before|at|from|on|in))|rechts|rechte[nrsm]?|"
        r"droite?|derech[ao]|dcha",
    ),
    ("side", "both", r"both|beide[nr]?|beidseits|les deux|ambas|las dos"),
    ("site", "front", r"front|anterior|vorne?|devant|delante|frontal"),
    (
        "site",
        "outer",
        r"outside|outer|lateral|it ?-?band|itb|au(?:ß|ss)en(?:seite)?|exterieure?|externe|"
        r"exterior|externa|afuera|por fuera",
    ),
    (
        "site",
        "inner",
        r"inside|inner|medial|innen(?:seite)?|interieure?|interne|interior|interna|"
        r"dentro",
    ),
    (
        "site",
        "back",
        r"back of|behind|back(?! (?:to|in|on|at|home|again|after|pain))|hinten|kniekehle|"
        r"derriere|arriere|detras|posterior|atras",
    ),
    ("site", "whole", r"all over|whole|ganzes?|gesamtes?|partout|entier|entera|toda"),
    (
        "count",
        "",
        r"(?:on|le|el|am) (?=[0-9]{1,2}/10)|since(?= [0-9])|seit(?= [0-9])|depuis(?= [0-9])",
    ),
    ("count", "", _COUNTS),
    ("part", "", _PARTS),
    ("good", "", _GOOD),
    ("pain", "", _PAIN),
    ("break", "", r"and|und|et|y|but|aber|mais|pero|then|dann|puis|luego"),
    ("filler", "", _FILLERS),
    ("follow", "", _FOLLOWS),
)

_DECIMAL = rf"{_WHOLE}(?:[.,][0-9])?"
_OUT_OF = r"/|out of|of|over|von|auf|sur|de|sobre"
SCORE = (
    rf"(?<![\w.,/:#])(?:{_DECIMAL} ?(?:-|\u2013|to|bis|a) ?)?"
    rf"(?P<score>{_DECIMAL}) ?(?:{_OUT_OF}) ?10"
    r"(?![\w/:%]|[.,][0-9])"
)
BARE = (
    rf"(?<![\w.,/:#$+])(?:{_WHOLE} ?[-\u2013] ?)?(?P<bare>{_WHOLE})\+?"
    rf"(?![\w%\xb0'\":$]|[.,][0-9]| ?[-\u2013/x*] ?[0-9]|\. ?(?:{ORDINALS})\b"
    r"| (?:of|von|sur|de|out|to|bis|a) [0-9]| in a row| in folge| de suite| [x\xd7*])"
)
_REST = (
    r"(?P<stop>[,&+]| [-\u2013\u2014/|] )"
    r"|(?P<other>[0-9][\w.,:/%]*|[^\W\d_]+(?:['-][^\W\d_]+)*)"
)


def grammar() -> re.Pattern[str]:
    """Return one pattern for every token; group ``t<i>`` tells the entry of `TOKENS`."""
    tokens = "|".join(
        rf"(?P<t{i}>(?<!\w)(?:{pattern})(?!\w))" for i, (_, _, pattern) in enumerate(TOKENS)
    )
    return re.compile(rf"{SCORE}|{BARE}|{tokens}|{_REST}")
