#include "persist/account.hpp"

#include "persist/account_file.hpp"
#include "persist/directory.hpp"
#include "persist/thumbprint.hpp"
#include "sandbox/temporary_folder.hpp"
#include "support/test_ca.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>

BOOST_AUTO_TEST_SUITE(persist_account)

using namespace acme_dns01;
using namespace acme_dns01::persist;
using acme_dns01::test::write_file;
using boost::test_tools::per_element;

namespace {

using texts = std::vector<std::string>;

// RFC 7638 3.1.
std::string const modulus = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7"
                            "aPFFxuhDR1L6tSoc_BJECPebWKR"
                            "XjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-"
                            "65YGjQR0_FDW2QvzqY368QQMicA"
                            "taSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-"
                            "bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3"
                            "XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
std::string const rsa_thumbprint = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";

account const example{
    "https://ca.example/acct/123", rsa_thumbprint, "https://ca.example/account-hash/", form::hash};

dns::name name_of(std::string_view text) { return dns::name::parse(text).value(); }

std::string directory_with(std::string const& meta) {
    return R"({"newOrder":"https://ca/order","meta":{)" + meta + "}}";
}

} // namespace

BOOST_AUTO_TEST_CASE(the_hash_is_that_of_the_draft) {
    BOOST_TEST(
        account_hash("example.com", example) == "5SQm7n6tPh2-PlLbCKGnViTXX5z19SCN4cPGQHSk-kw"
    );
    BOOST_TEST(account_hash("*", example) == "NpDnSwUthQK8zCgFdefYxAdAVPnygMLbs9US6oO-5ug");
    BOOST_TEST(
        hashed_uri("example.com", example) ==
        "https://ca.example/account-hash/sha-256/5SQm7n6tPh2-PlLbCKGnViTXX5z19SCN4cPGQHSk-kw"
    );
}

BOOST_AUTO_TEST_CASE(a_ca_takes_one_form_and_both_hashes) {
    std::string const prefix = "https://ca.example/account-hash/sha-256/";
    texts const hashes{
        prefix + "5SQm7n6tPh2-PlLbCKGnViTXX5z19SCN4cPGQHSk-kw",
        prefix + "NpDnSwUthQK8zCgFdefYxAdAVPnygMLbs9US6oO-5ug"};
    BOOST_TEST(uris_taken(example, name_of("example.com")) == hashes, per_element());
    texts const all{example.uri, hashes[0], hashes[1]};
    BOOST_TEST(uris_of(example, name_of("example.com")) == all, per_element());
    account const plain{example.uri};
    BOOST_TEST(uris_taken(plain, name_of("example.com")) == texts{example.uri}, per_element());
    BOOST_TEST(uris_of(plain, name_of("example.com")) == texts{example.uri}, per_element());
    BOOST_TEST(has_form(hashes[1], example));
    BOOST_TEST(has_form("anything", plain));
    for (auto const& other : {example.uri, prefix, prefix + "short", "x" + hashes[0]})
        BOOST_TEST(!has_form(other, example), other);
}

