#pragma once
#include <string>

namespace troupe::test {

/// A fresh self-signed certificate and its key, as PEM.
struct certificate {
  std::string chain;
  std::string key;
};

/// For the DNS name `host`, valid for an hour.
/// Errors:  throws std::runtime_error when OpenSSL refuses.
certificate make_certificate(const std::string& host);

} // namespace troupe::test
