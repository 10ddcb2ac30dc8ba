#include "digitalocean/token.hpp"

#include "sandbox/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <linux/magic.h>
#include <map>
#include <sys/statfs.h>
#include <unistd.h>

using namespace acme_dns01;
using namespace acme_dns01::digitalocean;
using sandbox::write_private_file;

namespace {

constexpr auto where_tokens_go = "put a token with the scopes domain:read, domain:create and "
                                 "domain:delete into a file that only you may read, and name it "
                                 "with --token-file";

std::string paste_into(std::string const& path) {
    return "run `install -m 600 /dev/stdin " + path +
           "`, and paste a token with the scopes domain:read, domain:create and domain:delete";
}

using variables = std::map<std::string, std::string>;

struct folder {
    sandbox::temporary_folder temporary{"acme-dns01-token"};

    std::string path(std::string const& name) const { return (temporary.path() / name).string(); }
    std::string
    file(std::string const& name, std::string_view content, unsigned mode = 0600) const {
        write_private_file(path(name), content);
        std::filesystem::permissions(path(name), static_cast<std::filesystem::perms>(mode));
        return path(name);
    }
};

std::string text_of(result<token> const& found) {
    return found ? std::string(found->text.reveal()) : "error: " + found.error().text();
}

std::string text_in(std::string_view text) {
    auto const found = token_in(text, "the file");
    return found ? std::string(found->reveal()) : "error: " + found.error().text();
}

void check_refused(
    result<token> const& found, std::string const& message, std::string const& hint
) {
    BOOST_REQUIRE(!found);
    BOOST_TEST(to_string(found.error().kind) == "configuration");
    BOOST_TEST(found.error().message == message);
    BOOST_TEST(found.error().hint == hint);
}

result<token> from_file(std::string const& path) { return find_token(path, environment()); }

} // namespace

BOOST_AUTO_TEST_SUITE(digitalocean_token)

BOOST_AUTO_TEST_CASE(the_first_source_that_is_there_wins) {
    folder const f;
    f.file("digitalocean-token", "systemd");
    variables all{
        {"CREDENTIALS_DIRECTORY", f.temporary.path().string()},
        {"DIGITALOCEAN_TOKEN", "plain"},
        {"DIGITALOCEAN_ACCESS_TOKEN", "doctl"},
        {"DO_AUTH_TOKEN", "lego"},
        {"DO_AUTH_TOKEN_FILE", f.file("lego", "lego-file")},
        {"DO_API_KEY", "acme.sh"},
    };
    auto const option = f.file("option", "option\n");
    auto const by_option = find_token(option, environment(all));
    BOOST_TEST(text_of(by_option) == "option");
    BOOST_TEST(by_option->source == option);
    struct {
        std::string variable;
        std::string text;
        std::string source;
    } const cases[] = {
        {"CREDENTIALS_DIRECTORY", "systemd", f.path("digitalocean-token")},
        {"DIGITALOCEAN_TOKEN", "plain", "DIGITALOCEAN_TOKEN"},
        {"DIGITALOCEAN_ACCESS_TOKEN", "doctl", "DIGITALOCEAN_ACCESS_TOKEN"},
        {"DO_AUTH_TOKEN", "lego", "DO_AUTH_TOKEN"},
        {"DO_AUTH_TOKEN_FILE", "lego-file", f.path("lego")},
        {"DO_API_KEY", "acme.sh", "DO_API_KEY"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.variable) {
            auto const found = find_token("", environment(all), "/nowhere/configured");
            BOOST_TEST(text_of(found) == c.text);
            BOOST_TEST(found->source == c.source);
        }
        all.erase(c.variable);
    }
    auto const configured = find_token("", environment(all), f.path("lego"));
    BOOST_TEST(text_of(configured) == "lego-file");
    check_refused(
        find_token("", environment(all)), "there is no DigitalOcean token", where_tokens_go
    );
}

