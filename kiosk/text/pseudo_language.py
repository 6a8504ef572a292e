"""Makes the pseudo-language "qps" of the collected texts: each sentence in brackets, accented, and 40 % longer, so that a test sees
what was not translated and what does not fit.

    pseudo_language.py patella.pot qps.po"""
import re
import sys

ACCENTS = str.maketrans("aceinosuyzACEINOSUYZ", "áçéíñóšúýžÁÇÉÍÑÓŠÚÝŽ")


def pseudo(text):
    """`text` as it stands in the file, with its escapes: placeholders and escapes stay as they are."""
    parts = re.split(r"(\{\d\}|\\.)", text)
    accented = "".join(part if i % 2 else part.translate(ACCENTS) for i, part in enumerate(parts))
    return "[" + accented + "~" * max(1, round(0.4 * len(text)) - 2) + "]"


def main():
    source, target = sys.argv[1:]
    entries = open(source, encoding="utf-8").read().split("\n\n")
    made = [entries[0].replace("charset=CHARSET", "charset=UTF-8")
            .replace("nplurals=INTEGER; plural=EXPRESSION", "nplurals=2; plural=(n != 1)")]
    for entry in filter(str.strip, entries[1:]):
        ids = [re.search(rf'(?m)^{key} ((?:"(?:[^"\\]|\\.)*"\n?)+)', entry) for key in ("msgid", "msgid_plural")]
        texts = ["".join(re.findall(r'"((?:[^"\\]|\\.)*)"', found.group(1))) if found else None for found in ids]
        head = re.split(r"(?m)^msgstr", entry)[0]
        if re.search(r'(?m)^msgctxt "(number|date|unit)"', entry):  # how things are written, and no sentence
            made.append(f'{head}msgstr "{texts[0]}"\n')
            continue
        if texts[1] is None:
            made.append(f'{head}msgstr "{pseudo(texts[0])}"\n')
        else:
            made.append(f'{head}msgstr[0] "{pseudo(texts[0])}"\nmsgstr[1] "{pseudo(texts[1])}"\n')
    open(target, "w", encoding="utf-8").write("\n\n".join(made))


if __name__ == "__main__":
    main()
