"""What stands between the name of a field and its value when a person tells it, in any language: "provider_name 是 X",
"code ist 500".

Which fields there are is not known here.
"""

#: Scripts of Latin letters have many words that join two things, so only those that tell a value are taken.
_SAYS = (
    "is|are|was|were|says|said|shows|reads|reports|equals|ist|war|sagt|zeigt|lautet|es|era|dice|muestra|est|était|dit"
    "|affiche|é|foi|diz|mostra|è|jest|to|olarak|adalah|ialah|là|är|er"
)
#: Letters of any other script, up to as many as "返回的结果是" has; not the words that only join two names.
_OTHER_SCRIPT = r"[^\W\d_\u0000-\u024f\u1e00-\u1eff]"
_JOINS = r"(?:[和与與或及跟]|или|и|と|や|または|그리고|또는|أو|و)"
_WORD = rf"(?:{_SAYS})(?![^\W_])|(?!{_JOINS}(?:\s|[A-Za-z])){_OTHER_SCRIPT}{{1,6}}"

#: A piece of a pattern that ignores case: an optional word, an optional sign.
TELLS = rf"(?:\s{{0,2}}(?:{_WORD}))?\s{{0,2}}(?:[:=→]|=>|->)?\s{{0,2}}"
