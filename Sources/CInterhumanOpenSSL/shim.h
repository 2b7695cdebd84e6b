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

#endif
