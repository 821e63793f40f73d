#include "alert/id.hpp"

#include <array>
#include <openssl/evp.h>
#include <stdexcept>

namespace tocsin::alert {

std::string episode_id(std::string_view rule, std::string_view symbol, std::string_view subject, Time at,
                       std::uint32_t ordinal) {
    std::string text{rule};
    ((text += '\0') += symbol) += '\0';
    ((text += subject) += '\0') += std::to_string(at.nanos());
    (text += '\0') += std::to_string(ordinal);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error{"OpenSSL does not compute SHA-256 here"};
    std::string id;
    for (std::size_t i = 0; i < 16; ++i) {
        id += "0123456789abcdef"[digest[i] >> 4];
        id += "0123456789abcdef"[digest[i] & 15];
    }
    return id;
}

} // namespace tocsin::alert
