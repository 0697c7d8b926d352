#include "tests/support/certificate.hpp"

#include <memory>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdexcept>

namespace troupe::test {
namespace {

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};

using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, freed_by<X509_free>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, freed_by<X509_EXTENSION_free>>;
using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free>>;

void require(bool done) {
  if (!done)
    throw std::runtime_error{"OpenSSL cannot make a certificate for the test."};
}

key_ptr make_key() {
  key_ptr key{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")};
  require(key != nullptr);
  return key;
}

void add_extension(X509& to, int kind, const std::string& value) {
  const extension_ptr extension{X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str())};
  require(extension && X509_add_ext(&to, extension.get(), -1) == 1);
}

template <class Write>
std::string to_pem(Write write) {
  const bio_ptr out{BIO_new(BIO_s_mem())};
  require(out && write(out.get()) == 1);
  std::string text(BIO_ctrl_pending(out.get()), '\0');
  require(BIO_read(out.get(), text.data(), static_cast<int>(text.size())) > 0);
  return text;
}

} // namespace

certificate make_certificate(const std::string& host) {
  constexpr long one_hour = 3'600;
  const auto key = make_key();
  const certificate_ptr made{X509_new()};
  require(made != nullptr);
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -one_hour);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), one_hour);
  X509_set_pubkey(made.get(), key.get());
  auto* name = X509_get_subject_name(made.get());
  require(X509_NAME_add_entry_by_txt(name, "O", MBSTRING_ASC,
                                     reinterpret_cast<const unsigned char*>("Test"), -1, -1, 0)
          == 1);
  X509_set_issuer_name(made.get(), name);
  add_extension(*made, NID_subject_alt_name, "DNS:" + host);
  require(X509_sign(made.get(), key.get(), EVP_sha256()) > 0);
  return {to_pem([&](BIO* out) { return PEM_write_bio_X509(out, made.get()); }),
          to_pem([&](BIO* out) {
            return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
          })};
}

} // namespace troupe::test
