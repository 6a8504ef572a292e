#include "emulator/lines_model.hpp"

#include <filesystem>
#include <fstream>

#include "emulator/catalog.hpp"
#include "support/catch.hpp"

using namespace patella;
using namespace patella::emulator;

namespace {

struct File {
  File(const std::string& name, const std::string& content) {
    std::string pattern = (std::filesystem::temp_directory_path() / "lines-XXXXXX").string();
    folder = mkdtemp(pattern.data());
    path = folder / name;
    std::ofstream(path) << content;
  }
  ~File() { std::filesystem::remove_all(folder); }
  std::filesystem::path folder, path;
};

std::string said_until(SerialModel& model, int64_t t_us) {
  std::string said;
  while (model.deadline_us() <= t_us) {
    const int64_t now_us = model.deadline_us();
    model.tick(now_us);
    const Bytes bytes = model.take_output(now_us);
    said.append(bytes.begin(), bytes.end());
  }
  return said;
}

void write(SerialModel& model, const std::string& text, int64_t now_us) {
  model.received(std::span(reinterpret_cast<const uint8_t*>(text.data()), text.size()), now_us);
}

}  // namespace

TEST_CASE("a file of lines is said in turn while the port is open, and again from the top after the next opening") {
  const File file("lines.txt", "1.0 kg\n2.0 kg\n");
  const auto made = make_model(*parse_wish("lines:every=250:vendor=10c4:product=ea60:file=" + file.path.string()), 1);
  REQUIRE(made);
  SerialModel& model = *made->serial;
  CHECK(model.identity().vendor == 0x10c4);
  CHECK(model.identity().product == 0xea60);
  CHECK(said_until(model, 5'000'000).empty());
  model.opened(5'000'000);
  CHECK(said_until(model, 5'760'000) == "1.0 kg\r\n2.0 kg\r\n1.0 kg\r\n");
  model.closed(5'800'000);
  CHECK(said_until(model, 9'000'000).empty());
  model.opened(9'000'000);
  CHECK(said_until(model, 9'260'000) == "1.0 kg\r\n");
}

TEST_CASE("a device file answers, and speaks from the start or from its first answer on") {
  const File file("device.toml", R"(
[[say]]
times = 1
every_ms = 500
text = "boot\r\n"
[[answer]]
to = "start:"
text = "started\r\n"
[[say]]
every_ms = 100
text = "{us}\r\n"
)");
  const auto made = make_model(*parse_wish("lines:file=" + file.path.string()), 1);
  REQUIRE(made);
  SerialModel& model = *made->serial;
  model.opened(0);
  CHECK(said_until(model, 2'000'000) == "boot\r\n");
  write(model, "sta", 2'000'000);  // a command may come in pieces
  CHECK(said_until(model, 2'100'000).empty());
  write(model, "rt:", 2'100'000);
  CHECK(said_until(model, 2'310'000) == "started\r\n0\r\n100000\r\n");
}

TEST_CASE("a wish for a device of lines that cannot be is refused with what would be right") {
  const File empty("lines.txt", "\n\n");
  for (const std::string& wish :
       {std::string("lines"), "lines:file=" + empty.path.string(), std::string("lines:file=/nonexistent/x.txt"),
        "lines:vendor=xyz:file=" + empty.path.string(), "lines:every=0:file=" + empty.path.string()}) {
    const auto made = make_model(*parse_wish(wish), 1);
    REQUIRE_FALSE(made);
    CHECK(made.error().text().find("lines") != std::string::npos);
  }
}
