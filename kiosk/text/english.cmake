# msgen copies each id as its translation; the known text must differ from its id to show that the catalogue is found.
file(READ ${PO} content)
string(REPLACE "msgstr \"Patella: known text\"" "msgstr \"Patella: English\"" content "${content}")
file(WRITE ${PO} "${content}")
