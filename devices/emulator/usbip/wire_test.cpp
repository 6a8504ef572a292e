#include <algorithm>

#include "emulator/random.hpp"
#include "emulator/scale_model.hpp"
#include "support/catch.hpp"
#include "usbip/client.hpp"
#include "usbip/wire.hpp"

using namespace patella::emulator;
using namespace patella::emulator::usbip;

namespace {

Submit write_of(Bytes data) { return {7, 0x10002, false, 2, static_cast<uint32_t>(data.size()), 0, {}, std::move(data)}; }

Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

}  // namespace

TEST_CASE("the list of devices is laid out as the kernel's document says") {
  const ScaleModel scale{ScaleModel::Options{}};
  const std::vector<Exported> devices = {{"1-1", 1, 2, &scale.descriptors()}, {"1-2", 1, 3, &scale.descriptors()}};
  const Bytes reply = list_reply(devices);
  REQUIRE(reply.size() == 12 + 2 * (312 + 4));
  CHECK(Bytes(reply.begin(), reply.begin() + 12) == Bytes{1, 0x11, 0, 5, 0, 0, 0, 0, 0, 0, 0, 2});
  const auto at = [&](std::size_t from, std::size_t count) {
    return Bytes(reply.begin() + static_cast<std::ptrdiff_t>(from), reply.begin() + static_cast<std::ptrdiff_t>(from + count));
  };
  CHECK(at(12 + 256, 4) == Bytes{'1', '-', '1', 0});
  CHECK(at(12 + 288, 12) == Bytes{0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2});  // bus, device, full speed
  CHECK(at(12 + 300, 6) == Bytes{0x09, 0x22, 0x80, 0x03, 0x01, 0x00});   // vendor, product, release
  CHECK(at(12 + 306, 6) == Bytes{0, 0, 0, 1, 1, 1});                     // class, configuration, interfaces
  CHECK(at(12 + 312, 4) == Bytes{3, 0, 0, 0});                           // its interface: HID
  CHECK(at(12 + 316 + 256, 4) == Bytes{'1', '-', '2', 0});
  CHECK(list_reply({}).size() == 12);
}

TEST_CASE("an import is answered with the device, or with a reason alone") {
  const ScaleModel scale{ScaleModel::Options{}};
  const Exported device{"1-1", 1, 2, &scale.descriptors()};
  CHECK(import_reply(OpStatus::ok, &device).size() == 8 + 312);
  CHECK(import_reply(OpStatus::busy, nullptr) == Bytes{1, 0x11, 0, 3, 0, 0, 0, 2});
  CHECK(device_id(device) == 0x10002);
}

TEST_CASE("requests come out whole, wherever the stream was cut") {
  Bytes stream = operation_request(0x8003, "1-7");
  for (const Bytes& one : {submit_request(write_of(bytes_of("hello"))), unlink_request(8, 7)})
    stream.insert(stream.end(), one.begin(), one.end());
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    Decoder decoder;
    std::optional<Operation> operation;
    std::vector<Command> commands;
    const auto look = [&] {
      if (!operation) operation = decoder.next_operation();
      while (operation) {
        auto command = decoder.next_command();
        if (!command) break;
        commands.push_back(std::move(*command));
      }
    };
    decoder.add(std::span(stream).first(cut));
    look();
    decoder.add(std::span(stream).subspan(cut));
    look();
    REQUIRE(decoder.broken().empty());
    REQUIRE(operation);
    CHECK(std::get<ImportRequest>(*operation).bus_id == "1-7");
    REQUIRE(commands.size() == 2);
    CHECK(std::get<Submit>(commands[0]).out == bytes_of("hello"));
    CHECK(std::get<Submit>(commands[0]).sequence == 7);
    CHECK(std::get<Unlink>(commands[1]).target == 7);
    CHECK(decoder.buffered() == 0);
  }
}

TEST_CASE("what cannot be ends the stream, with the reason") {
  const auto why = [](Bytes bytes, bool operation) {
    Decoder decoder;
    decoder.add(bytes);
    const bool came = operation ? decoder.next_operation().has_value() : decoder.next_command().has_value();
    CHECK_FALSE(came);
    return decoder.broken();
  };
  Bytes old = operation_request(0x8005);
  old[1] = 0x06;
  CHECK(why(old, true).find("another version") != std::string::npos);
  CHECK(why(operation_request(0x8002), true).find("neither list nor import") != std::string::npos);
  Bytes unknown = unlink_request(1, 2);
  unknown[3] = 9;
  CHECK(why(unknown, false).find("neither submit nor unlink") != std::string::npos);
  Submit huge = write_of({});
  huge.length = kMaxTransferBytes + 1;
  CHECK(why(submit_request(huge), false).find("impossible") != std::string::npos);
  Submit elsewhere = write_of({});
  elsewhere.endpoint = 16;
  CHECK(why(submit_request(elsewhere), false).find("impossible") != std::string::npos);
}

TEST_CASE("the packets of an isochronous transfer are skipped, so that the next command is found") {
  Submit iso = write_of({1, 2, 3});
  iso.iso_packets = 2;
  Bytes stream = submit_request(iso);
  const Bytes next = unlink_request(9, 7);
  stream.insert(stream.end(), next.begin(), next.end());
  Decoder decoder;
  decoder.add(stream);
  const auto first = decoder.next_command(), second = decoder.next_command();
  REQUIRE(second);
  CHECK(std::get<Submit>(*first).iso_packets == 2);
  CHECK(std::get<Unlink>(*second).sequence == 9);
}

TEST_CASE("random bytes never make more of themselves") {
  Random random(5);
  const Bytes good = submit_request(write_of(bytes_of("0123456789")));
  for (int round = 0; round < 20'000; ++round) {
    Bytes bytes = good;
    for (uint64_t n = random.next() % 4; n > 0; --n) bytes[random.next() % bytes.size()] = random.byte();
    if (round % 2) std::generate(bytes.begin(), bytes.end(), [&] { return random.byte(); });
    Decoder decoder;
    decoder.add(bytes);
    std::size_t got = 0;
    if (round % 4 == 3) static_cast<void>(decoder.next_operation());
    while (const auto command = decoder.next_command())
      got += kCommandBytes + (std::holds_alternative<Submit>(*command) ? std::get<Submit>(*command).out.size() : 0);
    REQUIRE(got + decoder.buffered() <= bytes.size());
  }
}