BOOST_AUTO_TEST_CASE(an_empty_variable_counts_as_unset) {
    variables const some{
        {"CREDENTIALS_DIRECTORY", ""},
        {"DIGITALOCEAN_TOKEN", ""},
        {"DO_AUTH_TOKEN_FILE", ""},
        {"DO_API_KEY", "acme.sh"},
    };
    BOOST_TEST(text_of(find_token("", environment(some))) == "acme.sh");
}

BOOST_AUTO_TEST_CASE(a_credentials_directory_without_our_credential_is_skipped) {
    folder const f;
    variables const some{
        {"CREDENTIALS_DIRECTORY", f.temporary.path().string()}, {"DIGITALOCEAN_TOKEN", "plain"}};
    BOOST_TEST(text_of(find_token("", environment(some))) == "plain");
}

BOOST_AUTO_TEST_CASE(an_unreadable_credential_is_named_if_no_other_token_exists) {
    folder const f;
    auto const loop = f.path("loop");
    std::filesystem::create_symlink(loop, loop);
    variables some{{"CREDENTIALS_DIRECTORY", loop}};
    check_refused(
        find_token("", environment(some)),
        "the token file " + loop +
            "/digitalocean-token cannot be read: Too many levels of symbolic links",
        where_tokens_go
    );
    auto const configured = find_token("", environment(some), f.file("configured", "configured"));
    BOOST_TEST(text_of(configured) == "configured");
    some.emplace("DIGITALOCEAN_TOKEN", "plain");
    BOOST_TEST(text_of(find_token("", environment(some))) == "plain");
}

// The first source that exists is used even if it is bad, so that it is clear which one counts.
BOOST_AUTO_TEST_CASE(a_bad_source_is_an_error_and_not_skipped) {
    variables const some{{"DIGITALOCEAN_TOKEN", " \n"}, {"DO_API_KEY", "good"}};
    check_refused(
        find_token("", environment(some)), "DIGITALOCEAN_TOKEN contains no token", where_tokens_go
    );
    variables const gone{{"DO_AUTH_TOKEN_FILE", "/nonexistent/token"}, {"DO_API_KEY", "good"}};
    check_refused(
        find_token("", environment(gone)),
        "the token file /nonexistent/token cannot be read: No such file or directory",
        paste_into("/nonexistent/token")
    );
}

BOOST_AUTO_TEST_CASE(a_file_that_others_may_use_is_refused) {
    folder const f;
    for (auto const mode : {0644U, 0604U, 0602U, 0666U}) {
        BOOST_TEST_CONTEXT(mode) {
            auto const path = f.file("a token", "dop_v1_abc", mode);
            check_refused(
                from_file(path),
                "the token file " + path + " is readable or writable by other users",
                "chmod 600 '" + path + "'"
            );
        }
    }
}

// As Docker mounts it.
BOOST_AUTO_TEST_CASE(a_secret_that_all_may_read_in_memory_gives_a_warning) {
    auto const path = "/dev/shm/acme-dns01-token-" + std::to_string(::getpid());
    write_private_file(path, "dop_v1_abc");
    std::filesystem::permissions(path, static_cast<std::filesystem::perms>(0444));
    struct statfs system {};
    ::statfs(path.c_str(), &system);
    auto const found = from_file(path);
    std::filesystem::remove(path);
    if (::geteuid() != 0 || system.f_type != TMPFS_MAGIC) return; // the file is not root's
    BOOST_TEST(text_of(found) == "dop_v1_abc");
    BOOST_TEST(
        found->warning == "the token file " + path + " can be read by all users of this system"
    );
}

BOOST_AUTO_TEST_CASE(a_file_of_its_owner_and_group_is_taken) {
    folder const f;
    for (auto const mode : {0600U, 0400U, 0440U, 0640U}) {
        BOOST_TEST_CONTEXT(mode) {
            auto const path = f.file("token-" + std::to_string(mode), "dop_v1_abc", mode);
            BOOST_TEST(text_of(from_file(path)) == "dop_v1_abc");
        }
    }
}

