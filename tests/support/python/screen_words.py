"""What the screen says, in the language it is shown in: tests name sentences in English, as the source does. PATELLA_LANGUAGE is what
the kiosk under test is told, too."""
import gettext
import os
import re

from patella_run import BUILD

LANGUAGE = os.environ.get("PATELLA_LANGUAGE", "en")


def _catalogue():
    path = BUILD / f"locale/x/LC_MESSAGES/patella_{LANGUAGE}.mo"
    with open(path, "rb") as file:
        return gettext.GNUTranslations(file)


_WORDS = _catalogue()


def translated(sentence, context=None):
    """`sentence`: English; a pair of singular and plural means the plural."""
    if isinstance(sentence, tuple):
        return _WORDS.ngettext(*sentence, 2)
    return _WORDS.pgettext(context, sentence) if context else _WORDS.gettext(sentence)


def translated_by(plugin, sentence):
    """As the plugin's own catalogue has it."""
    path = BUILD / f"plugins/{plugin}/locale/x/LC_MESSAGES/{plugin}_{LANGUAGE}.mo"
    if not path.exists():
        return sentence
    with open(path, "rb") as file:
        return gettext.GNUTranslations(file).gettext(sentence)


def _shape(sentence, arguments, context):
    """A regular expression of the sentence in the screen's language. A placeholder without an argument is any text."""
    pieces = re.split(r"\{(\d)\}", translated(sentence, context))
    shape = ""
    for i, piece in enumerate(pieces):
        if i % 2 == 0:
            shape += re.escape(piece)
        else:
            number = int(piece)
            shape += re.escape(str(arguments[number])) if number < len(arguments) else ".*"
    return re.compile(shape)


def says(shown, sentence, *arguments, context=None):
    """Some text on the screen says it, perhaps among other things."""
    shape = _shape(sentence, arguments, context)
    return any(shape.search(text) for text in shown.get("texts", []))


def shows_count(shown, done, of):
    """The large number of the repetitions that count, and beside it how many there are to be: "3", "of 10"."""
    texts, shape = shown.get("texts", []), _shape("of {0}", (of,), "count")
    return any(number == str(done) and shape.fullmatch(text) for number, text in zip(texts, texts[1:]))
