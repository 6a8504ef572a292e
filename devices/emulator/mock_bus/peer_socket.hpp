// The socket on which umockdev hears one program that has a node open. umockdev keeps it to itself, and does
// not always notice when the program is killed in the middle of a request; polling the socket shows every end
// at once.
#pragma once

#include <string>
#include <vector>

#include "base/unique_fd.hpp"

namespace patella::emulator {

/// A duplicate of this process's end of the newest connection to the node, the `known` ones left out. Empty
/// when there is none: the program has hung up already. To be called when umockdev has just accepted the program.
UniqueFd find_peer_socket(const std::string& root, const std::string& node, const std::vector<int>& known);

/// The program has closed the node, or has ended.
bool has_hung_up(int socket_fd);

}  // namespace patella::emulator