BOOST_AUTO_TEST_CASE(the_error_says_why_a_file_is_not_a_token_file) {
    folder const f;
    auto const missing = f.path("missing");
    check_refused(
        from_file(missing),
        "the token file " + missing + " cannot be read: No such file or directory",
        paste_into(missing)
    );
    auto const directory = f.temporary.path().string();
    check_refused(
        from_file(directory), "the token file " + directory + " is a directory", where_tokens_go
    );
    auto const large = f.file("large", std::string(4097, 'x'));
    check_refused(
        from_file(large), "the token file " + large + " is larger than 4096 bytes", where_tokens_go
    );
    for (std::string const content : {"", "\n", " \t\r\n", "two words", "two\nlines"}) {
        BOOST_TEST_CONTEXT(content) {
            auto const path = f.file("bad", content);
            check_refused(from_file(path), path + " contains no token", where_tokens_go);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_file_may_be_as_large_as_allowed) {
    folder const f;
    BOOST_TEST(
        text_of(from_file(f.file("token", std::string(4096, 'x')))) == std::string(4096, 'x')
    );
}

BOOST_AUTO_TEST_CASE(an_invalid_token_is_never_shown) {
    folder const f;
    auto const found = from_file(f.file("bad", "dop_v1_abc dop_v1_def"));
    BOOST_REQUIRE(!found);
    BOOST_TEST(found.error().text().find("dop_v1") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_text_holds_the_bare_token_or_certbots) {
    struct {
        std::string text;
        std::string expected;
    } const cases[] = {
        {"dop_v1_abc", "dop_v1_abc"},
        {"\t dop_v1_abc \r\n\n", "dop_v1_abc"},
        {"dns_digitalocean_token = dop_v1_abc\n", "dop_v1_abc"},
        {"dns_digitalocean_token=dop_v1_abc", "dop_v1_abc"},
        {"# DigitalOcean API credentials used by Certbot\r\n"
         "  dns_digitalocean_token\t=\tdop_v1_abc\r\n",
         "dop_v1_abc"},
        {"#dns_digitalocean_token = old\ndns_digitalocean_token = new\n", "new"},
        {"dns_digitalocean_token_old = old\ndns_digitalocean_token = new\n", "new"},
        {"dns_other = x\ndns_digitalocean_token = dop_v1_abc\n", "dop_v1_abc"},
    };
    for (auto const& c : cases) {
        BOOST_TEST_CONTEXT(c.text) { BOOST_TEST(text_in(c.text) == c.expected); }
    }
}

BOOST_AUTO_TEST_CASE(quotes_around_a_token_are_dropped) {
    BOOST_TEST(text_in("\"dop_v1_abc\"\n") == "dop_v1_abc");
    BOOST_TEST(text_in(" 'dop_v1_abc'") == "dop_v1_abc");
    std::map<std::string, std::string> const variables{{"DIGITALOCEAN_TOKEN", "'dop_v1_abc'"}};
    auto const found = find_token("", environment(variables));
    BOOST_TEST(text_of(found) == "dop_v1_abc");
}

BOOST_AUTO_TEST_CASE(a_file_of_another_systems_editor_is_read) {
    folder const f;
    auto const bare = f.file(
        "bare",
        "\xef\xbb\xbf"
        "dop_v1_abc\r\n"
    );
    BOOST_TEST(text_of(from_file(bare)) == "dop_v1_abc");
    auto const certbots = f.file(
        "ini",
        "\xef\xbb\xbf"
        "dns_digitalocean_token = 'dop_v1_abc'\r\n"
    );
    BOOST_TEST(text_of(from_file(certbots)) == "dop_v1_abc");
}

BOOST_AUTO_TEST_CASE(what_is_visibly_no_token_is_refused_before_it_is_sent) {
    for (std::string const text :
         {"DIGITALOCEAN_TOKEN=dop_v1_abc",
          "<token>",
          "a/b",
          "\"dop_v1_abc",
          "${TOKEN}",
          "{\"a\":1}"}) {
        BOOST_TEST_CONTEXT(text) {
            auto const found = find_token("", environment({{"DO_API_KEY", text}}));
            check_refused(found, "DO_API_KEY contains no token", where_tokens_go);
        }
    }
    for (std::string const text : {"/etc/acme-dns01/token", "./token", "../token", "~/token"}) {
        BOOST_TEST_CONTEXT(text) {
            check_refused(
                find_token("", environment({{"DO_AUTH_TOKEN", text}})),
                "DO_AUTH_TOKEN contains the path of a file, not a token",
                "name the file with --token-file"
            );
        }
    }
}

BOOST_AUTO_TEST_CASE(a_file_in_a_folder_that_others_may_write_to_is_refused) {
    folder const f;
    auto const inner = f.path("open");
    std::filesystem::create_directory(inner);
    auto const path = f.file("open/token", "dop_v1_abc");
    std::filesystem::permissions(inner, static_cast<std::filesystem::perms>(0777));
    check_refused(
        from_file(path),
        "the token file " + path + " is not safe: other users may write to " + inner,
        "chmod go-w " + inner
    );
}

BOOST_AUTO_TEST_CASE(a_token_contains_no_control_characters_or_blanks) {
    for (auto const& text :
         {std::string("dop\nv1"),
          std::string("dop\x1b[2J"),
          std::string("dop\x7f"),
          std::string("dop\0v1", 6),
          std::string("d\xc3\xb6p"),
          std::string("dop v1"),
          std::string("dns_digitalocean_token = a b"),
          std::string("dns_digitalocean_token =")}) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST(text_in(text) == "error: the file contains no token");
        }
    }
}

BOOST_AUTO_TEST_CASE(certbots_key_without_a_value_is_no_token) {
    BOOST_TEST(text_in("dns_digitalocean_token=") == "error: the file contains no token");
    BOOST_TEST(text_in("dns_digitalocean_token=\n") == "error: the file contains no token");
}

// Certbot reads its file with ConfigObj, which takes quotes off and knows comments behind a value.
BOOST_AUTO_TEST_CASE(certbots_file_is_read_as_certbot_reads_it) {
    BOOST_TEST(text_in("dns_digitalocean_token = \"dop_v1_abc\"\n") == "dop_v1_abc");
    BOOST_TEST(text_in("dns_digitalocean_token = 'dop_v1_abc'\n") == "dop_v1_abc");
    BOOST_TEST(text_in("dns_digitalocean_token = dop_v1_abc # ours\n") == "dop_v1_abc");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(digitalocean_fingerprint)

constexpr auto api = "https://api.digitalocean.com";

BOOST_AUTO_TEST_CASE(it_is_the_same_in_every_process) {
    BOOST_TEST(fingerprint(secret("dop_v1_abc"), api) == "47e95da4b5686446");
}

BOOST_AUTO_TEST_CASE(it_differs_by_token_and_by_api) {
    auto const one = fingerprint(secret("dop_v1_abc"), api);
    BOOST_TEST(fingerprint(secret("dop_v1_abd"), api) != one);
    BOOST_TEST(fingerprint(secret("dop_v1_abc"), "https://127.0.0.1:8443") != one);
    BOOST_TEST(fingerprint(secret("b"), "a") != fingerprint(secret(""), "ab"));
}

BOOST_AUTO_TEST_CASE(it_reveals_nothing) {
    for (auto const* text : {"a", "4", "dop_v1_abc"}) {
        BOOST_TEST_CONTEXT(text) {
            auto const shown = fingerprint(secret(text), api);
            BOOST_TEST(shown.size() == 16U);
            BOOST_TEST(shown.find_first_not_of("0123456789abcdef") == std::string::npos);
        }
    }
    BOOST_TEST(fingerprint(secret("dop_v1_abc"), api).find("dop") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
