#include "runtime/client_files.hpp"

namespace patella::runtime {

Result<session::ClientFile> ConfigClientFiles::load(store::Store&, const std::string& ref, const WallTime&) {
  for (const config::Client& client : clients_) {
    if (client.ref != ref) continue;
    session::ClientFile file;
    file.entry = {client.ref, client.name};
    return file;
  }
  return Error{"there is no client " + ref, "", "look into clients.toml"};
}

Status ConfigClientFiles::store_day_after(store::Store&, const std::string& ref, const std::string&, int) {
  return Error{"an answer of " + ref + " cannot be kept: the configuration knows no visits", "", ""};
}

}  // namespace patella::runtime
