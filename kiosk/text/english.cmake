# msgen copies each id as its translation; the known text must differ from its id to show that the catalogue is found. What plurals English
# has the template does not say.
file(READ ${PO} content)
string(REPLACE "msgstr \"Patella: known text\"" "msgstr \"Patella: English\"" content "${content}")
string(REPLACE "nplurals=INTEGER; plural=EXPRESSION" "nplurals=2; plural=(n != 1)" content "${content}")
file(WRITE ${PO} "${content}")
