// Text that a spreadsheet would take for something else, and text that it leaves alone.
#include "export/csv_guard.hpp"

#include "export/csv_text.hpp"
#include "support/catch.hpp"

using namespace patella::exporting;

TEST_CASE("what a spreadsheet would change or run is known") {
  for (const char* text : {"1E5",
                           "3-4",
                           "007",
                           "7",
                           "1.5",
                           "1,5",
                           ".5",
                           ",5",
                           "5%",
                           "12:30",
                           "1/2",
                           "3.4.2026",
                           "2026-11-20",
                           "5 May",
                           "1.2.0",
                           " x",
                           "\t5",
                           "\xC2\xA0"
                           "5",
                           "\xE3\x80\x80"
                           "5",
                           "=1+1",
                           "+1",
                           "-1",
                           "@SUM(A1)",
                           " =1",
                           "\xEF\xBC\x9D"
                           "1+1",
                           "\xEF\xBC\x8B"
                           "1",
                           "\xEF\xBC\x8D"
                           "1",
                           "\xEF\xBC\xA0"
                           "x",
                           "\xEF\xBC\x91\xEF\xBC\x92",
                           "$3",
                           "\xE2\x82\xAC 3",
                           "(5)",
                           "TRUE",
                           "falsch",
                           "#N/A",
                           "'x",
                           "Mar-1",
                           "DEC 12",
                           "sept3",
                           "M\xC3\xA4rz 3",
                           "May 5, 2026",
                           "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5",
                           "0x1F",
                           "1st"}) {
    INFO(text);
    CHECK(spreadsheet_changes(text));
  }
}

TEST_CASE("plain text and the kiosk's own ids stay as they are") {
  for (const char* text :
       {"", "C-0001", "P-00012", "guest", "Anna K.", "left", "no", "M. Berg", "\xC3\x96zil", "E5", "Maria 2", "Marathon",
        "patella.band_reps", "Augusta", "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "too short", "Trueman"}) {
    INFO(text);
    CHECK_FALSE(spreadsheet_changes(text));
    CHECK_FALSE(looks_like_formula(text));
  }
}

TEST_CASE("programs get numbers in text as they are, and no formula either") {
  CsvLine line;
  CHECK(line.text("007").text("1E5").text("3-4").finish() == "007,1E5,3-4\r\n");
  CHECK(line.text("=1")
            .text("\xEF\xBC\x9D"
                  "1")
            .text(" =1")
            .finish() ==
        "'=1,'\xEF\xBC\x9D"
        "1,' =1\r\n");
}

TEST_CASE("a spreadsheet with a decimal comma has semicolons between its cells") {
  CsvLine line(CsvStyle{';', ',', true, true});
  CHECK(line.text("a;b").text("a,b").number(1.5).number(int64_t{-3}).number(1e300).empty().finish() ==
        "\"a;b\";a,b;1,5;-3;1e+300;\r\n");
  CHECK(line.text("007").text("say \"x\"").finish() == "'007;\"say \"\"x\"\"\"\r\n");
  CHECK(header_line(CsvStyle{';', ',', true, true}, "a,b,c") == "a;b;c\r\n");
}
