/// The system's OpenSSL, and the macros of its that Swift can't import.
#ifndef CINTERHUMAN_OPENSSL_SHIM_H
#define CINTERHUMAN_OPENSSL_SHIM_H

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

static inline int ihSSLContextSetMinimumVersion(SSL_CTX *context, int version) {
    return (int)SSL_CTX_set_min_proto_version(context, version);
}

static inline void ihSSLContextSetMode(SSL_CTX *context, long mode) {
    (void)SSL_CTX_set_mode(context, mode);
}

static inline void ihSSLContextSetReadAhead(SSL_CTX *context, int on) {
    (void)SSL_CTX_set_read_ahead(context, on);
}

static inline void ihSSLContextSetSessionCacheMode(SSL_CTX *context, long mode) {
    (void)SSL_CTX_set_session_cache_mode(context, mode);
}

/// Takes over `certificate` when it returns 1.
static inline int ihSSLContextAddChainCertificate(SSL_CTX *context, X509 *certificate) {
    return (int)SSL_CTX_add0_chain_cert(context, certificate);
}

static inline int ihSSLSetServerName(SSL *ssl, const char *name) {
    return (int)SSL_set_tlsext_host_name(ssl, name);
}

static inline void ihSSLSetOwner(SSL *ssl, void *owner) {
    (void)SSL_set_app_data(ssl, owner);
}

static inline void *ihSSLOwner(const SSL *ssl) {
    return SSL_get_app_data(ssl);
}

static inline void ihBIOSetRetryRead(BIO *bio) {
    BIO_set_retry_read(bio);
}

static inline void ihBIOClearRetry(BIO *bio) {
    BIO_clear_retry_flags(bio);
}

static inline int ihBIOTypeSourceSink(void) {
    return BIO_TYPE_SOURCE_SINK;
}

static inline unsigned long ihNameFlags(void) {
    return XN_FLAG_ONELINE & ~(unsigned long)ASN1_STRFLGS_ESC_MSB;
}

static inline uint64_t ihNoRenegotiation(void) {
    return SSL_OP_NO_RENEGOTIATION;
}

static inline int ihGeneralNameCount(const GENERAL_NAMES *names) {
    return sk_GENERAL_NAME_num(names);
}

static inline GENERAL_NAME *ihGeneralName(const GENERAL_NAMES *names, int index) {
    return sk_GENERAL_NAME_value(names, index);
}

static inline int ihCertificateCount(const STACK_OF(X509) *certificates) {
    return sk_X509_num(certificates);
}

static inline X509 *ihCertificate(const STACK_OF(X509) *certificates, int index) {
    return sk_X509_value(certificates, index);
}

#endif