BOOST_AUTO_TEST_CASE(the_thumbprint_is_that_of_rfc_7638) {
    auto const jwk = R"({"kty":"RSA","n":")" + modulus + R"(","e":"AQAB","alg":"RS256"})";
    BOOST_TEST(thumbprint_in(jwk).value() == rsa_thumbprint);
    BOOST_TEST(thumbprint_in(R"({"status":"valid","key":)" + jwk + "}").value() == rsa_thumbprint);
    // RFC 8037 A.3.
    auto const okp = R"({"kty":"OKP","crv":"Ed25519",)"
                     R"("x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";
    BOOST_TEST(thumbprint_in(okp).value() == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

// Made by OpenSSL; the thumbprints were computed by Python's cryptography.
BOOST_AUTO_TEST_CASE(a_key_in_pem_has_the_thumbprint_of_its_jwk) {
    struct {
        std::string pem;
        std::string thumbprint;
    } const keys[]{
        {"-----BEGIN EC PARAMETERS-----\n"
         "BggqhkjOPQMBBw==\n"
         "-----END EC PARAMETERS-----\n"
         "-----BEGIN EC PRIVATE KEY-----\n"
         "MHcCAQEEIEWcoMm7CuEqLMdo1DDW5OlR/LnEDqHmsmw8i+k4CIlPoAoGCCqGSM49\n"
         "AwEHoUQDQgAEAE4krQ4SY5ts0mRQUsmk6vZMe5tL3DhYlfwQQyMmND2zKR2FFMcn\n"
         "u4jIjNg0tGWld8GBoIu8YOgED3rhfKeQAw==\n"
         "-----END EC PRIVATE KEY-----\n",
         "a6ag3kqXJM1MYnUNBINrZGvvFNFkutMkgfddsE731vQ"},
        {"-----BEGIN PRIVATE KEY-----\n"
         "MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDDhwRXzPwPuvF2rK2tN\n"
         "H0XfMaTjG0e440lZBjjjhck3LHjOb6dimX/jO5jrm8i4aRahZANiAASXjUoolam1\n"
         "Zqrd6vZvSjwZae4Bg1rnWpf5La2DlHHsj9mRhx+/x2nJ21kFRxK+pCLXxtgpBl9X\n"
         "qb2hlOiiccDCmu+TNuqmuQHlFQGa34RBVa91sVDDPJqjbu5g6cqw6/k=\n"
         "-----END PRIVATE KEY-----\n",
         "eQ_bHchx4pOqekjCChuSG5MF4-H_NLnhbayb9rKX1J4"},
        {"-----BEGIN PUBLIC KEY-----\n"
         "MIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQBzMbDL0xX8YO4nVEd9LSjOcNn3DLQ\n"
         "feugn/MV6VfTP+5teVQ6CY1Ap1Famff1ipb8spFpz+L13oA33s0j2qoj+osAbJ8f\n"
         "t/tfQZAd4BApNazV1ryFatCoB0Bjjs3jO/FU82psImRayOzPDxw1lwzCLpBZDTNQ\n"
         "3rhwfhQPwQFVvFr5A+M=\n"
         "-----END PUBLIC KEY-----\n",
         "ZF4e77QNkRega6KQW9xwnlCZxHh8xvI-MSdrGJGIzIw"},
        {"-----BEGIN PRIVATE KEY-----\n"
         "MC4CAQAwBQYDK2VwBCIEIFbwTg/UzBqzwCg8EUc4zDJcLnRQjCggNx8GX3bfyzuF\n"
         "-----END PRIVATE KEY-----\n",
         "_OCKcl-SFavEupleflTJVqayohfc94HZuXNf1VlQjB8"},
        {"-----BEGIN PUBLIC KEY-----\n"
         "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDfkqNBT64JYqVvcablhHl7iB1n\n"
         "u6mwGOS6GUot2F5h+wUhCKaElkXe4YD3FGy9eTNBwWreS/BD3WAabH3JGibvynDa\n"
         "/UUMSdd8EjI3sxCYKaHxQUAQRpfnKstg2M1fS9TxvaOEaWBN3ylD/hU+8Mp0YxAb\n"
         "bLAVlhJdWheZqWF3kwIDAQAB\n"
         "-----END PUBLIC KEY-----\n",
         "GciJyIG_s8jJmw5AbUKFOcfkAjNT903Y57aBKvKKeL4"},
    };
    for (auto const& k : keys)
        BOOST_TEST(thumbprint_in(k.pem).value() == k.thumbprint);
}

BOOST_AUTO_TEST_CASE(what_is_no_accounts_key_is_refused) {
    struct {
        std::string text;
        std::string message;
    } const rows[]{
        {"", "is neither JSON nor PEM"},
        {"[]", "is neither JSON nor PEM"},
        {"{}", "holds no public key that an ACME account can have"},
        {R"({"kty":"oct","k":"AAAA"})", "holds no public key that an ACME account can have"},
        {R"({"kty":"RSA","n":"AAAA"})", "holds an incomplete RSA key"},
        {R"({"kty":"RSA","n":"AAAA","e":"A\"B"})", "holds an incomplete RSA key"},
        {R"({"kty":"EC","crv":"P-256","x":"AAAA","y":7})", "holds an incomplete EC key"},
        {"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
         "holds no key in PEM that can be read without a password"},
    };
    for (auto const& r : rows) {
        auto const refused = thumbprint_in(r.text);
        BOOST_TEST_CONTEXT(r.text) {
            BOOST_REQUIRE(!refused);
            BOOST_TEST(refused.error().message == r.message);
            BOOST_TEST((refused.error().kind == error_kind::configuration));
        }
    }
}

BOOST_AUTO_TEST_CASE(the_account_is_found_in_each_clients_file) {
    struct {
        std::string text;
        std::string uri;
    } const rows[]{
        {R"({"body":{},"uri":"https://ca/acct/1"})", "https://ca/acct/1"},
        {"CA_KEY_HASH='x='\nACCOUNT_URL='https://ca/acct/2'\nCA_EMAIL=''\n", "https://ca/acct/2"},
        {"ACCOUNT_URL=https://ca/acct/1\nACCOUNT_URL=\"https://ca/acct/2\"", "https://ca/acct/2"},
        {R"({"url":"https://ca/acct/3"})", "https://ca/acct/3"},
        {R"({"email":"a@b.example","registration":{"body":{"status":"valid"},)"
         R"("uri":"https://ca/acct/4"}})",
         "https://ca/acct/4"},
    };
    for (auto const& r : rows)
        BOOST_TEST(account_in(r.text).value().uri == r.uri);
    auto const unknown = "is not an account file of certbot, acme.sh, dehydrated or lego";
    auto const bad = "names the account 'no URI', which is not a URI";
    BOOST_TEST(account_in("").error().message == unknown);
    BOOST_TEST(account_in("{").error().message == unknown);
    BOOST_TEST(account_in(R"({"uri":7})").error().message == unknown);
    BOOST_TEST(account_in("OTHER_URL='https://ca/1'").error().message == unknown);
    BOOST_TEST(account_in(R"({"uri":"no URI"})").error().message == bad);
    BOOST_TEST(
        account_in("").error().hint == "give certbot's regr.json, acme.sh's ca.conf, dehydrated's "
                                       "account_id.json or lego's account.json, or use "
                                       "--account-uri"
    );
}

BOOST_AUTO_TEST_CASE(the_thumbprint_is_that_of_the_key_beside_the_account) {
    sandbox::temporary_folder const scratch("acme-dns01-test");
    std::filesystem::path const folder(scratch.path());
    auto const jwk = R"({"kty":"RSA","e":"AQAB","n":")" + modulus + R"(","d":"secret"})";
    struct {
        std::string file;
        std::string text;
        std::string key_file;
        std::string key;
    } const rows[]{
        {"certbot/regr.json", R"({"uri":"https://ca/1"})", "certbot/private_key.json", jwk},
        {"acme.sh/ca.conf",
         "ACCOUNT_URL='https://ca/1'",
         "acme.sh/account.json",
         R"({"key":)" + jwk + "}"},
        {"dehydrated/account_id.json",
         R"({"url":"https://ca/1"})",
         "dehydrated/registration_info.json",
         R"({"key":)" + jwk + "}"},
        {"lego/account.json",
         R"({"email":"a@b.example","registration":{"uri":"https://ca/1"}})",
         "lego/keys/a@b.example.key",
         jwk},
    };
    for (auto const& r : rows) {
        BOOST_TEST_CONTEXT(r.file) {
            auto const file = (folder / r.file).string();
            write_file(file, r.text);
            auto const stored = read_account(file).value();
            BOOST_TEST(stored.uri == "https://ca/1");
            BOOST_TEST(!read_thumbprint(file, stored).has_value());
            write_file(folder / r.key_file, r.key);
            BOOST_TEST(read_thumbprint(file, stored).value() == rsa_thumbprint);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_used_is_named) {
    sandbox::temporary_folder const scratch("acme-dns01-test");
    std::filesystem::path const folder(scratch.path());
    auto const missing = (folder / "regr.json").string();
    BOOST_TEST(
        read_account(missing).error().message ==
        missing + " cannot be read: No such file or directory"
    );
    write_file(missing, "nothing");
    BOOST_TEST(
        read_account(missing).error().message ==
        missing + " is not an account file of certbot, acme.sh, dehydrated or lego"
    );
    auto const key = (folder / "private_key.json").string();
    stored_account const certbot{"https://ca/1", "private_key.json"};
    auto const none = read_thumbprint(missing, certbot).error();
    BOOST_TEST(none.message == key + " cannot be read: No such file or directory");
    BOOST_TEST(none.hint == "give the thumbprint of the account's key with --thumbprint");
    write_file(key, "{}");
    BOOST_TEST(
        read_thumbprint(missing, certbot).error().message ==
        key + " holds no public key that an ACME account can have"
    );
    // A mail address does not lead to another folder.
    auto const mail = R"({"email":"../../x","registration":{"uri":"https://ca/1"}})";
    BOOST_TEST(
        read_thumbprint(missing, account_in(mail).value()).error().message ==
        "there is no key beside " + missing
    );
}

BOOST_AUTO_TEST_CASE(a_directory_says_which_form_its_ca_takes) {
    auto const both =
        directory_with(R"("caaIdentities":["ca.example"],"issuerDomainNames":["ca.example"],)"
                       R"("accountHashPrefix":"https://ca.example/account-hash/")");
    directory_meta const expected{
        {"ca.example"}, {"ca.example"}, "https://ca.example/account-hash/"};
    BOOST_TEST((meta_in(both).value() == expected));
    BOOST_TEST((meta_in(R"({"newOrder":"x"})").value() == directory_meta{}));
    auto const no_caa = meta_in(directory_with(R"("issuerDomainNames":["a.example","b.example"])"));
    BOOST_TEST(no_caa.value().issuer_names.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_directory_that_breaks_the_drafts_rules_is_refused) {
    std::string const names = "meta.issuerDomainNames ";
    std::string many = R"("a.example")";
    for (int i = 0; i < 10; ++i)
        many += R"(,"a.example")";
    struct {
        std::string meta;
        std::string message;
    } const rows[]{
        {R"("issuerDomainNames":[])", names + "is not a list of one to ten names"},
        {R"("issuerDomainNames":[)" + many + "]", names + "is not a list of one to ten names"},
        {R"("issuerDomainNames":"a.example")", names + "is not a list of one to ten names"},
        {R"("issuerDomainNames":[7])", names + "is not a list of one to ten names"},
        {R"("issuerDomainNames":["A.example"])",
         names + "has 'A.example', which is not a domain name in lower case"},
        {R"("issuerDomainNames":["a.example."])",
         names + "has 'a.example.', which is not a domain name in lower case"},
        {R"("issuerDomainNames":["a b"])",
         names + "has 'a b', which is not a domain name in lower case"},
        {R"("caaIdentities":["b.example"],"issuerDomainNames":["a.example"])",
         names + "has 'a.example', which is not in meta.caaIdentities"},
        {R"("accountHashPrefix":7)", "meta.accountHashPrefix is not the beginning of a URI"},
        {R"("accountHashPrefix":"")", "meta.accountHashPrefix is not the beginning of a URI"},
        {R"("accountHashPrefix":"https://ca/; x")",
         "meta.accountHashPrefix is not the beginning of a URI"},
        {R"("accountHashPrefix":"https://)" + std::string(300, 'a') + R"(/")",
         "meta.accountHashPrefix is not the beginning of a URI"},
    };
    for (auto const& r : rows) {
        auto const refused = meta_in(directory_with(r.meta));
        BOOST_TEST_CONTEXT(r.meta) {
            BOOST_REQUIRE(!refused);
            BOOST_TEST(refused.error().message == r.message);
            BOOST_TEST((refused.error().kind == error_kind::bad_answer));
            BOOST_TEST(
                refused.error().hint ==
                "name the CA with --issuer and the form of the record with --form"
            );
        }
    }
    BOOST_TEST(meta_in("<html>").error().message == "the answer is not an ACME directory");
}

BOOST_AUTO_TEST_CASE(a_file_that_another_user_could_change_is_refused) {
    sandbox::temporary_folder const scratch("acme-dns01-test");
    auto const file = (scratch.path() / "regr.json").string();
    auto const key = (scratch.path() / "private_key.json").string();
    for (auto const& one : {file, key}) {
        write_file(one, R"({"uri":"https://ca/1"})");
        std::filesystem::permissions(one, std::filesystem::perms(0666));
    }
    auto const refused = read_account(file).error();
    BOOST_TEST(
        refused.message ==
        "the account file " + file + " is not safe: other users may write to " + file
    );
    BOOST_TEST(refused.hint == "give the account's URI with --account-uri");
    BOOST_TEST(
        read_thumbprint(file, {"https://ca/1", "private_key.json"}).error().message ==
        "the account's key " + key + " is not safe: other users may write to " + key
    );
}

BOOST_AUTO_TEST_SUITE_END()
